import type { TraceId } from '#domain/ids.ts';
import { assembleTable } from '#domain/trace/assemble-table.ts';
import { SpanColumns, setPair } from '#domain/trace/span-columns.ts';
import type { SpanDetails } from '#domain/trace/span-details.ts';
import { stringTable } from '#domain/trace/string-table.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

/** A span as an analysis sees it. `id` and `parent` are any text; equal text is the same span. */
export interface PlainSpan {
  readonly id: string;
  readonly parent?: string;
  /** ns after the start of the test's world, which is not a special moment. */
  readonly from: number;
  readonly to: number;
  readonly service?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly status?: number;
}

/** Moment 0 of the test worlds: a time of day in 2026, far beyond 2^53 ns. */
export const WORLD_UNIX_NANO = 1_789_647_127_318_204_511n;

/** The table of some spans in this order of arrival, shifted by `shiftNs`. It carries no attributes. */
export function tableOf(spans: readonly PlainSpan[], shiftNs = 0n): TraceTable {
  const columns = new SpanColumns();
  const strings = new Indexed(['']);
  const services = new Indexed([]);
  for (const span of spans) {
    const i = columns.add();
    setPair(columns.spanId, i, idOf(span.id));
    setPair(columns.parentSpanId, i, span.parent === undefined ? 0n : idOf(span.parent));
    setPair(columns.start, i, WORLD_UNIX_NANO + shiftNs + BigInt(span.from));
    setPair(columns.end, i, WORLD_UNIX_NANO + shiftNs + BigInt(span.to));
    columns.name[i] = strings.index(span.name ?? span.id);
    columns.resource[i] = span.service === undefined ? -1 : services.index(span.service);
    columns.kind[i] = span.kind ?? 0;
    columns.status[i] = span.status ?? 0;
    columns.from[i] = i;
  }
  return assembleTable({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736' as TraceId,
    spans: columns,
    strings: stringTable(strings.values),
    resources: services.values.map(serviceName => ({
      serviceName,
      schemaUrl: '',
      attributes: [],
      droppedAttributes: 0,
    })),
    scopes: [],
    compareContent: (a, b) => columns.name[a] - columns.name[b],
    detailsOf: () => noDetails,
  });
}

/** Row of the span that was given this id. */
export function rowOf(table: TraceTable, id: string): number {
  return table.spanId.indexOf(idOf(id));
}

/** FNV-1a of the text: any text is an id, and ids of the tests do not sort by themselves. */
function idOf(id: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < id.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(id.charCodeAt(i))) * 0x100000001b3n);
  }
  return hash;
}

class Indexed {
  readonly values: string[];
  readonly #indexes = new Map<string, number>();

  constructor(initial: readonly string[]) {
    this.values = [...initial];
    for (const [i, value] of initial.entries()) this.#indexes.set(value, i);
  }

  index(value: string): number {
    let index = this.#indexes.get(value);
    if (index === undefined) {
      index = this.values.push(value) - 1;
      this.#indexes.set(value, index);
    }
    return index;
  }
}

const absent = () => Promise.reject(new Error('a test table has no attributes'));
const noDetails: SpanDetails = { span: absent, rawJson: absent, column: absent, release: () => undefined };
