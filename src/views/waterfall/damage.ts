import { type ClockSkew, skewOf } from '#domain/analysis/clock-skew.ts';
import type { TreeShape } from '#domain/analysis/tree-shape.ts';
import { formatCount } from '#domain/format/number.ts';
import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';
import { traceFacts } from './facts.ts';
import type { Finding } from './findings.ts';
import { gapParent } from './names.ts';

/** The kinds of damage that the trace arrived with, counted, worst first. Spans whose clock is off are told apart. */
export function damageOf(shape: TreeShape, skew: ClockSkew): readonly Finding[] {
  const { table } = shape;
  const { damage } = table;
  const found: Finding[] = [];
  const add = (
    id: string,
    count: number,
    one: string,
    many: string,
    detail: string,
    entries: Finding['entries'],
  ): void => {
    if (count > 0) {
      const text = ['', formatCount(count), ` ${count === 1 ? one : many}`];
      found.push({ id, icon: 'warn', text, detail, entries });
    }
  };
  if (damage.missingParents > 0) found.push(missingParents(shape));
  add(
    'cycle',
    damage.cycles,
    'parent cycle, broken at its earliest span',
    'parent cycles, broken at their earliest spans',
    'The parent ids lead in a circle. The circle was cut so that every span is shown.',
    byFlag(table, SpanFlag.cycleBroken),
  );
  // Where a cycle was cut is told as a cycle.
  const isRoot = (row: number) =>
    table.parent[row] < 0 && (table.flags[row] & (SpanFlag.orphan | SpanFlag.cycleBroken)) === 0;
  const roots = damage.roots - damage.orphans - damage.cycles;
  if (roots > 1) {
    add(
      'roots',
      roots,
      '',
      'roots',
      'The trace has several spans without a parent; all are shown, by start.',
      rowsThat(table, isRoot),
    );
  }
  const outside = SpanFlag.startsBeforeParent | SpanFlag.endsAfterParent;
  add(
    'outside-parent',
    damage.outsideParent - skew.row.length,
    'span outside its parent’s time',
    'spans outside their parents’ time',
    'They start before or end after their parent: a clock that is off, or work that outlives its caller. Shown, not corrected.',
    rowsThat(table, row => (table.flags[row] & outside) !== 0 && skewOf(skew, row) === undefined),
  );
  add(
    'duplicate-id',
    damage.duplicateIds,
    'span whose id another span has too',
    'spans that share their id with another',
    'One id with different content: each is shown, and the earliest owns the id in links.',
    byFlag(table, SpanFlag.duplicateId),
  );
  add(
    'identical',
    damage.identicalDuplicates,
    'copy of a span received again',
    'copies of spans received again',
    'Identical copies are shown once, on the row of the first.',
    byFlag(table, SpanFlag.repeated),
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
    'zero-duration',
    traceFacts(table).zeroDurations,
    'span of no duration',
    'spans of no duration',
    'They end when they start: an instant, or a clock too coarse for them.',
    rowsThat(
      table,
      row => table.spanDurationNs[row] === 0 && (table.flags[row] & (SpanFlag.noTimestamp | SpanFlag.negative)) === 0,
    ),
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
    rowsThat(table, row => table.resource[row] < 0 || table.resources[table.resource[row]].serviceName === ''),
  );
  return found;
}

function missingParents(shape: TreeShape): Finding {
  const { gaps, table } = shape;
  const { missingParents: parents, orphans } = table.damage;
  const text =
    parents === 1
      ? [
          '',
          orphans === 1 ? '1 span' : `${formatCount(orphans)} spans`,
          ` ${orphans === 1 ? 'names' : 'name'} the parent ${gapParent(shape, 0).slice(0, 4)}…, which is not here`,
        ]
      : [
          '',
          `${formatCount(parents)} missing parents`,
          `, named by ${formatCount(orphans)} ${orphans === 1 ? 'span' : 'spans'}`,
        ];
  return {
    id: 'missing-parent',
    icon: 'broken',
    text,
    detail:
      'Never received: lost, sampled out, or not sent yet. What names such a parent is grouped below a row of its own.',
    entries: () => Int32Array.from({ length: gaps.count }, (_, gap) => ~gap),
  };
}

function byFlag(table: TraceTable, mask: number): Finding['entries'] {
  return rowsThat(table, row => (table.flags[row] & mask) !== 0);
}

function rowsThat(table: TraceTable, test: (row: number) => boolean): () => readonly number[] {
  return () => {
    const rows: number[] = [];
    for (let row = 0; row < table.length; row++) if (test(row)) rows.push(row);
    return rows;
  };
}
