import type { Repeats } from './repeats.ts';
import { firstGroupFold, foldCount, type Groups, rootlessEntry, type TreeShape } from './tree-shape.ts';

/**
 * Which entries (see `TreeShape`) are shown, top to bottom.
 *
 *   index  entry
 *     0      0     storefront POST /checkout
 *     1      1       checkout POST /checkout     (closed: its subtree, rows 2 … 7, is hidden)
 *     2     ~1       render × 6                  (a closed group: rows 8 … 13 are hidden)
 *     3     ~0     missing parent a1b2…
 *     4     14       ledger POST /entries
 */
export interface VisibleRows {
  readonly count: number;
  /** Valid up to `count`. */
  readonly entry: Int32Array;
  /** Per table row: the index of its entry or, when hidden, of the entry that stands for it; -1 for none. */
  readonly indexOfRow: Int32Array;
}

/** 1 = closed, per table row and per fold (see `TreeShape`). Only entries with something below can be closed. */
export interface Closed {
  readonly rows: Uint8Array;
  readonly folds: Uint8Array;
}

/** As a trace is first shown: every row open, repeats folded. */
export function closedAtFirst(shape: TreeShape): Closed {
  const closed = nothingClosed(shape);
  closed.folds.fill(1, firstGroupFold(shape));
  return closed;
}

export function nothingClosed(shape: TreeShape): Closed {
  return { rows: new Uint8Array(shape.table.length), folds: new Uint8Array(foldCount(shape)) };
}

/** Columns that `visibleRows` may write over; a million rows are not worth allocating with each key press. */
export interface RowBuffers {
  readonly entry: Int32Array;
  readonly indexOfRow: Int32Array;
}

export function rowBuffers(shape: TreeShape): RowBuffers {
  return {
    entry: new Int32Array(shape.table.length + foldCount(shape)),
    indexOfRow: new Int32Array(shape.table.length),
  };
}

/**
 * One pass over the table; closed subtrees are jumped. `keep`, if given, has 1 for every row that may be shown and is
 * closed upwards (a kept row's ancestors are kept), see `withAncestors`.
 */
export function visibleRows(
  shape: TreeShape,
  closed: Closed,
  keep?: Uint8Array,
  { entry, indexOfRow }: RowBuffers = rowBuffers(shape),
): VisibleRows {
  const { table, gaps, groups } = shape;
  const { length, subtreeEnd, parent } = table;
  const repeats = groups?.repeats;
  /** What stands for each closed group that was met. */
  const standsAt = new Int32Array(repeats?.count ?? 0).fill(NOT_MET);
  const firstGroup = firstGroupFold(shape);
  let anyStands = false;
  let count = 0;
  const top = rootlessEntry(shape);
  if (top !== undefined && (keep === undefined || keep.includes(1))) {
    entry[count++] = top;
    if (closed.folds[~top] === 1) {
      indexOfRow.fill(0);
      return { count, entry, indexOfRow };
    }
  }
  let gap = 0;
  let nextGap = gaps.count > 0 ? gaps.firstRow[0] : -1;
  // The next group by place.
  let nth = 0;
  let groupAt = placeOfGroup(groups, nth);
  // Place in the order of rows: a row's subtree, a gap and a group are one range of it each.
  let at = 0;
  while (at < length) {
    const row = repeats === undefined ? at : repeats.order[at];
    if (row === nextGap) {
      const fold = gap++;
      const end = gaps.endRow[fold];
      nextGap = gap < gaps.count ? gaps.firstRow[gap] : -1;
      const shown = keep === undefined || keepsAnyRoot(subtreeEnd, row, end, keep);
      if (shown) entry[count++] = ~fold;
      if (!shown || closed.folds[fold] === 1) {
        fill(indexOfRow, shown ? count - 1 : -1, row, end);
        at += end - row;
        continue;
      }
    }
    // Groups in what is closed were jumped over.
    while (groupAt < at) groupAt = placeOfGroup(groups, ++nth);
    if (groupAt === at && groups !== undefined && repeats !== undefined) {
      const group = groups.byPlace[nth];
      const shown = keep === undefined || keepsAnyMember(repeats, group, keep);
      if (shown) entry[count++] = ~(firstGroup + group);
      if (!shown || closed.folds[firstGroup + group] === 1) {
        standsAt[group] = shown ? count - 1 : parent[row] < 0 ? -1 : indexOfRow[parent[row]];
        anyStands = true;
        at = repeats.endAt[group];
        continue;
      }
    }
    if (keep !== undefined && keep[row] === 0) {
      const size = subtreeEnd[row] - row;
      fill(indexOfRow, parent[row] < 0 ? -1 : indexOfRow[parent[row]], row, row + size);
      at += size;
      continue;
    }
    entry[count] = row;
    indexOfRow[row] = count++;
    if (closed.rows[row] === 1 && subtreeEnd[row] > row + 1) {
      const size = subtreeEnd[row] - row;
      fill(indexOfRow, count - 1, row + 1, row + size);
      at += size;
    } else at++;
  }
  if (anyStands && repeats !== undefined) standIn(indexOfRow, standsAt, repeats.groupOf, subtreeEnd);
  return { count, entry, indexOfRow };
}

const NOT_MET = -2;

/** Beyond every row. */
const NOWHERE = 2 ** 30;

/** Where the n-th group by place begins. */
function placeOfGroup(groups: Groups | undefined, nth: number): number {
  return groups !== undefined && nth < groups.byPlace.length ? groups.repeats.firstAt[groups.byPlace[nth]] : NOWHERE;
}

/** Gives what closed groups hide its index, in row order: members of many groups lie between each other. */
function standIn(indexOfRow: Int32Array, standsAt: Int32Array, groupOf: Int32Array, subtreeEnd: Int32Array): void {
  let row = 0;
  while (row < groupOf.length) {
    const index = groupOf[row] < 0 ? NOT_MET : standsAt[groupOf[row]];
    if (index === NOT_MET) row++;
    else {
      fill(indexOfRow, index, row, subtreeEnd[row]);
      row = subtreeEnd[row];
    }
  }
}

/** Most ranges are short, and a call of the built-in costs as much as many rows. */
function fill(column: Int32Array, value: number, from: number, to: number): void {
  if (to - from > 64) column.fill(value, from, to);
  else for (let row = from; row < to; row++) column[row] = value;
}

function keepsAnyRoot(subtreeEnd: Int32Array, from: number, to: number, keep: Uint8Array): boolean {
  for (let row = from; row < to; row = subtreeEnd[row]) if (keep[row] === 1) return true;
  return false;
}

function keepsAnyMember({ offset, member }: Repeats, group: number, keep: Uint8Array): boolean {
  for (let i = offset[group]; i < offset[group + 1]; i++) if (keep[member[i]] === 1) return true;
  return false;
}
