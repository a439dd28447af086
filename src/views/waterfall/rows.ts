import type { TreeShape } from './shape.ts';

/**
 * Which entries are shown, top to bottom. An entry is a table row (≥ 0) or a gap, written `~gap` (< 0).
 *
 *   index  entry
 *     0      0     storefront POST /checkout
 *     1      1       checkout POST /checkout     (closed: its subtree, rows 2 … 7, is hidden)
 *     2      8     render
 *     3     ~0     missing parent a1b2…
 *     4      9       ledger POST /entries
 */
export interface VisibleRows {
  readonly count: number;
  /** Valid up to `count`. */
  readonly entry: Int32Array;
  /** Per table row: the index of its entry or, when hidden, of the entry that stands for it; -1 for none. */
  readonly indexOfRow: Int32Array;
}

/** 1 = closed, per table row and per gap. Only rows with children and gaps can be closed. */
export interface Closed {
  readonly rows: Uint8Array;
  readonly gaps: Uint8Array;
}

export function nothingClosed(shape: TreeShape): Closed {
  return { rows: new Uint8Array(shape.table.length), gaps: new Uint8Array(shape.gaps.count) };
}

/**
 * One pass over the table; closed subtrees are jumped. `keep`, if given, has 1 for every row that may be shown and is
 * closed upwards (a kept row's ancestors are kept), see `withAncestors`.
 */
export function visibleRows(shape: TreeShape, closed: Closed, keep?: Uint8Array): VisibleRows {
  const { table, gaps, childCount } = shape;
  const { length, subtreeEnd, parent } = table;
  const entry = new Int32Array(length + gaps.count);
  const indexOfRow = new Int32Array(length);
  let count = 0;
  let gap = 0;
  let row = 0;
  while (row < length) {
    if (gap < gaps.count && gaps.firstRow[gap] === row) {
      const end = gaps.endRow[gap];
      const shown = keep === undefined || keepsAnyRoot(subtreeEnd, row, end, keep);
      if (shown) entry[count++] = ~gap;
      if (!shown || closed.gaps[gap] === 1) {
        indexOfRow.fill(shown ? count - 1 : -1, row, end);
        row = end;
        gap++;
        continue;
      }
      gap++;
    }
    const end = subtreeEnd[row];
    if (keep !== undefined && keep[row] === 0) {
      indexOfRow.fill(parent[row] < 0 ? -1 : indexOfRow[parent[row]], row, end);
      row = end;
      continue;
    }
    entry[count] = row;
    indexOfRow[row] = count++;
    if (closed.rows[row] === 1 && childCount[row] > 0) {
      indexOfRow.fill(count - 1, row + 1, end);
      row = end;
    } else row++;
  }
  return { count, entry, indexOfRow };
}

/** Closes every row at `level` (1-based, as shown) or deeper and opens all above: level 1 leaves the roots. */
export function closedToLevel(shape: TreeShape, level: number): Closed {
  const closed = nothingClosed(shape);
  const { table, gaps, childCount } = shape;
  if (level <= 1) closed.gaps.fill(1);
  let gap = 0;
  for (let row = 0; row < table.length; row++) {
    while (gap < gaps.count && gaps.endRow[gap] <= row) gap++;
    const below = gap < gaps.count && gaps.firstRow[gap] <= row ? 2 : 1;
    if (childCount[row] > 0 && table.depth[row] + below >= level) closed.rows[row] = 1;
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

/** Opens what hides `row`: its ancestors and its gap. Returns false if nothing was closed. */
export function reveal(shape: TreeShape, closed: Closed, row: number): boolean {
  let changed = false;
  let top = row;
  for (let up = shape.table.parent[row]; up >= 0; up = shape.table.parent[up]) {
    if (closed.rows[up] === 1) changed = true;
    closed.rows[up] = 0;
    top = up;
  }
  for (let gap = 0; gap < shape.gaps.count; gap++) {
    if (shape.gaps.firstRow[gap] > top || shape.gaps.endRow[gap] <= top) continue;
    if (closed.gaps[gap] === 1) changed = true;
    closed.gaps[gap] = 0;
  }
  return changed;
}

function keepsAnyRoot(subtreeEnd: Int32Array, from: number, to: number, keep: Uint8Array): boolean {
  for (let row = from; row < to; row = subtreeEnd[row]) if (keep[row] === 1) return true;
  return false;
}
