import type { LatencyBox } from '#state/url/url-state.ts';
import { msOf } from '#views/search/box-text.ts';
import { type Cell, type CellBox, columnStart, type HeatGrid } from './heat-grid.ts';
import { cellAt, type Rect, type Zone } from './hit-test.ts';
import type { Plot } from './plot.ts';

/** A drag that is shorter is a press. */
export const DRAG_FROM = 3;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The cells between two points; where the drag began over one axis alone, the other is whole. */
export function draggedCells(plot: Plot, zone: Zone, from: Point, to: Point): CellBox {
  const [a, b] = [cellAt(plot, from.x, from.y), cellAt(plot, to.x, to.y)];
  if (zone === 'time') return { from: { ...a, row: 0 }, to: { ...b, row: plot.rows - 1 } };
  if (zone === 'duration') return { from: { ...a, column: 0 }, to: { ...b, column: plot.columns - 1 } };
  return { from: a, to: b };
}

/** What cells stand for. A box over the whole of an axis is a band: open in it, so that it holds while time goes on. */
export function boxOfCells(grid: HeatGrid, { from, to }: CellBox): LatencyBox {
  const [left, right] = [Math.min(from.column, to.column), Math.max(from.column, to.column)];
  const [bottom, top] = [Math.min(from.row, to.row), Math.max(from.row, to.row)];
  const allTime = left === 0 && right === grid.columns - 1;
  const allRows = bottom === 0 && top === grid.rows - 1;
  // The whole heatmap is no selection by either axis; it stays one in time.
  const openTime = allTime && !allRows;
  return {
    fromUnixNano: openTime ? undefined : columnStart(grid, left),
    toUnixNano: openTime ? undefined : columnStart(grid, right + 1),
    minNs: allRows ? undefined : grid.edgesNs[bottom],
    maxNs: allRows ? undefined : grid.edgesNs[top + 1],
  };
}

/** The cells that a box touches; undefined if it lies outside the grid. The reverse of `boxOfCells`. */
export function cellsOfBox(grid: HeatGrid, box: LatencyBox): CellBox | undefined {
  const columnAt = (unixNano: bigint) => Number(unixNano - grid.startUnixNano) / grid.stepNs;
  const left = box.fromUnixNano === undefined ? 0 : Math.floor(columnAt(box.fromUnixNano) + EPSILON);
  const right = box.toUnixNano === undefined ? grid.columns : Math.ceil(columnAt(box.toUnixNano) - EPSILON);
  const bottom = box.minNs === undefined ? 0 : rowAt(grid, box.minNs);
  const top = box.maxNs === undefined ? grid.rows : rowAt(grid, box.maxNs - 1) + 1;
  const from: Cell = { column: Math.max(0, left), row: Math.max(0, bottom) };
  const to: Cell = { column: Math.min(grid.columns, right) - 1, row: Math.min(grid.rows, top) - 1 };
  return from.column <= to.column && from.row <= to.row ? { from, to } : undefined;
}

/** Rounding to whole ns moves an edge by less than this part of a column. */
const EPSILON = 1e-6;

/** The row of a duration; -1 below the grid, `rows` above it. */
function rowAt(grid: HeatGrid, ns: number): number {
  let row = -1;
  while (row < grid.rows && grid.edgesNs[row + 1] <= ns) row++;
  return row;
}

/** Where a box stands, held within the plot; undefined if none of it does. It need not fit the cells of this grid. */
export function boxRect(plot: Plot, box: LatencyBox): Rect | undefined {
  const { left, width, heat } = plot;
  const x0 = box.fromUnixNano === undefined ? left : plot.x(msOf(box.fromUnixNano));
  const x1 = box.toUnixNano === undefined ? left + width : plot.x(msOf(box.toUnixNano));
  const y0 = box.maxNs === undefined ? heat.top : plot.y(box.maxNs);
  const y1 = box.minNs === undefined ? heat.top + heat.height : plot.y(Math.max(1, box.minNs));
  const from = Math.max(left, x0);
  const to = Math.min(left + width, x1);
  if (to <= from || y1 <= y0) return undefined;
  return { x: from, y: y0, width: to - from, height: y1 - y0 };
}
