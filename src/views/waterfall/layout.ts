import type { TreeShape } from '#domain/analysis/tree-shape.ts';
import type { VisibleRows } from '#domain/analysis/visible-rows.ts';
import { type Camera, timeToX } from './camera.ts';
import { groupOfEntry } from './shape.ts';

export const ROW_HEIGHT = 22;
export const BAR_TOP = 4;
export const BAR_HEIGHT = 11;
/** Bars are never narrower, px. */
export const MIN_BAR = 1.5;
/** px between two grid lines, at least. */
export const TICK_ROOM = 92;
/** x is cut this far outside the window, px: far bars stay small numbers, where Float32 is exact. */
const BEYOND = 64;

/** The slice of visible rows on screen. */
export interface RowWindow {
  /** Index of the first row, and how many. */
  readonly first: number;
  readonly count: number;
  /** y of the first row's top edge, px below the window's top; ≤ 0. */
  readonly y: number;
}

/** Where the bars of a row window are. Columns are indexed by visible index − first; px relative to the window. */
export interface BarLayout {
  first: number;
  count: number;
  /** Top edge of the row. */
  y: Float32Array;
  /** Left and right end of the bar; cut to a little outside the window. x1 − x0 may be below MIN_BAR. */
  x0: Float32Array;
  x1: Float32Array;
}

/** The rows that a viewport of `heightPx` shows when the first `topPx` are scrolled away. */
export function rowWindow(topPx: number, heightPx: number, rowCount: number): RowWindow {
  const first = Math.min(Math.max(0, Math.floor(topPx / ROW_HEIGHT)), Math.max(0, rowCount - 1));
  const last = Math.min(rowCount, Math.ceil((topPx + heightPx) / ROW_HEIGHT));
  return { first, count: Math.max(0, last - first), y: first * ROW_HEIGHT - topPx };
}

/** Lays out one window; `into` is reused and grown. */
export function layoutBars(
  shape: TreeShape,
  rows: VisibleRows,
  window: RowWindow,
  camera: Camera,
  widthPx: number,
  into: BarLayout,
): BarLayout {
  if (into.y.length < window.count) Object.assign(into, emptyLayout(window.count * 2));
  into.first = window.first;
  into.count = window.count;
  for (let i = 0; i < window.count; i++) {
    const entry = rows.entry[window.first + i];
    const fromNs = entryStartNs(shape, entry);
    const toNs = entryEndNs(shape, entry);
    into.y[i] = window.y + i * ROW_HEIGHT;
    into.x0[i] = cut(timeToX(camera, widthPx, fromNs), widthPx);
    into.x1[i] = cut(timeToX(camera, widthPx, toNs), widthPx);
  }
  return into;
}

export function emptyLayout(capacity = 64): BarLayout {
  return {
    first: 0,
    count: 0,
    y: new Float32Array(capacity),
    x0: new Float32Array(capacity),
    x1: new Float32Array(capacity),
  };
}

/** Start of an entry, ns after the base. */
export function entryStartNs(shape: TreeShape, entry: number): number {
  if (entry >= 0) return shape.table.startNs[entry];
  const group = groupOfEntry(shape, entry);
  if (group >= 0) return shape.groups?.repeats.startNs[group] ?? 0;
  return ~entry < shape.gaps.count ? shape.gaps.startNs[~entry] : (shape.rootless?.startNs ?? 0);
}

/** End of an entry; a span that ends before it starts is an instant at its start. */
export function entryEndNs(shape: TreeShape, entry: number): number {
  const group = groupOfEntry(shape, entry);
  if (group >= 0) return shape.groups?.repeats.endNs[group] ?? 0;
  if (entry < 0) return ~entry < shape.gaps.count ? shape.gaps.endNs[~entry] : (shape.rootless?.endNs ?? 0);
  return shape.table.startNs[entry] + Math.max(0, shape.table.spanDurationNs[entry]);
}

/** The smallest scroll that shows row `index` whole; `topPx` itself when it already is. */
export function topToShow(index: number, topPx: number, heightPx: number): number {
  const y = index * ROW_HEIGHT;
  if (y < topPx) return y;
  if (y + ROW_HEIGHT > topPx + heightPx) return y + ROW_HEIGHT - heightPx;
  return topPx;
}

/** The scroll that puts row `index` in the upper third, for jumps from afar. */
export function topToCentre(index: number, heightPx: number): number {
  return Math.max(0, index * ROW_HEIGHT - Math.floor(heightPx / 3));
}

function cut(x: number, widthPx: number): number {
  return Math.max(-BEYOND, Math.min(x, widthPx + BEYOND));
}
