import { breakCycles } from './break-cycles.ts';
import { linkParents } from './link-parents.ts';
import { compare64, SortScratch, sortBy64 } from './sort-by-64.ts';
import { sortRange } from './sort-range.ts';
import { difference64, isZero, type SpanColumns } from './span-columns.ts';
import { SpanFlag } from './trace-table.ts';
import type { TraceTimes } from './trace-times.ts';

/** Orders two spans by their whole content; 0 exactly when they are identical. */
export type CompareContent = (a: number, b: number) => number;

/** The tree over spans in order of arrival. */
export interface TraceTree {
  /** Arrival indexes in row order: pre-order, without the dropped duplicates. */
  readonly order: Int32Array;
  /** Structural parent per arrival index; negative for a root. */
  readonly parent: Int32Array;
  /** How often a span was received of which there are copies, by arrival index. */
  readonly received: ReadonlyMap<number, number>;
  readonly missingParents: number;
  readonly orphans: number;
  readonly cycles: number;
  readonly identicalDuplicates: number;
  readonly duplicateIds: number;
}

/**
 * Turns reported parent ids into one forest and its pre-order. Whatever the input, each span ends up in it exactly once
 * or is an identical duplicate. Iterative and O(n log n). Sets flags, and gives spans without a start that of their
 * parent (in `spans.start`), so that they stand, and are drawn, inside it.
 */
export function buildTree(
  spans: SpanColumns,
  times: TraceTimes,
  flags: Uint16Array,
  compareContent: CompareContent,
): TraceTree {
  const earlier = (a: number, b: number) => compareSpans(spans, times, compareContent, a, b);
  const scratch = new SortScratch();
  const links = linkParents(spans, flags, compareContent, earlier, scratch);
  const cycles = links.selfParents + breakCycles(links.parent, flags, earlier);
  inheritStarts(spans, times, flags, links.parent);

  const alive = new Int32Array(spans.count - links.identicalDuplicates);
  let count = 0;
  for (let i = 0; i < spans.count; i++) if (links.dropped[i] === 0) alive[count++] = i;
  sortBy64(alive, spans.start, scratch);
  sortTies(alive, spans, earlier);
  return { ...links, cycles, order: preOrder(alive, links.parent) };
}

/** Start, then the longer, then the span id. Spans without a start come last. */
function compareSpans(spans: SpanColumns, times: TraceTimes, content: CompareContent, a: number, b: number): number {
  const { start } = spans;
  const missing = Number(isZero(start, a)) - Number(isZero(start, b));
  if (missing !== 0) return missing;
  return (
    compare64(start, a, b) ||
    times.durationNs[b] - times.durationNs[a] ||
    compare64(spans.spanId, a, b) ||
    content(a, b) ||
    a - b
  );
}

/** After the sort by start: spans that start together are put in their full order. */
function sortTies(sorted: Int32Array, spans: SpanColumns, compare: (a: number, b: number) => number): void {
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && compare64(spans.start, sorted[from], sorted[to]) === 0) to++;
    if (to - from > 1) sortRange(sorted, from, to, compare);
    from = to;
  }
}

/** Gives each span without a start that of its nearest ancestor that has one, off the scale or not; otherwise the base. */
function inheritStarts(spans: SpanColumns, times: TraceTimes, flags: Uint16Array, parent: Int32Array): void {
  const { start } = spans;
  for (let i = 0; i < spans.count; i++) {
    if (!isZero(start, i)) continue;
    let ancestor = i;
    while (ancestor >= 0 && isZero(start, ancestor)) ancestor = parent[ancestor];
    const lo = ancestor < 0 ? times.base[0] : start[2 * ancestor];
    const hi = ancestor < 0 ? times.base[1] : start[2 * ancestor + 1];
    if (lo === 0 && hi === 0) return; // no span of the trace has a start
    const fromBaseNs = ancestor < 0 ? 0 : difference64(start, ancestor, times.base, 0);
    const inherited = fromBaseNs >= 0 && fromBaseNs <= times.extentNs ? 0 : flags[ancestor] & SpanFlag.offScale;
    for (let span = i; span !== ancestor && span >= 0; span = parent[span]) {
      start[2 * span] = lo;
      start[2 * span + 1] = hi;
      flags[span] |= inherited;
    }
  }
}

/** Children lists as links between spans, then one walk without a stack. `sorted` gives the order among siblings. */
function preOrder(sorted: Int32Array, parent: Int32Array): Int32Array {
  const firstChild = new Int32Array(parent.length).fill(-1);
  const nextSibling = new Int32Array(parent.length).fill(-1);
  const roots = new Int32Array(sorted.length);
  let firstRoot = roots.length;
  for (let i = sorted.length - 1; i >= 0; i--) {
    const span = sorted[i];
    const above = parent[span];
    if (above < 0) {
      roots[--firstRoot] = span;
      continue;
    }
    nextSibling[span] = firstChild[above];
    firstChild[above] = span;
  }
  const order = new Int32Array(sorted.length);
  let row = 0;
  const inOrder = orphansTogether(roots.subarray(firstRoot), parent);
  for (let i = 0; i < inOrder.length; i++) {
    const root = inOrder[i];
    let span = root;
    while (true) {
      order[row++] = span;
      if (firstChild[span] >= 0) {
        span = firstChild[span];
        continue;
      }
      while (span !== root && nextSibling[span] < 0) span = parent[span];
      if (span === root) break;
      span = nextSibling[span];
    }
  }
  return order;
}

/** Roots (by start) with the orphans of one missing parent together where the first of them stands. */
function orphansTogether(sorted: Int32Array, parent: Int32Array): Int32Array {
  let groups = 0;
  for (let i = 0; i < sorted.length; i++) groups = Math.max(groups, -1 - parent[sorted[i]]);
  if (groups === 0) return sorted;
  // As lists per group, filled backwards: links.parent is -2 - g for an orphan of missing parent g.
  const first = new Int32Array(groups).fill(-1);
  const next = new Int32Array(sorted.length).fill(-1);
  for (let i = sorted.length - 1; i >= 0; i--) {
    const group = -2 - parent[sorted[i]];
    if (group < 0) continue;
    next[i] = first[group];
    first[group] = i;
  }
  const roots = new Int32Array(sorted.length);
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    const group = -2 - parent[sorted[i]];
    if (group < 0) roots[count++] = sorted[i];
    else if (first[group] === i) for (let at = i; at >= 0; at = next[at]) roots[count++] = sorted[at];
  }
  return roots;
}
