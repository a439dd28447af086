import { firstGroupFold, foldCount, hasChildren, rootlessEntry, type TreeShape } from '#domain/analysis/tree-shape.ts';
import { type Closed, closedAtFirst, nothingClosed } from '#domain/analysis/visible-rows.ts';
import { type SpanId, spanIdOf } from '#domain/ids.ts';
import { rowOfSpan } from '#domain/trace/span-lookup.ts';
import type { Fold, Folds } from '#state/url/url-state.ts';
import { closedToLevel } from './rows.ts';
import { firstRowOf } from './shape.ts';

/** What a `Folds` starts from. */
export function closedBy(shape: TreeShape, base: Folds['base']): Closed {
  if (base === 'first') return closedAtFirst(shape);
  return base === 'all' ? nothingClosed(shape) : closedToLevel(shape, base);
}

/** Which entries are closed, by span id: the start, and at most `most` entries that differ from it. One pass. */
export function foldsOf(shape: TreeShape, closed: Closed, base: Folds['base'], most: number): Folds {
  const start = closedBy(shape, base);
  const flipped: Fold[] = [];
  for (let fold = 0; fold < foldCount(shape) && flipped.length < most; fold++) {
    if (start.folds[fold] !== closed.folds[fold]) flipped.push(foldAt(shape, ~fold));
  }
  for (let row = 0; row < start.rows.length && flipped.length < most; row++) {
    if (start.rows[row] !== closed.rows[row] && hasChildren(shape, row)) flipped.push(foldAt(shape, row));
  }
  return { base, flipped };
}

/** The reverse of `foldsOf`. What is no longer in the trace is left out. */
export function closedOf(shape: TreeShape, { base, flipped }: Folds): Closed {
  const closed = closedBy(shape, base);
  const missing = new Map<SpanId, number>();
  const wanted = new Set(flipped.filter(fold => fold.kind === 'missing').map(fold => fold.id));
  for (let gap = 0; wanted.size > 0 && gap < shape.gaps.count; gap++) {
    const { kind, id } = foldAt(shape, ~gap);
    if (kind === 'missing' && wanted.has(id)) missing.set(id, gap);
  }
  const root = rootlessEntry(shape);
  for (const { kind, id } of flipped) {
    if (kind === 'root' && root !== undefined) closed.folds[~root] ^= 1;
    const row = kind === 'missing' ? -1 : rowOfSpan(shape.table, id);
    if (kind === 'span' && row >= 0) closed.rows[row] ^= 1;
    const group = kind === 'repeats' && row >= 0 ? (shape.groups?.repeats.groupOf[row] ?? -1) : -1;
    const fold = kind === 'missing' ? (missing.get(id) ?? -1) : group < 0 ? -1 : firstGroupFold(shape) + group;
    if (fold >= 0) closed.folds[fold] ^= 1;
  }
  return closed;
}

export function sameFolds(a: Folds, b: Folds): boolean {
  return (
    a === b ||
    (a.base === b.base &&
      a.flipped.length === b.flipped.length &&
      a.flipped.every(({ kind, id }, i) => kind === b.flipped[i].kind && id === b.flipped[i].id))
  );
}

function foldAt(shape: TreeShape, entry: number): Fold {
  const row = firstRowOf(shape, entry);
  if (entry === rootlessEntry(shape)) return { kind: 'root', id: spanIdOf(shape.table.spanId[row]) };
  if (entry >= 0) return { kind: 'span', id: spanIdOf(shape.table.spanId[row]) };
  return ~entry < shape.gaps.count
    ? { kind: 'missing', id: spanIdOf(shape.table.parentSpanId[row]) }
    : { kind: 'repeats', id: spanIdOf(shape.table.spanId[row]) };
}
