import type { TraceTable } from './trace-table.ts';

/** How often a span was received: 1, or more where identical copies of it were dropped. */
export function timesReceived({ copies }: TraceTable, row: number): number {
  let low = 0;
  let high = copies.row.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (copies.row[middle] < row) low = middle + 1;
    else high = middle;
  }
  return copies.row[low] === row ? copies.received[low] : 1;
}
