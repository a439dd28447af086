import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';
import type { Repeats } from './repeats.ts';
import { allSteps, ROWS_PER_STEP, type Steps } from './steps.ts';

/**
 * What the rows need to know of a trace's tree beyond the table, derived once per table in linear passes.
 *
 * An entry is what one line shows: a table row (≥ 0), or something that is no span, written `~fold` (< 0): a gap, which is
 * a parent that spans name but that was not received, or a group of repeats. Folds are numbered gaps first:
 * 0 … gaps.count - 1, then what stands for a root that was not received (`rootless`), then the groups.
 */
export interface TreeShape {
  readonly table: TraceTable;
  /** Entries directly below each row: its children, with each group of repeats counted once. */
  readonly entryCount: Int32Array;
  /** 1-based place of each row among its siblings (below the same parent, gap or group, or at the top). */
  readonly position: Int32Array;
  /** 1-based level of each row as it is shown: one deeper below a gap and in each group. */
  readonly level: Int32Array;
  readonly gaps: Gaps;
  /** Entries at the top. */
  readonly topLevelCount: number;
  /** Set where nothing but gaps stands at the top, and several of them: one entry stands for the root that all miss. */
  readonly rootless: Rootless | undefined;
  /** Undefined while repeats are not grouped. */
  readonly groups: Groups | undefined;
}

/** From the first start to the last end of what was received, ns after the base. */
export interface Rootless {
  readonly startNs: number;
  readonly endNs: number;
}

/** Groups of repeats as entries. Columns are indexed by group. */
export interface Groups {
  readonly repeats: Repeats;
  /** As `TreeShape.position` and `.level`. */
  readonly position: Int32Array;
  readonly level: Int32Array;
  /** Groups in the order of their places in `Repeats.order`. */
  readonly byPlace: Int32Array;
}

/** Gaps in row order. Columns are indexed by gap. */
export interface Gaps {
  readonly count: number;
  /** Table row of the first orphan, and the row after the last orphan's subtree. */
  readonly firstRow: Int32Array;
  readonly endRow: Int32Array;
  readonly orphanCount: Int32Array;
  /** Entries below the gap. */
  readonly entryCount: Int32Array;
  /** 1-based place among the entries at the top. */
  readonly position: Int32Array;
  /** From the first orphan's start to the last orphan's end, ns after the base. */
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
}

/** The shape of a table, without groups. */
export function treeShape(table: TraceTable): TreeShape {
  return allSteps(shapeInSteps(table));
}

/** Whether a row has children. */
export function hasChildren({ table }: TreeShape, row: number): boolean {
  return table.subtreeEnd[row] > row + 1;
}

/** Number of folds. */
export function foldCount(shape: TreeShape): number {
  return firstGroupFold(shape) + (shape.groups?.repeats.count ?? 0);
}

/** Fold of group 0. */
export function firstGroupFold({ gaps, rootless }: TreeShape): number {
  return gaps.count + (rootless === undefined ? 0 : 1);
}

/** Entry of the root that was not received, undefined where there is none. */
export function rootlessEntry({ gaps, rootless }: TreeShape): number | undefined {
  return rootless === undefined ? undefined : ~gaps.count;
}

export function* shapeInSteps(table: TraceTable): Steps<TreeShape> {
  const { length, parent, depth } = table;
  const entryCount = new Int32Array(length);
  const position = new Int32Array(length);
  const level = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    if (parent[row] >= 0) position[row] = ++entryCount[parent[row]];
    level[row] = depth[row] + 1;
  }
  const gaps = growableGaps();
  let topLevelCount = 0;
  let row = 0;
  while (row < length) {
    topLevelCount++;
    if (!isOrphan(table, row)) {
      position[row] = topLevelCount;
      row = table.subtreeEnd[row];
      continue;
    }
    const first = row;
    let orphans = 0;
    let startNs = Number.POSITIVE_INFINITY;
    let endNs = Number.NEGATIVE_INFINITY;
    while (row < length && isOrphan(table, row) && table.parentSpanId[row] === table.parentSpanId[first]) {
      position[row] = ++orphans;
      startNs = Math.min(startNs, table.startNs[row]);
      endNs = Math.max(endNs, table.startNs[row] + Math.max(0, table.spanDurationNs[row]));
      row = table.subtreeEnd[row];
    }
    for (let below = first; below < row; below++) level[below]++;
    gaps.push(first, row, orphans, topLevelCount, startNs, endNs);
  }
  const found = gaps.finish();
  const rootless = rootlessOf(found, topLevelCount);
  if (rootless !== undefined) for (let each = 0; each < length; each++) level[each]++;
  return {
    table,
    entryCount,
    position,
    level,
    gaps: found,
    topLevelCount: rootless === undefined ? topLevelCount : 1,
    rootless,
    groups: undefined,
  };
}

