import { firstGroupFold, hasChildren, rootlessEntry, type TreeShape } from '#domain/analysis/tree-shape.ts';
import { type Closed, closedAtFirst } from '#domain/analysis/visible-rows.ts';
import { gapOfRow } from './shape.ts';

/** Closes every entry at `level` (1-based, as shown) or deeper and opens all above: level 1 leaves the roots. */
export function closedToLevel(shape: TreeShape, level: number): Closed {
  const closed = closedAtFirst(shape);
  const { table, gaps } = shape;
  const top = rootlessEntry(shape);
  if (level <= (top === undefined ? 1 : 2)) closed.folds.fill(1, 0, gaps.count);
  if (level <= 1 && top !== undefined) closed.folds[~top] = 1;
  for (let row = 0; row < table.length; row++) {
    if (hasChildren(shape, row) && shape.level[row] >= level) closed.rows[row] = 1;
  }
  return closed;
}

/** The rows of `match` and all that lie above them, as a mask over the table. */
export function withAncestors(shape: TreeShape, match: Uint8Array): Uint8Array {
  const keep = match.slice();
  const { parent } = shape.table;
  for (let row = keep.length - 1; row >= 0; row--) if (keep[row] === 1 && parent[row] >= 0) keep[parent[row]] = 1;
  return keep;
}

/** Opens what hides `row`: its ancestors, their groups and its gap. Returns false if nothing was closed. */
export function reveal(shape: TreeShape, closed: Closed, row: number): boolean {
  const { gaps, groups } = shape;
  const groupOf = groups?.repeats.groupOf;
  let changed = false;
  let top = row;
  const openFold = (fold: number): void => {
    if (closed.folds[fold] === 1) changed = true;
    closed.folds[fold] = 0;
  };
  for (let up = row; up >= 0; up = shape.table.parent[up]) {
    if (up !== row) {
      if (closed.rows[up] === 1) changed = true;
      closed.rows[up] = 0;
    }
    if (groupOf !== undefined && groupOf[up] >= 0) openFold(firstGroupFold(shape) + groupOf[up]);
    top = up;
  }
  const gap = gapOfRow(gaps, top);
  if (gap >= 0) openFold(gap);
  const root = rootlessEntry(shape);
  if (root !== undefined) openFold(~root);
  return changed;
}
