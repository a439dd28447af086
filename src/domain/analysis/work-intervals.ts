import { SpanKind, type TraceTable } from '#domain/trace/trace-table.ts';
import type { Repeats } from './repeats.ts';
import type { TreeShape } from './tree-shape.ts';

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

/** The intervals of one row, or of a group of repeats, written `~group`. */
export interface WorkOf {
  readonly of: number;
  readonly intervals: Float64Array;
}

/** Rows with more children, and groups with more members, take too long to be worked out when they are drawn. */
export const MANY_PARTS = 5_000;

/** The intervals of those, of a shape without groups. Linear: each row is a child, and a member, once. */
export function largeWork({ table, entryCount }: TreeShape, repeats: Repeats): readonly WorkOf[] {
  const large: WorkOf[] = [];
  for (let row = 0; row < table.length; row++) {
    if (entryCount[row] > MANY_PARTS) large.push({ of: row, intervals: workIntervals(table, row) });
  }
  for (let group = 0; group < repeats.count; group++) {
    if (repeats.offset[group + 1] - repeats.offset[group] <= MANY_PARTS) continue;
    large.push({ of: ~group, intervals: groupIntervals(table, repeats, group) });
  }
  return large;
}
