import type { LatencyHeatmap } from '#domain/api/latency-api.ts';

/** A heatmap made ready to be drawn: numbers at column · rows + row, the first row holds the shortest. */
export interface HeatGrid {
  readonly columns: number;
  readonly rows: number;
  readonly startUnixNano: bigint;
  readonly stepNs: number;
  /** `rows` + 1 ascending edges in whole ns: row r holds durations in [edgesNs[r], edgesNs[r + 1]). */
  readonly edgesNs: Float64Array;
  /** Fractions where spans are weighted. */
  readonly counts: readonly number[];
  readonly errors: readonly number[];
  /** The largest count of a cell. */
  readonly most: number;
  /** Counts per row. */
  readonly sums: Float64Array;
  /** What is counted but shorter than the first row, and all that has a duration. */
  readonly below: number;
  readonly timed: number;
}

export interface Cell {
  readonly column: number;
  readonly row: number;
}

/** Cells between two corners, both included, in whatever order they were named. */
export interface CellBox {
  readonly from: Cell;
  readonly to: Cell;
}

export function gridOf(heatmap: LatencyHeatmap): HeatGrid {
  const { columns, rows, counts, errors, firstRow, rowsPerOctave, upperInclusive } = heatmap;
  // Durations are whole ns: an edge between two of them is as good as the next whole one.
  const edge = (row: number) => {
    const ns = 2 ** ((firstRow + row) / rowsPerOctave);
    return upperInclusive ? Math.floor(ns) + 1 : Math.ceil(ns);
  };
  const sums = new Float64Array(rows);
  let most = 0;
  for (let at = 0; at < counts.length; at++) {
    sums[at % rows] += counts[at];
    if (counts[at] > most) most = counts[at];
  }
  return {
    columns,
    rows,
    startUnixNano: BigInt(heatmap.startUnixNano),
    stepNs: heatmap.stepNs,
    edgesNs: Float64Array.from({ length: rows + 1 }, (_, row) => edge(row)),
    counts,
    errors,
    most,
    sums,
    below: heatmap.below.count,
    timed: heatmap.total - heatmap.withoutDuration.count,
  };
}

export function indexOf(grid: HeatGrid, { column, row }: Cell): number {
  return column * grid.rows + row;
}

/** Unix ns at which a column begins; `columns` gives the end of the last. */
export function columnStart(grid: HeatGrid, column: number): bigint {
  return grid.startUnixNano + BigInt(Math.round(column * grid.stepNs));
}

/** A box as columns and rows, all included. */
export function bounds({ from, to }: CellBox): { left: number; right: number; bottom: number; top: number } {
  return {
    left: Math.min(from.column, to.column),
    right: Math.max(from.column, to.column),
    bottom: Math.min(from.row, to.row),
    top: Math.max(from.row, to.row),
  };
}

/** Count and errors within a box. */
export function sumOf(grid: HeatGrid, box: CellBox): { count: number; errors: number } {
  const { left, right, bottom, top } = bounds(box);
  let count = 0;
  let errors = 0;
  for (let column = left; column <= right; column++) {
    for (let row = bottom; row <= top; row++) {
      count += grid.counts[column * grid.rows + row];
      errors += grid.errors[column * grid.rows + row];
    }
  }
  return { count, errors };
}

/** The share of all that has a duration which is at most as long as this row; NaN where there is nothing. */
export function rankOf(grid: HeatGrid, row: number): number {
  let held = grid.below;
  for (let i = 0; i <= row; i++) held += grid.sums[i];
  return grid.timed === 0 ? Number.NaN : held / grid.timed;
}
