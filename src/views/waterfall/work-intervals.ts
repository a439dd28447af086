import type { Repeats } from '#domain/analysis/repeats.ts';
import { SpanKind, type TraceTable } from '#domain/trace/trace-table.ts';

/**
 * When a span worked itself: its interval minus the union of its children, as [from, to, from, to, …] in ns after the
 * base, ascending and disjoint. A span without children works all the time. Linear in the children of the row.
 */
export function workIntervals(table: TraceTable, row: number): Float64Array {
  const startNs = table.startNs[row];
  const endNs = startNs + Math.max(0, table.spanDurationNs[row]);
  let count = 0;
  for (let child = row + 1; child < table.subtreeEnd[row]; child = table.subtreeEnd[child]) count++;
  const out = new Float64Array(2 * count + 2);
  let size = 0;
  let coveredTo = startNs;
  for (let child = row + 1; child < table.subtreeEnd[row]; child = table.subtreeEnd[child]) {
    if (table.kind[row] === SpanKind.producer && table.kind[child] === SpanKind.consumer) continue;
    const from = Math.max(startNs, table.startNs[child]);
    const to = Math.min(endNs, table.startNs[child] + Math.max(0, table.spanDurationNs[child]));
    if (to <= from) continue;
    if (from > coveredTo) {
      out[size++] = coveredTo;
      out[size++] = from;
    }
    if (to > coveredTo) coveredTo = to;
  }
  if (endNs > coveredTo) {
    out[size++] = coveredTo;
    out[size++] = endNs;
  }
  return out.slice(0, size);
}

/** When at least one member of a group ran, as `workIntervals`. */
export function groupIntervals(table: TraceTable, { offset, member }: Repeats, group: number): Float64Array {
  const out = new Float64Array(2 * (offset[group + 1] - offset[group]));
  let size = 0;
  for (let i = offset[group]; i < offset[group + 1]; i++) {
    const from = table.startNs[member[i]];
    const to = from + Math.max(0, table.spanDurationNs[member[i]]);
    if (size > 0 && from < out[size - 1]) out[size - 1] = Math.max(to, out[size - 1]);
    else {
      out[size++] = from;
      out[size++] = to;
    }
  }
  return out.slice(0, size);
}

/** Index of the first interval (its start) that ends at or after `ns`, searched from interval index `from` on. */
export function firstPartFrom(intervals: Float64Array, ns: number, from = 0): number {
  let low = from >> 1;
  let high = intervals.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (intervals[2 * middle + 1] < ns) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

/** Sum of the intervals, ns. */
export function workedNs(intervals: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < intervals.length; i += 2) sum += intervals[i + 1] - intervals[i];
  return sum;
}

/** What is remembered of one row or group. */
export interface Work {
  readonly intervals: Float64Array;
  readonly sumNs: number;
}

/** More intervals than these are kept for as long as the trace: working them out again takes too long. */
const MANY = 10_000;
const MOST_KEPT = 4096;

/** Remembers the intervals of what was looked at last, so that a frame costs what is on screen. */
export class WorkCache {
  readonly #table: TraceTable;
  readonly #repeats: Repeats;
  #recent = new Map<number, Work>();
  readonly #large = new Map<number, Work>();

  constructor(table: TraceTable, repeats: Repeats) {
    this.#table = table;
    this.#repeats = repeats;
  }

  of(row: number): Work {
    return this.#known(row, () => workIntervals(this.#table, row));
  }

  ofGroup(group: number): Work {
    return this.#known(~group, () => groupIntervals(this.#table, this.#repeats, group));
  }

  #known(key: number, compute: () => Float64Array): Work {
    const known = this.#recent.get(key) ?? this.#large.get(key);
    if (known !== undefined) return known;
    const intervals = compute();
    const work = { intervals, sumNs: workedNs(intervals) };
    if (intervals.length > MANY) this.#large.set(key, work);
    else {
      if (this.#recent.size >= MOST_KEPT) this.#recent.clear();
      this.#recent.set(key, work);
    }
    return work;
  }
}
