import type { LatencyHeatmap } from '#domain/api/latency-api.ts';
import { rowFloorNs } from './duration-rows.ts';

/** What was counted in one column and row. */
export interface CountedCell {
  readonly column: number;
  /** Undefined for what has no duration. */
  readonly row: number | undefined;
  readonly count: number;
  readonly errors: number;
}

/** What is left out below, so that a few near-zero durations do not stretch the axis. */
const LOWEST_PART = 0.001;

type Counted = Pick<
  LatencyHeatmap,
  'firstRow' | 'rows' | 'counts' | 'errors' | 'total' | 'totalErrors' | 'below' | 'withoutDuration' | 'p01Ns' | 'maxNs'
>;

/**
 * Lays cells out as the columns of a heatmap, from the row of the 0.1st percentile to the highest. Of a place that is given
 * several times the counts add up. `maxNs` defaults to the upper edge of the highest row.
 */
export function heatmapOfCells(
  cells: readonly CountedCell[],
  columns: number,
  { rowsPerOctave, maxNs }: { readonly rowsPerOctave: number; readonly maxNs?: number },
): Counted {
  const byRow = new Map<number, number>();
  let [placed, total, totalErrors] = [0, 0, 0];
  const withoutDuration = { count: 0, errors: 0 };
  for (const { row, count, errors } of cells) {
    total += count;
    totalErrors += errors;
    if (row === undefined) {
      withoutDuration.count += count;
      withoutDuration.errors += errors;
    } else {
      placed += count;
      byRow.set(row, (byRow.get(row) ?? 0) + count);
    }
  }
  const { firstRow, lastRow } = rowRange(byRow, placed);
  const rows = placed === 0 ? 0 : lastRow - firstRow + 1;
  const counts = new Array<number>(columns * rows).fill(0);
  const errors = new Array<number>(columns * rows).fill(0);
  const below = { count: 0, errors: 0 };
  for (const cell of cells) {
    if (cell.row === undefined) continue;
    if (cell.row < firstRow) {
      below.count += cell.count;
      below.errors += cell.errors;
    } else {
      const at = cell.column * rows + (cell.row - firstRow);
      counts[at] += cell.count;
      errors[at] += cell.errors;
    }
  }
  return {
    firstRow,
    rows,
    counts,
    errors,
    total,
    totalErrors,
    below,
    withoutDuration,
    p01Ns: rows === 0 ? 0 : rowFloorNs(firstRow, rowsPerOctave),
    maxNs: rows === 0 ? 0 : (maxNs ?? rowFloorNs(lastRow + 1, rowsPerOctave)),
  };
}

function rowRange(byRow: ReadonlyMap<number, number>, placed: number): { firstRow: number; lastRow: number } {
  const rows = [...byRow.keys()].sort((a, b) => a - b);
  if (rows.length === 0) return { firstRow: 0, lastRow: 0 };
  let seen = 0;
  for (const row of rows) {
    seen += byRow.get(row) ?? 0;
    if (seen > placed * LOWEST_PART) return { firstRow: row, lastRow: rows[rows.length - 1] };
  }
  return { firstRow: rows[0], lastRow: rows[rows.length - 1] };
}
