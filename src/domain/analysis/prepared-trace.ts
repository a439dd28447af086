import type { TraceTable } from '#domain/trace/trace-table.ts';
import { type ClockSkew, clockSkew } from './clock-skew.ts';
import { type Overview, overviewInSteps } from './overview.ts';
import { type Repeats, repeatsInSteps } from './repeats.ts';
import { allSteps, type Steps } from './steps.ts';
import { factsInSteps, type TraceFacts } from './trace-facts.ts';
import { groupsInSteps, shapeInSteps, type TreeShape } from './tree-shape.ts';
import { closedAtFirst, type VisibleRows, visibleRows } from './visible-rows.ts';
import { largeWork, type WorkOf } from './work-intervals.ts';

/** What must be known of a trace before its first row can be shown. */
export interface PreparedTrace {
  readonly facts: TraceFacts;
  /** With repeats folded. */
  readonly shape: TreeShape;
  readonly repeats: Repeats;
  readonly skew: ClockSkew;
  readonly largeWork: readonly WorkOf[];
  /** Every row open, repeats folded. */
  readonly firstRows: VisibleRows;
  readonly overview: Overview;
}

export function* prepareInSteps(table: TraceTable): Steps<PreparedTrace> {
  const facts = yield* factsInSteps(table);
  const repeats = yield* repeatsInSteps(table);
  const plain = yield* shapeInSteps(table);
  const shape = yield* groupsInSteps(plain, repeats);
  yield;
  const skew = clockSkew(table);
  const overview = yield* overviewInSteps(table, Math.max(table.durationNs, facts.lastEndNs));
  yield;
  const firstRows = visibleRows(shape, closedAtFirst(shape));
  yield;
  return { facts, shape, repeats, skew, overview, largeWork: largeWork(plain, repeats), firstRows };
}

const known = new WeakMap<TraceTable, PreparedTrace>();

/** As `prepared`, a step at a time, for a thread that has other things to do; afterwards `prepared` knows it. */
export function* prepareForThisThread(table: TraceTable): Steps<PreparedTrace> {
  return known.get(table) ?? remember(table, yield* prepareInSteps(table));
}

/** Worked out once per table; at once where the thread that made the table has done it already. */
export function prepared(table: TraceTable): PreparedTrace {
  return known.get(table) ?? remember(table, allSteps(prepareInSteps(table)));
}

/** What crosses threads beside the table: everything but the table itself. */
export type PreparedMessage = Omit<PreparedTrace, 'shape'> & { readonly shape: Omit<TreeShape, 'table'> };

/** The message, and the buffers to hand over with it: the sender's is empty afterwards. */
export function packPrepared({ shape, ...rest }: PreparedTrace): { message: PreparedMessage; transfer: ArrayBuffer[] } {
  const { table: _, ...columns } = shape;
  const parts = [
    rest.facts,
    rest.repeats,
    rest.skew,
    rest.overview,
    rest.firstRows,
    columns,
    columns.gaps,
    columns.groups ?? {},
    ...rest.largeWork,
  ];
  // Some columns stand in two places, and nothing may be handed over twice.
  const transfer = new Set(
    parts.flatMap(part => Object.values(part).filter(ArrayBuffer.isView)).map(each => each.buffer),
  );
  return { message: { ...rest, shape: columns }, transfer: [...transfer] as ArrayBuffer[] };
}

/** On the receiving side: `prepared` knows it from now on. */
export function unpackPrepared(table: TraceTable, { shape, ...rest }: PreparedMessage): void {
  remember(table, { ...rest, shape: { ...shape, table } });
}

function remember(table: TraceTable, what: PreparedTrace): PreparedTrace {
  known.set(table, what);
  return what;
}
