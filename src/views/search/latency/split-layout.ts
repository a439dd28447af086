import type { LatencyHeatmap } from '#domain/api/latency-api.ts';
import { gridOf, type HeatGrid } from './heat-grid.ts';
import type { CellPlane } from './plot.ts';

/** Room for the durations, as wide as beside the heatmap above; between two small ones; and at the right. */
export const SPLIT_LEFT = 62;
export const SPLIT_GAP = 14;
const SPLIT_RIGHT = 12;
/** A small heatmap is no narrower, a row of cells no higher. */
const MIN_WIDTH = 160;
const HEIGHT = 96;
const MIN_CELL = 5;
const MAX_CELL_HEIGHT = 8;

/** How `count` small heatmaps share a width: as many beside each other as have room, the rows of equal length. */
export function splitLayout(widthPx: number, count: number): { perRow: number; width: number; columns: number } {
  const room = Math.max(MIN_CELL, widthPx - SPLIT_LEFT - SPLIT_RIGHT);
  const fitting = Math.max(1, Math.min(count, Math.floor((room + SPLIT_GAP) / (MIN_WIDTH + SPLIT_GAP))));
  const perRow = Math.max(1, Math.ceil(count / Math.ceil(count / fitting)));
  const width = Math.floor((room - (perRow - 1) * SPLIT_GAP) / perRow);
  return { perRow, width, columns: Math.max(8, Math.floor(width / MIN_CELL)) };
}

/** Whole-pixel cells in a small heatmap of this width. */
export function splitPlane({ columns, rows }: HeatGrid, widthPx: number): CellPlane {
  const cellHeight = Math.min(MAX_CELL_HEIGHT, Math.max(1, Math.floor(HEIGHT / Math.max(1, rows))));
  const cellWidth = Math.max(1, Math.floor(widthPx / Math.max(1, columns)));
  return { left: 0, cellWidth, cellHeight, columns, rows, heat: { top: 0, height: rows * cellHeight } };
}

/**
 * Heatmaps of one source on the same rows, from the shortest of any to the longest, and on the colours of the fullest cell
 * of any, so that they compare.
 */
export function alikeGrids(heatmaps: readonly LatencyHeatmap[]): readonly HeatGrid[] {
  const filled = heatmaps.filter(({ rows }) => rows > 0);
  const first = filled.reduce((low, { firstRow }) => Math.min(low, firstRow), Number.POSITIVE_INFINITY);
  const end = filled.reduce((high, { firstRow, rows }) => Math.max(high, firstRow + rows), Number.NEGATIVE_INFINITY);
  const grids = heatmaps.map(heatmap => gridOf(filled.length === 0 ? heatmap : onRows(heatmap, first, end - first)));
  const most = grids.reduce((max, grid) => Math.max(max, grid.most), 0);
  return grids.map(grid => ({ ...grid, most }));
}

function onRows(heatmap: LatencyHeatmap, firstRow: number, rows: number): LatencyHeatmap {
  const counts = new Array<number>(heatmap.columns * rows).fill(0);
  const errors = new Array<number>(heatmap.columns * rows).fill(0);
  const shift = heatmap.firstRow - firstRow;
  for (let at = 0; at < heatmap.counts.length; at++) {
    const to = Math.floor(at / heatmap.rows) * rows + (at % heatmap.rows) + shift;
    counts[to] = heatmap.counts[at]!;
    errors[to] = heatmap.errors[at]!;
  }
  return { ...heatmap, firstRow, rows, counts, errors };
}
