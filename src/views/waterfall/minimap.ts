import { ROWS_PER_STEP, type Steps } from '#domain/analysis/steps.ts';
import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';
import { INSET } from './camera.ts';

/** Slot of a cell that no span covers. */
export const EMPTY = 255;

/**
 * The whole trace on a small grid of pixels: rows from top to bottom in tree order, time from left to right. A cell
 * holds the colour slot of the deepest span that covers it.
 */
export interface MinimapGrid {
  readonly width: number;
  readonly height: number;
  /** `cell[y * width + x]`. */
  readonly cell: Uint8Array;
}

/**
 * Paints rows from the last to the first, each cell once: a union-find per line jumps over what is painted, so the cost
 * is the rows plus the cells, whatever the spans' lengths. `slots` is per resource.
 */
export function* minimapInSteps(
  table: TraceTable,
  spanNs: number,
  width: number,
  height: number,
  slots: Uint8Array,
  noService: number,
): Steps<MinimapGrid> {
  const cell = new Uint8Array(width * height).fill(EMPTY);
  // next[x] is the first unpainted cell at or after x on the line; one past the end is the sentinel.
  const next = new Int32Array((width + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x <= width; x++) next[y * (width + 1) + x] = x;
  const perNs = (width - 2 * INSET) / Math.max(1, spanNs);
  for (let row = table.length - 1; row >= 0; row--) {
    if (row % ROWS_PER_STEP === 0) yield;
    if ((table.flags[row] & SpanFlag.offScale) !== 0) continue;
    const y = minimapLine(row, table.length, height);
    const from = Math.max(0, Math.floor(INSET + table.startNs[row] * perNs));
    const length = Math.ceil(Math.max(0, table.spanDurationNs[row]) * perNs);
    const to = Math.min(width, from + Math.max(1, length));
    const slot = table.resource[row] < 0 ? noService : slots[table.resource[row]];
    const line = y * (width + 1);
    for (let x = find(next, line, from); x < to; x = find(next, line, x)) {
      cell[y * width + x] = slot;
      next[line + x] = x + 1;
    }
  }
  return { width, height, cell };
}

/** The line of the grid that a row falls on: few rows are spread over the height, many share a line. */
export function minimapLine(row: number, rowCount: number, height: number): number {
  return Math.min(height - 1, Math.floor((row / Math.max(1, rowCount)) * height));
}

function find(next: Int32Array, line: number, from: number): number {
  let x = from;
  while (next[line + x] !== x) x = next[line + x];
  let walk = from;
  while (next[line + walk] !== walk) {
    const after = next[line + walk];
    next[line + walk] = x;
    walk = after;
  }
  return x;
}
