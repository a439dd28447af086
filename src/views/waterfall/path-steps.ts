import type { VisibleRows } from '#domain/analysis/visible-rows.ts';
import { type Camera, timeToX, xToTime } from './camera.ts';

/** Pieces of the critical path as they come from the analysis: ordered in time, disjoint; times ns after the base. */
export interface PathPieces {
  readonly row: Int32Array;
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
/** No more pieces than these are looked at within one pixel; the last of them lasts to the pixel's end. */
const MOST_PER_PIXEL = 8;
/** The line ends this far outside the window, px. */
const BEYOND = 8;

/**
 * The part of the path inside the window: pieces of hidden rows run on the row that stands for them, neighbours on one row
 * are joined, what is too short to see is folded in. Costs what is on screen: where many pieces share a pixel they are
 * jumped over, not read.
 */
export function pathLine(path: PathPieces, rows: VisibleRows, camera: Camera, widthPx: number): PathLine {
  const first = firstEndingAfter(path, camera.startNs, 0);
  const last = firstEndingAfter(path, xToTime(camera, widthPx, widthPx + BEYOND), first);
  const end = Math.min(path.row.length, last + 1);
  const capacity = Math.min(end - first, (MOST_PER_PIXEL + 1) * (Math.ceil(widthPx) + 2 * BEYOND + 2));
  const index = new Int32Array(Math.max(0, capacity));
  const x0 = new Float32Array(index.length);
  const x1 = new Float32Array(index.length);
  let count = 0;
  let pixel = Number.NEGATIVE_INFINITY;
  let inPixel = 0;
  for (let piece = first; piece < end; piece++) {
    const left = Math.max(-BEYOND, timeToX(camera, widthPx, path.fromNs[piece]));
    const right = Math.min(widthPx + BEYOND, timeToX(camera, widthPx, path.toNs[piece]));
    if (Math.floor(right) !== pixel) {
      pixel = Math.floor(right);
      inPixel = 0;
    }
    if (++inPixel > MOST_PER_PIXEL && count > 0) {
      const next = firstEndingAfter(path, xToTime(camera, widthPx, pixel + 1), piece);
      const until = next < end ? path.fromNs[next] : path.toNs[end - 1];
      x1[count - 1] = Math.min(widthPx + BEYOND, timeToX(camera, widthPx, until));
      piece = Math.max(piece, next - 1);
      continue;
    }
    const at = rows.indexOfRow[path.row[piece]];
    // What a filter hides altogether leaves the line where it is.
    if (count > 0 && (at < 0 || index[count - 1] === at)) {
      x1[count - 1] = right;
      continue;
    }
    if (at < 0) continue;
    if (count > 1 && index[count - 2] === at && isShort(index, x0, x1, count - 1)) {
      count--;
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

function firstEndingAfter({ toNs }: PathPieces, ns: number, from: number): number {
  let low = from;
  let high = toNs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (toNs[middle] < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}
