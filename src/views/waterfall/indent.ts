import type { TreeShape } from '#domain/analysis/tree-shape.ts';
import type { VisibleRows } from '#domain/analysis/visible-rows.ts';
import { levelOf } from './shape.ts';

/** px per level of the tree. */
export const INDENT = 12;
/** Deeper levels are written as a number. */
export const NUMBERED_FROM = 32;
/** Rows move left by this many levels at a time, and leave so many as they are. */
const SHIFT_STEP = 4;
const LEVELS_LEFT = 4;

/** By how many levels the rows from `first` to before `end` can move left: in steps, so that they rarely move. */
export function shiftOf(shape: TreeShape, rows: VisibleRows, first: number, end: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let index = first; index < end; index++) least = Math.min(least, levelOf(shape, rows.entry[index]));
  return Number.isFinite(least) ? Math.max(0, Math.floor((least - 1 - LEVELS_LEFT) / SHIFT_STEP) * SHIFT_STEP) : 0;
}
