import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

/** A span as an analysis sees it. `id` and `parent` are any text; equal text is the same span. */
export interface AnalysedSpan {
  readonly id: string;
  readonly parent?: string;
  /** ns after the start of the test's world, which is not a special moment. */
  readonly from: number;
  readonly to: number;
  readonly service?: string;
  /** The id if left out. */
  readonly name?: string;
  readonly kind?: number;
  readonly status?: number;
}

/** Moment 0 of the test worlds: a time of day in 2026, far beyond 2^53 ns. */
const WORLD_UNIX_NANO = 1_789_647_127_318_204_511n;

/** The table of some spans in this order of arrival, all of them shifted by `shiftNs`. */
export function tableOf(spans: readonly AnalysedSpan[], shiftNs = 0n): TraceTable {
  const zero = WORLD_UNIX_NANO + shiftNs;
  return tableOfSpans(
    spans.map(({ id, parent, from, to, service, name = id, kind = 0, status = 0 }) => ({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: hexId(id),
      parentSpanId: parent === undefined ? '' : hexId(parent),
      name,
      kind,
      startUnixNano: zero + BigInt(from),
      endUnixNano: zero + BigInt(to),
      statusCode: status,
      resource: {
        attributes:
          service === undefined ? [] : [{ key: 'service.name', value: { type: 'string' as const, value: service } }],
      },
    })),
  );
}

/** Row of the span that was given this id. */
export function rowOf(table: TraceTable, id: string): number {
  return table.spanId.indexOf(BigInt(`0x${hexId(id)}`));
}

/** FNV-1a of the text: any text is an id, and ids of the tests do not sort by themselves. */
function hexId(id: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < id.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(id.charCodeAt(i))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
