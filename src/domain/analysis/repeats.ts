import { SpanFlag, StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';
import { operationIds } from './operation-ids.ts';
import { allSteps, ROWS_PER_STEP, type Steps } from './steps.ts';

/** Fewer alike siblings than this are not folded into one. */
export const LEAST_REPEATS = 4;

/**
 * Siblings with the same service and name, folded into groups. Members of a group need not be neighbours: `order` lists
 * the rows with each group gathered where its first member stands, so that a group, like a subtree, is one range of it.
 *
 *   rows      0 cart   1 SELECT  2 price  3 SELECT  4 SELECT  5 render  6 SELECT
 *   order     0        1 3 4 6                      2         5
 *   group 0            └──────┘ firstAt 1, endAt 5
 */
export interface Repeats {
  readonly count: number;
  /** Every row once. */
  readonly order: Int32Array;
  /** Group that a row is a member of, -1 for none. */
  readonly groupOf: Int32Array;
  /** Members of group g, by start: member[offset[g]] … member[offset[g + 1] - 1]. */
  readonly offset: Int32Array;
  readonly member: Int32Array;
  /** Range of the group in `order`: its members and all below them. */
  readonly firstAt: Int32Array;
  readonly endAt: Int32Array;
  readonly errors: Int32Array;
  /** From the first start to the last end, ns after the base. */
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  /** Wall-clock time in which at least one member ran, and the shortest and the longest member, ns. */
  readonly unionNs: Float64Array;
  readonly minNs: Float64Array;
  readonly maxNs: Float64Array;
  /** Per row: which attempt after a failure it is (1 for the first retry), 0 for none; at most 255. */
  readonly retry: Uint8Array;
}

/**
 * Folds repeats of `LEAST_REPEATS` and more, and numbers retries: a sibling that starts when one of its own service and
 * name has failed. Linear in the rows.
 */
export function repeatsOf(table: TraceTable): Repeats {
  return allSteps(repeatsInSteps(table));
}

export function* repeatsInSteps(table: TraceTable): Steps<Repeats> {
  const { groupOf, sizes, retry } = yield* gather(table);
  const columns = yield* groupColumns(table, groupOf, sizes);
  return { count: sizes.length, groupOf, retry, ...columns, ...(yield* placeRows(table, groupOf, columns)) };
}

function* gather(table: TraceTable): Steps<{ groupOf: Int32Array; sizes: number[]; retry: Uint8Array }> {
  const { length, subtreeEnd } = table;
  const { operation, count } = yield* operationIds(table);
  const groupOf = new Int32Array(length).fill(-1);
  const retry = new Uint8Array(length);
  const sizes: number[] = [];
  // Per operation, valid while listOf names the list that is being read.
  const listOf = new Int32Array(count).fill(-1);
  const seen = new Int32Array(count);
  const group = new Int32Array(count);
  const last = new Int32Array(count);
  let list = -1;
  const read = (first: number, end: number, rootsOnly: boolean): void => {
    list++;
    let most = 0;
    for (let row = first; row < end; row = subtreeEnd[row]) {
      if (rootsOnly && isOrphan(table, row)) continue;
      const op = operation[row];
      if (listOf[op] !== list) {
        listOf[op] = list;
        seen[op] = 0;
        group[op] = -1;
      } else if (hasFailedBefore(table, last[op], row)) retry[row] = Math.min(255, retry[last[op]] + 1);
      last[op] = row;
      if (++seen[op] > most) most = seen[op];
    }
    if (most < LEAST_REPEATS) return;
    for (let row = first; row < end; row = subtreeEnd[row]) {
      const op = operation[row];
      if ((rootsOnly && isOrphan(table, row)) || seen[op] < LEAST_REPEATS) continue;
      if (group[op] < 0) group[op] = sizes.push(seen[op]) - 1;
      groupOf[row] = group[op];
    }
  };
  read(0, length, true);
  yield;
  for (let row = 0; row < length; ) row = isOrphan(table, row) ? readRun(table, row, read) : subtreeEnd[row];
  for (let row = 0; row < length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    // An only child has nothing beside it.
    if (subtreeEnd[row] - row > 2 && subtreeEnd[row + 1] < subtreeEnd[row]) read(row + 1, subtreeEnd[row], false);
  }
  return { groupOf, sizes, retry };
}

/** Reads the orphans that miss the same parent as the one at `row`; returns the row after them. */
function readRun(
  table: TraceTable,
  row: number,
  read: (first: number, end: number, rootsOnly: boolean) => void,
): number {
  const { length, subtreeEnd, parentSpanId } = table;
  const missing = parentSpanId[row];
  let end = subtreeEnd[row];
  while (end < length && isOrphan(table, end) && parentSpanId[end] === missing) end = subtreeEnd[end];
  if (end > subtreeEnd[row]) read(row, end, false);
  return end;
}

function isOrphan(table: TraceTable, row: number): boolean {
  return (table.flags[row] & SpanFlag.orphan) !== 0;
}

function hasFailedBefore(table: TraceTable, before: number, row: number): boolean {
  return table.status[before] === StatusCode.error && endNs(table, before) <= table.startNs[row];
}

type Columns = Omit<Repeats, 'count' | 'groupOf' | 'retry' | 'order' | 'firstAt' | 'endAt'>;

function* groupColumns(table: TraceTable, groupOf: Int32Array, sizes: readonly number[]): Steps<Columns> {
  const count = sizes.length;
  const offset = new Int32Array(count + 1);
  for (let group = 0; group < count; group++) offset[group + 1] = offset[group] + sizes[group];
  const member = new Int32Array(offset[count]);
  const filled = new Int32Array(count);
  const errors = new Int32Array(count);
  const startNs = new Float64Array(count);
  const lastNs = new Float64Array(count);
  const unionNs = new Float64Array(count);
  const minNs = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const maxNs = new Float64Array(count);
  for (let row = 0; row < groupOf.length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    const group = groupOf[row];
    if (group < 0) continue;
    const from = table.startNs[row];
    const to = endNs(table, row);
    if (filled[group] === 0) startNs[group] = lastNs[group] = from;
    member[offset[group] + filled[group]++] = row;
    if (table.status[row] === StatusCode.error) errors[group]++;
    if (to > lastNs[group]) {
      unionNs[group] += to - Math.max(from, lastNs[group]);
      lastNs[group] = to;
    }
    minNs[group] = Math.min(minNs[group], to - from);
    maxNs[group] = Math.max(maxNs[group], to - from);
  }
  return { offset, member, errors, startNs, endNs: lastNs, unionNs, minNs, maxNs };
}

/** One pass: parents come before their children and siblings in order, so each parent needs only a cursor. */
function* placeRows(
  table: TraceTable,
  groupOf: Int32Array,
  { offset, member }: Columns,
): Steps<Pick<Repeats, 'order' | 'firstAt' | 'endAt'>> {
  const { length, parent, subtreeEnd } = table;
  const count = offset.length - 1;
  const order = new Int32Array(length);
  const cursor = new Int32Array(length);
  const firstAt = new Int32Array(count).fill(-1);
  const endAt = new Int32Array(count);
  const rows = new Int32Array(count);
  for (let group = 0; group < count; group++) {
    for (let i = offset[group]; i < offset[group + 1]; i++) rows[group] += subtreeEnd[member[i]] - member[i];
  }
  let top = 0;
  for (let row = 0; row < length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    const above = parent[row];
    const group = groupOf[row];
    const size = subtreeEnd[row] - row;
    let at = above < 0 ? top : cursor[above];
    let taken = size;
    if (group >= 0 && firstAt[group] >= 0) {
      at = endAt[group];
      taken = 0;
    } else if (group >= 0) {
      firstAt[group] = at;
      taken = rows[group];
    }
    if (group >= 0) endAt[group] = at + size;
    if (above < 0) top += taken;
    else cursor[above] += taken;
    order[at] = row;
    cursor[row] = at + 1;
  }
  return { order, firstAt, endAt };
}

function endNs(table: TraceTable, row: number): number {
  return table.startNs[row] + Math.max(0, table.spanDurationNs[row]);
}
