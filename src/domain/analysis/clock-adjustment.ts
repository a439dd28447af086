import type { TraceTable } from '#domain/trace/trace-table.ts';

/** What an adjusted table was made of. */
export interface ClockAdjustment {
  /** The table with the times as they came. */
  readonly received: TraceTable;
  /** Per row: by how much its times were moved, ns; negative towards earlier. */
  readonly movedNs: Float64Array;
  /** How many rows were moved, and the smallest and largest of those moves, ns. */
  readonly count: number;
  readonly leastNs: number;
  readonly mostNs: number;
}

const adjustments = new WeakMap<TraceTable, ClockAdjustment>();

/** Undefined for a table whose times are as they came. */
export function adjustmentOf(table: TraceTable): ClockAdjustment | undefined {
  return adjustments.get(table);
}

/** The table as it came. */
export function receivedTable(table: TraceTable): TraceTable {
  return adjustments.get(table)?.received ?? table;
}

export function rememberAdjustment(adjusted: TraceTable, adjustment: ClockAdjustment): void {
  adjustments.set(adjusted, adjustment);
}
