import { bounds, type Cell, type CellBox } from './heat-grid.ts';
import type { CellPlane, Plot } from './plot.ts';

/** What part of the panel a point is over: it decides which axes a drag that begins there marks. */
export type Zone = 'cells' | 'time' | 'duration';

/** The cell at a point, held within the grid; a drag may leave it. */
export function cellAt(plot: CellPlane, x: number, y: number): Cell {
  const column = Math.floor((x - plot.left) / plot.cellWidth);
  const row = Math.floor((plot.heat.top + plot.heat.height - y) / plot.cellHeight);
  return { column: within(column, plot.columns), row: within(row, plot.rows) };
}

/** The strips and the time axis stand for time alone, the duration axis and the profile for duration alone. */
export function zoneAt(plot: Plot, x: number, y: number): Zone | undefined {
  const { left, width, heat } = plot;
  const inColumns = x >= left && x < left + width;
  const inRows = y >= heat.top && y < heat.top + heat.height;
  if (inColumns) return inRows ? 'cells' : 'time';
  return inRows ? 'duration' : undefined;
}

/** Left, top, width, height of cells, px. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function cellRect(plot: CellPlane, { column, row }: Cell): Rect {
  return {
    x: plot.left + column * plot.cellWidth,
    y: plot.heat.top + plot.heat.height - (row + 1) * plot.cellHeight,
    width: plot.cellWidth,
    height: plot.cellHeight,
  };
}

function within(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index));
}

/** The rectangle of all cells between two corners. */
export function cellsRect(plot: Plot, box: CellBox): Rect {
  const { left, right, bottom, top } = bounds(box);
  const corner = cellRect(plot, { column: left, row: top });
  return {
    ...corner,
    width: (right - left + 1) * plot.cellWidth,
    height: (top - bottom + 1) * plot.cellHeight,
  };
}
