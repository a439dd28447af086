import { jsonRequest, type SpanJson, spanJson } from './requests.ts';

/**
 * One exchange of the OTLP/HTTP conformance table. `spans` says what must be readable
 * afterwards, by the row's own trace id; after any answer but 200 nothing may be.
 */
export interface Row {
  readonly row: number;
  readonly what: string;
  readonly encoding: 'json' | 'protobuf';
  readonly body: Uint8Array | string;
  /** Any of these passes. */
  readonly status: readonly number[];
  /** Ids of the spans that must come back after a 200; undefined where the table leaves it open. */
  readonly spans?: readonly string[];
  readonly rejectedSpans?: number;
  /** The 200 must say something to the sender. */
  readonly warns?: true;
  /** Parent that the span must have on reading, '' for none. */
  readonly parentSpanId?: string;
  /** Fields of the span as it must come back in OTLP/JSON; undefined for one that must be absent. */
  readonly back?: Readonly<Record<string, unknown>>;
  /** Value that the attribute `k` must come back with. */
  readonly value?: unknown;
}

/** All spans of a row carry this trace id, so that rows cannot answer for each other. */
export function traceIdOf(row: number, variant = 0): string {
  return `${'abc0'.repeat(6)}${row.toString(16).padStart(4, '0')}${variant.toString(16).padStart(4, '0')}`;
}

export const A = 'aaaaaaaaaaaaaaa1';
export const B = 'aaaaaaaaaaaaaaa2';

export type Variant = readonly [what: string, body: Uint8Array | string, expected?: Partial<Row>];

/** Rows of one number, each with a trace id of its own. */
export function group(
  row: number,
  encoding: Row['encoding'],
  expected: Pick<Row, 'status'> & Partial<Row>,
  make: (traceId: (variant: number) => string) => readonly Variant[],
): Row[] {
  return make(variant => traceIdOf(row, variant)).map(([what, body, own]) => ({
    row,
    what,
    encoding,
    body,
    ...expected,
    ...own,
  }));
}

export const json = (value: unknown) => JSON.stringify(value);
export const one = (traceId: string, span: Partial<SpanJson> = {}) =>
  jsonRequest([spanJson({ traceId, spanId: A, ...span })]);
