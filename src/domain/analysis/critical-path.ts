import { SpanKind, type TraceTable } from '#domain/trace/trace-table.ts';
import { mainRoot, type RootColumns } from './trace-roots.ts';

/**
 * A partition of a root's interval into pieces in which one span alone decided how long the trace took. Pieces are in
 * order of time, touch each other, and add up to the root's duration exactly. Columns of equal length.
 */
export interface CriticalPath {
  /** Row of the root, -1 for an empty table. */
  readonly rootRow: number;
  readonly row: Int32Array;
  /** ns after the base of the table. */
  readonly fromNs: Float64Array;
  readonly toNs: Float64Array;
}

/** The columns that a path is made of. */
export type PathColumns = RootColumns & Pick<TraceTable, 'kind' | 'spanId'>;

/** A copy of them, for a path to be worked out after the table has gone to another thread. */
export function pathColumns(table: TraceTable): PathColumns {
  return {
    length: table.length,
    startNs: table.startNs.slice(),
    spanDurationNs: table.spanDurationNs.slice(),
    subtreeEnd: table.subtreeEnd.slice(),
    flags: table.flags.slice(),
    kind: table.kind.slice(),
    spanId: table.spanId.slice(),
  };
}

export interface CriticalPathOptions {
  /**
   * Two siblings that overlap by less than this share of their parent count as sequential: clocks are not exact to the
   * microsecond. 0 switches the rule off.
   */
  readonly toleratedOverlap?: number;
}

/**
 * The path below `rootRow` (by default that of `mainRoot`). From the end of a span backwards: the child that ended last
 * was the one waited for; before its start, the child that had ended by then; where none ran, the span itself worked.
 *
 *   root  ████████████████████
 *   a                ████████      ended last: the root waited for it
 *   b       ███████                had ended when a started
 *   c         █████████            ran beside both: nobody waited for it
 *   path  RRbbbbbbbRRaaaaaaaaR
 *
 * Children are clipped to the interval that their parent is on the path; a CONSUMER below a PRODUCER is work nobody waits
 * for and is left out with its subtree. Links are not parentage. O(n log n), no recursion.
 */
export function criticalPath(
  table: PathColumns,
  rootRow: number = mainRoot(table),
  { toleratedOverlap = 0.01 }: CriticalPathOptions = {},
): CriticalPath {
  const pieces = new Intervals();
  if (rootRow < 0) return pathOf(rootRow, pieces);
  const kids = new Kids(table);
  // What has not been told yet, the earliest on top: a span whose children are not known is written as its row, a piece
  // of one as ~row.
  const waiting = new Intervals();
  waiting.push(rootRow, table.startNs[rootRow], table.startNs[rootRow] + duration(table, rootRow));
  while (waiting.count > 0) {
    const { row, fromNs, toNs } = waiting.pop();
    if (row < 0) {
      pieces.push(~row, fromNs, toNs);
      continue;
    }
    kids.collect(row, fromNs, toNs);
    const tolerated = toleratedOverlap * (toNs - fromNs);
    let untilNs = toNs;
    let previous: Kid | undefined;
    for (const kid of kids.byEndDescending()) {
      let endNs = kid.toNs;
      if (endNs > untilNs) {
        if (previous === undefined || !kids.isClockNoise(kid, previous, tolerated)) continue;
        endNs = untilNs;
      }
      if (endNs < untilNs) waiting.push(~row, endNs, untilNs);
      waiting.push(kid.row, kid.fromNs, endNs);
      untilNs = kid.fromNs;
      previous = kid;
    }
    if (fromNs < untilNs) pieces.push(row, fromNs, untilNs);
  }
  return pathOf(rootRow, pieces);
}

function pathOf(rootRow: number, pieces: Intervals): CriticalPath {
  return { rootRow, ...pieces.columns() };
}

interface Interval {
  readonly row: number;
  readonly fromNs: number;
  readonly toNs: number;
}
/** A child clipped to the part of its parent that is on the path; longer than 0. */
type Kid = Interval;

