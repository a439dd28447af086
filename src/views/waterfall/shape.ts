import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';

/**
 * What the rows need to know of a trace's tree beyond the table, derived once per table in linear passes.
 * A gap is a parent that spans name but that was not received: it gets a row of its own, with its orphans below.
 */
export interface TreeShape {
  readonly table: TraceTable;
  /** Direct children of each row. */
  readonly childCount: Int32Array;
  /** 1-based place of each row among its siblings (below the same parent, the same gap, or at the top). */
  readonly position: Int32Array;
  readonly gaps: Gaps;
  /** Entries at the top: gaps, and roots that are no orphans. */
  readonly topLevelCount: number;
}

/** Gaps in row order. Columns are indexed by gap. */
export interface Gaps {
  readonly count: number;
  /** Table row of the first orphan, and the row after the last orphan's subtree. */
  readonly firstRow: Int32Array;
  readonly endRow: Int32Array;
  readonly orphanCount: Int32Array;
  /** 1-based place among the entries at the top. */
  readonly position: Int32Array;
  /** From the first orphan's start to the last orphan's end, ns after the base. */
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
}

const shapes = new WeakMap<TraceTable, TreeShape>();

/** The shape of a table; computed once. */
export function treeShape(table: TraceTable): TreeShape {
  let shape = shapes.get(table);
  if (shape === undefined) {
    shape = deriveShape(table);
    shapes.set(table, shape);
  }
  return shape;
}

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

/** 1-based tree level of a row as it is shown: spans below a gap sit one level deeper. */
export function levelOfRow(shape: TreeShape, row: number): number {
  return shape.table.depth[row] + (gapOfRow(shape.gaps, row) < 0 ? 1 : 2);
}

/** Number of entries beside a row, itself included. */
export function siblingCount(shape: TreeShape, row: number): number {
  const parent = shape.table.parent[row];
  if (parent >= 0) return shape.childCount[parent];
  const gap = gapOfRow(shape.gaps, row);
  return gap < 0 ? shape.topLevelCount : shape.gaps.orphanCount[gap];
}

function deriveShape(table: TraceTable): TreeShape {
  const { length, parent } = table;
  const childCount = new Int32Array(length);
  const position = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    if (parent[row] >= 0) position[row] = ++childCount[parent[row]];
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
    gaps.push(first, row, orphans, topLevelCount, startNs, endNs);
  }
  return { table, childCount, position, gaps: gaps.finish(), topLevelCount };
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
        position: Int32Array.from(position),
        startNs: Float64Array.from(start),
        endNs: Float64Array.from(stop),
      };
    },
  };
}
