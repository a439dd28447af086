import { type Camera, timeToX } from './camera.ts';
import type { VisibleRows } from './rows.ts';

/** Pieces of the critical path as they come from the analysis: ordered in time, disjoint; times ns after the base. */
export interface PathPieces {
  readonly row: Int32Array;
  readonly fromNs: Float64Array;
  readonly toNs: Float64Array;
}

/** The path over the visible rows: pieces of hidden rows run on the row that stands for them, neighbours are joined. */
export interface PathSteps {
  readonly count: number;
  /** Visible index of each step. */
  readonly index: Int32Array;
  readonly fromNs: Float64Array;
  readonly toNs: Float64Array;
}

/** Horizontal parts of the line on screen, px, joined by verticals from each to the next. */
export interface PathLine {
  readonly count: number;
  readonly index: Int32Array;
  readonly x0: Float32Array;
  readonly x1: Float32Array;
}

/** Parts shorter than this are folded into the row they leave and return to, px: up to a parent, down to a child. */
const FOLD_PARENT = 4;
const FOLD_CHILD = 3;
/** More parts than these within one pixel are drawn as the last of them. */
const MOST_PER_PIXEL = 4;

export function pathSteps(path: PathPieces, rows: VisibleRows): PathSteps {
  const size = path.row.length;
  const index = new Int32Array(size);
  const fromNs = new Float64Array(size);
  const toNs = new Float64Array(size);
  let count = 0;
  for (let piece = 0; piece < size; piece++) {
    const at = rows.indexOfRow[path.row[piece]];
    if (at < 0) continue;
    if (count > 0 && index[count - 1] === at) {
      toNs[count - 1] = path.toNs[piece];
      continue;
    }
    index[count] = at;
    fromNs[count] = path.fromNs[piece];
    toNs[count] = path.toNs[piece];
    count++;
  }
  return { count, index, fromNs, toNs };
}

/** The part of the path inside the window, with what is too short to see folded in. */
export function pathLine(steps: PathSteps, camera: Camera, widthPx: number): PathLine {
  const from = firstEndingAfter(steps, camera.startNs);
  const endNs = camera.startNs + camera.widthNs;
  let capacity = 0;
  for (let step = from; step < steps.count && steps.fromNs[step] <= endNs; step++) capacity++;
  const index = new Int32Array(capacity);
  const x0 = new Float32Array(capacity);
  const x1 = new Float32Array(capacity);
  let count = 0;
  for (let step = from; step < from + capacity; step++) {
    const at = steps.index[step];
    const left = Math.max(-8, timeToX(camera, widthPx, steps.fromNs[step]));
    const right = Math.min(widthPx + 8, timeToX(camera, widthPx, steps.toNs[step]));
    if (count > 1 && index[count - 2] === at && isShort(index, x0, x1, count - 1)) {
      count--;
      x1[count - 1] = right;
      continue;
    }
    if (count > MOST_PER_PIXEL && right - x0[count - MOST_PER_PIXEL] < 1) {
      x1[count - 1] = right;
      continue;
    }
    index[count] = at;
    x0[count] = left;
    x1[count] = right;
    count++;
  }
  return { count, index, x0, x1 };
}

function isShort(index: Int32Array, x0: Float32Array, x1: Float32Array, at: number): boolean {
  return x1[at] - x0[at] < (index[at] < index[at - 1] ? FOLD_PARENT : FOLD_CHILD);
}

function firstEndingAfter(steps: PathSteps, ns: number): number {
  let low = 0;
  let high = steps.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps.toNs[middle] < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}
