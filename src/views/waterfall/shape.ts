import { firstGroupFold, type Gaps, rootlessEntry, type TreeShape } from '#domain/analysis/tree-shape.ts';

// What the entries of a `TreeShape` are, and how they lie to each other.

/** The gap that row `row` lies under, -1 if none. */
export function gapOfRow(gaps: Gaps, row: number): number {
  let low = 0;
  let high = gaps.count - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (gaps.firstRow[middle] > row) high = middle - 1;
    else if (gaps.endRow[middle] <= row) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** Group of repeats that an entry stands for, -1 for any other. */
export function groupOfEntry(shape: TreeShape, entry: number): number {
  return entry < 0 ? Math.max(-1, ~entry - firstGroupFold(shape)) : -1;
}

/** Entry of the group that a row is a member of; undefined if it is none. */
export function entryOfGroupWith(shape: TreeShape, row: number): number | undefined {
  const group = shape.groups === undefined ? -1 : shape.groups.repeats.groupOf[row];
  return group < 0 ? undefined : ~(firstGroupFold(shape) + group);
}

/** The row itself, or the first row that a gap or a group holds; -1 for an entry that is not there. */
export function firstRowOf(shape: TreeShape, entry: number): number {
  const { gaps, groups } = shape;
  if (entry >= 0) return entry;
  if (~entry < gaps.count) return gaps.firstRow[~entry];
  if (entry === rootlessEntry(shape)) return gaps.firstRow[0];
  const repeats = groups?.repeats;
  const group = ~entry - firstGroupFold(shape);
  return repeats === undefined || group >= repeats.count ? -1 : repeats.member[repeats.offset[group]];
}

/** The entry directly above in the tree: group, parent or gap; undefined at the top. */
export function entryAbove(shape: TreeShape, entry: number): number | undefined {
  const isGroup = groupOfEntry(shape, entry) >= 0;
  if (entry < 0 && !isGroup) return entry === rootlessEntry(shape) ? undefined : rootlessEntry(shape);
  const row = firstRowOf(shape, entry);
  const group = isGroup ? undefined : entryOfGroupWith(shape, row);
  if (group !== undefined) return group;
  if (shape.table.parent[row] >= 0) return shape.table.parent[row];
  const gap = gapOfRow(shape.gaps, row);
  return gap < 0 ? undefined : ~gap;
}

/** 1-based tree level of an entry as it is shown. */
export function levelOf(shape: TreeShape, entry: number): number {
  if (entry >= 0) return shape.level[entry];
  const group = groupOfEntry(shape, entry);
  if (group >= 0) return shape.groups?.level[group] ?? 1;
  return shape.rootless !== undefined && ~entry < shape.gaps.count ? 2 : 1;
}

/** 1-based place of an entry among its siblings. */
export function positionOf(shape: TreeShape, entry: number): number {
  if (entry >= 0) return shape.position[entry];
  const group = groupOfEntry(shape, entry);
  if (group >= 0) return shape.groups?.position[group] ?? 1;
  return entry === rootlessEntry(shape) ? 1 : shape.gaps.position[~entry];
}

/** Number of entries beside an entry, itself included. */
export function siblingCount(shape: TreeShape, entry: number): number {
  const above = entryAbove(shape, entry);
  if (above === undefined) return shape.topLevelCount;
  if (above >= 0) return shape.entryCount[above];
  if (above === rootlessEntry(shape)) return shape.gaps.count;
  const group = groupOfEntry(shape, above);
  const offset = shape.groups?.repeats.offset;
  return group < 0 || offset === undefined ? shape.gaps.entryCount[~above] : offset[group + 1] - offset[group];
}
