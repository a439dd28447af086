import type { CriticalPath, PathColumns } from '#domain/analysis/critical-path.ts';
import type { Attribute, AttributeValue } from './trace-table.ts';

/** Everything about one span that is not a column. */
export interface SpanDetail {
  readonly attributes: readonly Attribute[];
  /** One entry per event of the row, in the order of `TraceTable.events`. */
  readonly events: readonly { readonly attributes: readonly Attribute[]; readonly droppedAttributes: number }[];
  /** One entry per link of the row, in the order of `TraceTable.links`. */
  readonly links: readonly {
    readonly attributes: readonly Attribute[];
    readonly traceState: string;
    readonly droppedAttributes: number;
  }[];
  /** Exact `kind` and `status.code` numbers, also where the columns say 255. */
  readonly kind: number;
  readonly statusCode: number;
}

/** One attribute as a column over all rows: `index[r]` points into `values`, -1 where the span lacks it. */
export interface AttributeColumn {
  readonly index: Int32Array;
  readonly values: readonly Attribute['value'][];
}

/** What is looked for in spans. */
export type SpanTerm =
  /** Occurs, compared without case, in a key or a scalar value of an attribute of the span, its events or its links. */
  | { readonly type: 'text'; readonly text: string }
  /** An attribute of the span itself that has exactly this scalar value, written as text. */
  | { readonly type: 'attribute'; readonly key: string; readonly value: string };

/** What of a table holds a term: per string, and per resource, 1 = yes; undefined where none does. */
export interface WordHits {
  readonly strings: Uint8Array | undefined;
  readonly resources: Uint8Array | undefined;
}

/** A scalar as it is typed; lists, maps and bytes have no equal in a text. */
export function scalarText(value: AttributeValue): string | undefined {
  return value.type === 'string' || value.type === 'bool' || value.type === 'int' || value.type === 'double'
    ? String(value.value)
    : undefined;
}

/** Loads what the columns leave out. Rows are those of the table that carries it. */
export interface SpanDetails {
  span(row: number): Promise<SpanDetail>;
  /** The span as canonical OTLP/JSON text (pretty-printed, hex ids), wrapped in its ResourceSpans. */
  rawJson(row: number): Promise<string>;
  /**
   * The whole trace as an OTLP TracesData message: the bytes of its spans as they came, in the order in which they came,
   * identical copies included, each under its resource and scope.
   */
  otlp(): Promise<Uint8Array>;
  /** A span attribute over all rows, one scan. Resource attributes are in `TraceTable.resources` already. */
  column(key: string): Promise<AttributeColumn>;
  /** Rows that hold each term: one mask per term, one byte per row, 1 = yes. One scan; not all implementations can. */
  match?(terms: readonly SpanTerm[]): Promise<readonly Uint8Array[]>;
  /**
   * What of the table's strings and resources holds each term; a text is compared without case. The keys `name` and
   * `service` are those of columns, any other that of a resource attribute. Not all implementations can.
   */
  words?(terms: readonly SpanTerm[]): Promise<readonly WordHits[]>;
  /**
   * The critical path of the main root, worked out where the columns were made; that of `columns` if they are given, which
   * are handed over. Not all implementations do.
   */
  criticalPath?(columns?: PathColumns): Promise<CriticalPath>;
  /** Frees what is held for the table; later calls reject. */
  release(): void;
}
