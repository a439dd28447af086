import { type ScaleLinear, type ScaleLogarithmic, scaleLinear, scaleLog } from 'd3';
import { columnStart, type HeatGrid } from './heat-grid.ts';

/** A horizontal stretch of the panel, CSS px from its top. */
export interface Band {
  readonly top: number;
  readonly height: number;
}

/** Where cells stand, CSS px. */
export interface CellPlane {
  /** Left edge of the first column. */
  readonly left: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly columns: number;
  readonly rows: number;
  readonly heat: Band;
}

/** How much of the plot there is room for. */
export interface PlotShape {
  /** CSS px of all of it. */
  readonly heightPx: number;
  /** Whether rate, errors and durations stand above the heatmap as strips. */
  readonly hasStrips: boolean;
}

/** Where everything of the panel stands, CSS px: three strips and the heatmap under them, on one time axis. */
export interface Plot extends CellPlane, PlotShape {
  /** All columns. */
  readonly width: number;
  readonly rate: Band;
  readonly errors: Band;
  readonly latency: Band;
  /** Unix ms to px. */
  readonly x: ScaleLinear<number, number>;
  /** ns to px; held within the heatmap. */
  readonly y: ScaleLogarithmic<number, number>;
}

/** Room for labels beside the columns. */
const LEFT = 62;
const RIGHT = 74;
/** Above the strips: the names of deployments. */
const MARKERS = 16;
const RATE: Band = { top: MARKERS, height: 26 };
const ERRORS: Band = { top: MARKERS + 34, height: 26 };
const LATENCY: Band = { top: MARKERS + 68, height: 42 };
const HEAT_TOP = MARKERS + 126;
const AXIS = 22;
export const PANEL_HEIGHT = HEAT_TOP + 168 + AXIS;
/** A column is at least this wide: an error inside a cell must be seen. */
const MIN_CELL = 6;
const MAX_CELL_HEIGHT = 12;
const ON_THE_PAGE: PlotShape = { heightPx: PANEL_HEIGHT, hasStrips: true };
const NO_BAND: Band = { top: MARKERS, height: 0 };

/** Columns that a panel of this width has room for. */
export function columnsFor(widthPx: number): number {
  return Math.max(8, Math.floor((widthPx - LEFT - RIGHT) / MIN_CELL));
}

/** Whole-pixel cells that fill the panel as far as they go. Without rows the strips stand alone over an empty heatmap. */
export function plotOf(grid: HeatGrid, widthPx: number, shape: PlotShape = ON_THE_PAGE): Plot {
  const { columns, rows, edgesNs } = grid;
  const { heightPx, hasStrips } = shape;
  const cellWidth = Math.max(1, Math.floor((widthPx - LEFT - RIGHT) / Math.max(1, columns)));
  const bottom = heightPx - AXIS;
  const room = bottom - (hasStrips ? HEAT_TOP : MARKERS);
  const mostHigh = hasStrips ? MAX_CELL_HEIGHT : 2 * MAX_CELL_HEIGHT;
  const cellHeight = Math.min(mostHigh, Math.max(1, Math.floor(room / Math.max(1, rows))));
  const heat = { top: bottom - rows * cellHeight, height: rows * cellHeight };
  const width = columns * cellWidth;
  const [fromMs, toMs] = [0, columns].map(column => Number(columnStart(grid, column) / 1000n) / 1000);
  return {
    heightPx,
    hasStrips,
    left: LEFT,
    cellWidth,
    cellHeight,
    columns,
    rows,
    width,
    rate: hasStrips ? RATE : NO_BAND,
    errors: hasStrips ? ERRORS : NO_BAND,
    latency: hasStrips ? LATENCY : NO_BAND,
    heat,
    x: scaleLinear([fromMs, toMs], [LEFT, LEFT + width]),
    y: scaleLog([Math.max(1, edgesNs[0]), Math.max(2, edgesNs[rows])], [bottom, heat.top]).clamp(true),
  };
}
