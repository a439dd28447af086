import { SpanKind, type TraceTable } from '#domain/trace/trace-table.ts';

/**
 * When a span worked itself: its interval minus the union of its children, as [from, to, from, to, …] in ns after the
 * base, ascending and disjoint. A span without children works all the time. Linear in the children of the row.
 */
export function workIntervals(table: TraceTable, row: number): Float64Array {
  const startNs = table.startNs[row];
  const endNs = startNs + Math.max(0, table.spanDurationNs[row]);
  const out: number[] = [];
  let coveredTo = startNs;
  for (let child = row + 1; child < table.subtreeEnd[row]; child = table.subtreeEnd[child]) {
    if (table.kind[row] === SpanKind.producer && table.kind[child] === SpanKind.consumer) continue;
    const from = Math.max(startNs, table.startNs[child]);
    const to = Math.min(endNs, table.startNs[child] + Math.max(0, table.spanDurationNs[child]));
    if (to <= from) continue;
    if (from > coveredTo) out.push(coveredTo, from);
    if (to > coveredTo) coveredTo = to;
  }
  if (endNs > coveredTo) out.push(coveredTo, endNs);
  return Float64Array.from(out);
}

/** Sum of the intervals, ns. */
export function workedNs(intervals: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < intervals.length; i += 2) sum += intervals[i + 1] - intervals[i];
  return sum;
}

/** Remembers the intervals of the rows that were looked at last, so that a frame costs what is on screen. */
export class WorkCache {
  readonly #table: TraceTable;
  #intervals = new Map<number, Float64Array>();

  constructor(table: TraceTable) {
    this.#table = table;
  }

  of(row: number): Float64Array {
    let found = this.#intervals.get(row);
    if (found === undefined) {
      if (this.#intervals.size > 4096) this.#intervals.clear();
      found = workIntervals(this.#table, row);
      this.#intervals.set(row, found);
    }
    return found;
  }
}
