import { formatCount } from '#domain/format/number.ts';
import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';
import type { TreeShape } from './shape.ts';

/** One kind of damage that a trace arrived with. */
export interface Damage {
  readonly id: string;
  /** The number that stands out, and the rest of the sentence. */
  readonly count: string;
  readonly text: string;
  /** What happened and what was done about it, for the tooltip. */
  readonly detail: string;
  /** The first entry (row, or `~gap`) of this kind after `row`, from the top again at the end; undefined for none. */
  readonly next: ((row: number) => number | undefined) | undefined;
}

/** The kinds that the trace has, worst first. */
export function damageOf(shape: TreeShape): readonly Damage[] {
  const { table, gaps } = shape;
  const { damage } = table;
  const found: Damage[] = [];
  const add = (id: string, count: number, one: string, many: string, detail: string, next: Damage['next']): void => {
    if (count > 0) found.push({ id, count: formatCount(count), text: count === 1 ? one : many, detail, next });
  };
  add(
    'missing-parent',
    damage.missingParents,
    `missing parent, named by ${spans(damage.orphans)}`,
    `missing parents, named by ${spans(damage.orphans)}`,
    'These parents were never received: lost, sampled out, or not sent yet. Their children are grouped below a row of their own.',
    row => nextGap(gaps.firstRow, row),
  );
  add(
    'cycle',
    damage.cycles,
    'parent cycle, broken at its earliest span',
    'parent cycles, broken at their earliest spans',
    'The parent ids lead in a circle. The circle was cut so that every span is shown.',
    byFlag(table, SpanFlag.cycleBroken),
  );
  const roots = damage.roots - damage.orphans;
  if (roots > 1) {
    add('roots', roots, '', 'roots', 'The trace has several spans without a parent; all are shown, by start.', row =>
      nextRoot(table, row),
    );
  }
  add(
    'outside-parent',
    damage.outsideParent,
    'span outside its parent’s time',
    'spans outside their parents’ time',
    'They start before or end after their parent: a clock that is off, or work that outlives its caller. Shown, not corrected.',
    byFlag(table, SpanFlag.startsBeforeParent | SpanFlag.endsAfterParent),
  );
  add(
    'duplicate-id',
    damage.duplicateIds,
    'span id used twice with different content',
    'span ids used twice with different content',
    'Both spans are shown; the earlier one owns the id in links.',
    byFlag(table, SpanFlag.duplicateId),
  );
  add(
    'identical',
    damage.identicalDuplicates,
    'span received more than once',
    'copies of spans received again',
    'Identical copies are shown once.',
    undefined,
  );
  add(
    'negative',
    damage.negative,
    'span ends before it starts',
    'spans end before they start',
    'Drawn as an instant at its start and left out of sums.',
    byFlag(table, SpanFlag.negative),
  );
  add(
    'no-timestamp',
    damage.noTimestamp,
    'span without a timestamp',
    'spans without a timestamp',
    'Drawn at the start of its parent.',
    byFlag(table, SpanFlag.noTimestamp),
  );
  add(
    'off-scale',
    damage.offScale,
    'span far off the time scale',
    'spans far off the time scale',
    'More than 52 days from the rest: listed, but the time axis ignores it.',
    byFlag(table, SpanFlag.offScale),
  );
  add(
    'no-service',
    damage.withoutService,
    'span without a service name',
    'spans without a service name',
    'Their resource has no service.name.',
    row => nextRow(table, row, each => serviceless(table, each)),
  );
  return found;
}

function spans(count: number): string {
  return count === 1 ? '1 span' : `${formatCount(count)} spans`;
}

function byFlag(table: TraceTable, mask: number): Damage['next'] {
  return row => nextRow(table, row, each => (table.flags[each] & mask) !== 0);
}

function serviceless(table: TraceTable, row: number): boolean {
  return table.resource[row] < 0 || table.resources[table.resource[row]].serviceName === '';
}

/** Wraps round: searches after `row`, then from the top up to and with it. */
function nextRow(table: TraceTable, row: number, test: (row: number) => boolean): number | undefined {
  for (let step = 1; step <= table.length; step++) {
    const at = (row + step) % table.length;
    if (test(at)) return at;
  }
  return undefined;
}

function nextRoot(table: TraceTable, row: number): number | undefined {
  return nextRow(table, row, each => table.parent[each] < 0 && (table.flags[each] & SpanFlag.orphan) === 0);
}

/** A gap's entry sits before its first orphan: jumping again from there goes on to the next gap. */
function nextGap(firstRow: Int32Array, row: number): number | undefined {
  if (firstRow.length === 0) return undefined;
  for (let gap = 0; gap < firstRow.length; gap++) if (firstRow[gap] > row) return ~gap;
  return ~0;
}