function rootlessOf({ count, startNs, endNs }: Gaps, topLevelCount: number): Rootless | undefined {
  if (count < 2 || count < topLevelCount) return undefined;
  let first = startNs[0];
  let last = endNs[0];
  for (let gap = 1; gap < count; gap++) {
    first = Math.min(first, startNs[gap]);
    last = Math.max(last, endNs[gap]);
  }
  return { startNs: first, endNs: last };
}

/** The same tree with repeats folded into groups; itself if there are none. One pass. */
export function withGroups(shape: TreeShape, repeats: Repeats): TreeShape {
  return allSteps(groupsInSteps(shape, repeats));
}

export function* groupsInSteps(shape: TreeShape, repeats: Repeats): Steps<TreeShape> {
  if (repeats.count === 0) return shape;
  const { table, gaps } = shape;
  const { length, parent } = table;
  const { groupOf, offset, member } = repeats;
  const entryCount = new Int32Array(length);
  const position = new Int32Array(length);
  const level = new Int32Array(length);
  const inGap = new Int32Array(gaps.count);
  const gapPosition = gaps.position.slice();
  const place = new Int32Array(repeats.count);
  const groupLevel = new Int32Array(repeats.count);
  const listed = new Int32Array(repeats.count);
  const topLevel = shape.rootless === undefined ? 1 : 2;
  let top = 0;
  let gap = 0;
  for (let row = 0; row < length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    const above = parent[row];
    if (above < 0) while (gap < gaps.count && gaps.endRow[gap] <= row) gap++;
    const orphan = above < 0 && gap < gaps.count && gaps.firstRow[gap] <= row;
    if (orphan && row === gaps.firstRow[gap]) gapPosition[gap] = ++top;
    const base = above >= 0 ? level[above] + 1 : orphan ? topLevel + 1 : topLevel;
    const group = groupOf[row];
    level[row] = group < 0 ? base : base + 1;
    if (group >= 0) position[row] = ++listed[group];
    if (group >= 0 && member[offset[group]] !== row) continue;
    const at = above >= 0 ? ++entryCount[above] : orphan ? ++inGap[gap] : ++top;
    if (group < 0) position[row] = at;
    else {
      place[group] = at;
      groupLevel[group] = base;
    }
  }
  return {
    ...shape,
    entryCount,
    position,
    level,
    gaps: { ...gaps, position: gapPosition, entryCount: inGap },
    topLevelCount: shape.rootless === undefined ? top : 1,
    groups: { repeats, position: place, level: groupLevel, byPlace: groupsByPlace(repeats) },
  };
}

/** No two groups begin at one place. */
function groupsByPlace({ count, order, firstAt }: Repeats): Int32Array {
  const beginsAt = new Int32Array(order.length);
  for (let group = 0; group < count; group++) beginsAt[firstAt[group]] = group + 1;
  const byPlace = new Int32Array(count);
  for (let at = 0, found = 0; found < count; at++) if (beginsAt[at] > 0) byPlace[found++] = beginsAt[at] - 1;
  return byPlace;
}

function isOrphan(table: TraceTable, row: number): boolean {
  return (table.flags[row] & SpanFlag.orphan) !== 0;
}

function growableGaps() {
  const first: number[] = [];
  const end: number[] = [];
  const orphans: number[] = [];
  const position: number[] = [];
  const start: number[] = [];
  const stop: number[] = [];
  return {
    push(firstRow: number, endRow: number, count: number, place: number, startNs: number, endNs: number): void {
      first.push(firstRow);
      end.push(endRow);
      orphans.push(count);
      position.push(place);
      start.push(startNs);
      stop.push(endNs);
    },
    finish(): Gaps {
      return {
        count: first.length,
        firstRow: Int32Array.from(first),
        endRow: Int32Array.from(end),
        orphanCount: Int32Array.from(orphans),
        entryCount: Int32Array.from(orphans),
        position: Int32Array.from(position),
        startNs: Float64Array.from(start),
        endNs: Float64Array.from(stop),
      };
    },
  };
}

/** Whether no root was received: all that is there are fragments below parents that are missing. */
export function lacksRoot({ gaps, rootless, topLevelCount }: TreeShape): boolean {
  return rootless !== undefined || (gaps.count === 1 && topLevelCount === 1);
}
