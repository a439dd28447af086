import { type ClockSkew, clockSkew } from '#domain/analysis/clock-skew.ts';
import { type Repeats, repeatsInSteps } from '#domain/analysis/repeats.ts';
import { allSteps, type Steps } from '#domain/analysis/steps.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { factsInSteps } from './facts.ts';
import { inSlices } from './in-slices.ts';
import { groupsInSteps, shapeInSteps, type TreeShape } from './shape.ts';

/** What must be known of a trace before its first row can be shown. */
export interface Prepared {
  readonly plain: TreeShape;
  /** With repeats folded. */
  readonly grouped: TreeShape;
  readonly repeats: Repeats;
  readonly skew: ClockSkew;
}

export function* prepareInSteps(table: TraceTable): Steps<Prepared> {
  yield* factsInSteps(table);
  const repeats = yield* repeatsInSteps(table);
  const plain = yield* shapeInSteps(table);
  const grouped = yield* groupsInSteps(plain, repeats);
  yield;
  return { plain, grouped, repeats, skew: clockSkew(table) };
}

const known = new WeakMap<TraceTable, Prepared>();

/** What has been prepared of a table before: a second look at a trace is instant. */
export function prepared(table: TraceTable): Prepared | undefined {
  return known.get(table);
}

export function prepare(table: TraceTable): Prepared {
  return remember(table, known.get(table) ?? allSteps(prepareInSteps(table)));
}

/** As `prepare`, in slices. */
export async function prepareLater(table: TraceTable, signal: AbortSignal): Promise<Prepared> {
  return remember(table, known.get(table) ?? (await inSlices(prepareInSteps(table), signal)));
}

function remember(table: TraceTable, what: Prepared): Prepared {
  known.set(table, what);
  return what;
}