/** The children of one span at a time. */
class Kids {
  readonly #table: PathColumns;
  #kids: Kid[] = [];
  /** Starts and ends of all kids, ascending; made when the first overlap asks for it. */
  #events: Float64Array | undefined;

  constructor(table: PathColumns) {
    this.#table = table;
  }

  collect(row: number, fromNs: number, toNs: number): void {
    const { startNs, subtreeEnd, kind } = this.#table;
    const producer = kind[row] === SpanKind.producer;
    this.#kids = [];
    this.#events = undefined;
    for (let child = row + 1; child < subtreeEnd[row]; child = subtreeEnd[child]) {
      if (producer && kind[child] === SpanKind.consumer) continue;
      const kidFrom = Math.max(fromNs, startNs[child]);
      const kidTo = Math.min(toNs, startNs[child] + duration(this.#table, child));
      if (kidFrom < kidTo) this.#kids.push({ row: child, fromNs: kidFrom, toNs: kidTo });
    }
  }

  /** The one that ended last first; of equal ends the later start, then the span id, so that input order never shows. */
  byEndDescending(): readonly Kid[] {
    const { spanId } = this.#table;
    if (this.#kids.length < 2) return this.#kids;
    return this.#kids.sort((a, b) => {
      if (a.toNs !== b.toNs) return b.toNs - a.toNs;
      if (a.fromNs !== b.fromNs) return b.fromNs - a.fromNs;
      if (spanId[a.row] !== spanId[b.row]) return spanId[a.row] < spanId[b.row] ? -1 : 1;
      return a.row - b.row;
    });
  }

  /**
   * Whether `kid` ran before `previous` although it seems to end a moment after that started: the overlap is below what
   * is tolerated, and these two are the only child start and end within it (so that `kid` also starts before `previous`
   * and ends before it).
   */
  isClockNoise(kid: Kid, previous: Kid, toleratedNs: number): boolean {
    return kid.toNs - previous.fromNs < toleratedNs && this.#eventsWithin(previous.fromNs, kid.toNs) === 2;
  }

  #eventsWithin(fromNs: number, toNs: number): number {
    this.#events ??= Float64Array.from(
      { length: this.#kids.length * 2 },
      (_, i) => this.#kids[i >> 1][i & 1 ? 'toNs' : 'fromNs'],
    ).sort();
    return firstAbove(this.#events, toNs) - firstNotBelow(this.#events, fromNs);
  }
}

/** Intervals of rows as columns, to be taken away from the end. */
class Intervals {
  count = 0;
  #row = new Int32Array(64);
  #fromNs = new Float64Array(64);
  #toNs = new Float64Array(64);

  push(row: number, fromNs: number, toNs: number): void {
    if (this.count === this.#row.length) this.#grow();
    this.#row[this.count] = row;
    this.#fromNs[this.count] = fromNs;
    this.#toNs[this.count++] = toNs;
  }

  pop(): Interval {
    const last = --this.count;
    return { row: this.#row[last], fromNs: this.#fromNs[last], toNs: this.#toNs[last] };
  }

  columns(): Pick<CriticalPath, 'row' | 'fromNs' | 'toNs'> {
    const { count } = this;
    return {
      row: this.#row.slice(0, count),
      fromNs: this.#fromNs.slice(0, count),
      toNs: this.#toNs.slice(0, count),
    };
  }

  #grow(): void {
    const [row, fromNs, toNs] = [this.#row, this.#fromNs, this.#toNs];
    this.#row = new Int32Array(2 * row.length);
    this.#fromNs = new Float64Array(2 * row.length);
    this.#toNs = new Float64Array(2 * row.length);
    this.#row.set(row);
    this.#fromNs.set(fromNs);
    this.#toNs.set(toNs);
  }
}

function duration(table: PathColumns, row: number): number {
  return Math.max(0, table.spanDurationNs[row]);
}

/** Index of the first value ≥ `bound` of an ascending column. */
function firstNotBelow(ascending: Float64Array, bound: number): number {
  return partition(ascending, value => value >= bound);
}

function firstAbove(ascending: Float64Array, bound: number): number {
  return partition(ascending, value => value > bound);
}

function partition(ascending: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(ascending[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
