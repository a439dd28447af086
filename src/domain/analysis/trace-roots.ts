import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';

export type RootColumns = Pick<TraceTable, 'length' | 'startNs' | 'spanDurationNs' | 'subtreeEnd' | 'flags'>;

/** Rows that stand at the top, as the table orders them: roots as reported and orphans of missing parents. */
export function traceRoots(table: TraceTable): Int32Array {
  const roots: number[] = [];
  for (let row = 0; row < table.length; row = table.subtreeEnd[row]) roots.push(row);
  return Int32Array.from(roots);
}

/**
 * The root that names the trace and whose critical path is the trace's: the earliest start; of several the first by row
 * order (the longest). A root without a time, or far off the scale, only where there is no other. -1 for an empty table.
 */
export function mainRoot(table: RootColumns): number {
  let best = -1;
  for (let row = 0; row < table.length; row = table.subtreeEnd[row]) {
    if (best === -1 || precedes(table, row, best)) best = row;
  }
  return best;
}

function precedes(table: RootColumns, row: number, best: number): boolean {
  const [rowTimed, bestTimed] = [isTimed(table, row), isTimed(table, best)];
  return rowTimed === bestTimed ? table.startNs[row] < table.startNs[best] : rowTimed;
}

function isTimed(table: RootColumns, row: number): boolean {
  return (table.flags[row] & (SpanFlag.noTimestamp | SpanFlag.offScale)) === 0;
}
