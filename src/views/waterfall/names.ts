import type { Repeats } from '#domain/analysis/repeats.ts';
import { lacksRoot, rootlessEntry, type TreeShape } from '#domain/analysis/tree-shape.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import { spanIdOf } from '#domain/ids.ts';
import { operationText, serviceText } from '#domain/trace/span-names.ts';
import { SpanFlag, StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';
import { entryEndNs, entryStartNs } from './layout.ts';
import { groupOfEntry, levelOf, positionOf, siblingCount } from './shape.ts';

/** The operation as it is shown. */
export function operationName(shape: TreeShape, row: number): string {
  return operationText(shape.table, row);
}

/** Whether it is known how long a span took. */
export function isTimed({ flags }: TraceTable, row: number): boolean {
  return (flags[row] & SpanFlag.noTimestamp) === 0;
}

export function serviceName(shape: TreeShape, row: number): string {
  return serviceText(shape.table, row);
}

/** First digits of the missing parent's id. */
export function gapParent(shape: TreeShape, gap: number): string {
  return spanIdOf(shape.table.parentSpanId[shape.gaps.firstRow[gap]]);
}

/**
 * What a screen reader says of a row: "payment POST /charge, error, 212 ms, 34 % of trace, level 4, 3 of 12". `attempt` is
 * which retry it is, 0 for none; `notes` say what is wrong with it.
 */
export function entryLabel(shape: TreeShape, entry: number, attempt = 0, notes: readonly string[] = []): string {
  const { table, gaps } = shape;
  const group = groupOfEntry(shape, entry);
  if (group >= 0) return groupLabel(shape, entry, group);
  if (entry === rootlessEntry(shape)) {
    return [
      fragmentsText(shape),
      'the root was not received',
      lengthText(shape, entry),
      ...placeInTree(shape, entry),
    ].join(', ');
  }
  if (entry < 0) {
    const orphans = gaps.orphanCount[~entry];
    const count = orphans === 1 ? '1 span names' : `${formatCount(orphans)} spans name`;
    const fragments = rootFragments(shape, ~entry);
    return `Missing parent ${gapParent(shape, ~entry)}, not received, ${count} it${fragments === undefined ? '' : `, ${fragments}`}`;
  }
  const durationNs = table.spanDurationNs[entry];
  const parts = [`${serviceName(shape, entry)} ${operationName(shape, entry)}`];
  if (table.status[entry] === StatusCode.error) parts.push('error');
  if (attempt > 0) parts.push(`retry ${attempt}`);
  if (isTimed(table, entry)) parts.push(durationText(durationNs));
  if (isTimed(table, entry) && table.durationNs > 0 && durationNs >= 0) {
    parts.push(`${formatPercent(Math.min(1, durationNs / table.durationNs))} of trace`);
  }
  return [...parts, ...notes, ...placeInTree(shape, entry)].join(', ');
}

/** "3 fragments": how many pieces of a trace without a root there are. */
export function fragmentsText({ gaps }: TreeShape): string {
  return `${formatCount(gaps.count)} fragments`;
}

/** The same, where one parent that is missing is the root of all there is; undefined for any other gap. */
export function rootFragments(shape: TreeShape, gap: number): string | undefined {
  const orphans = shape.gaps.orphanCount[gap];
  return orphans > 1 && shape.rootless === undefined && lacksRoot(shape)
    ? `${formatCount(orphans)} fragments`
    : undefined;
}

/** The extent of what was received: the root took no less. */
export function lengthText(shape: TreeShape, entry: number): string {
  return `at least ${durationText(entryEndNs(shape, entry) - entryStartNs(shape, entry))}`;
}

/** "cart SELECT items, 14 repeats, 2 errors, in 412 ms, each 22.3 ms to 32.8 ms, level 4, 2 of 5". */
function groupLabel(shape: TreeShape, entry: number, group: number): string {
  const repeats = shape.groups?.repeats;
  if (repeats === undefined) return '';
  const row = repeats.member[repeats.offset[group]];
  const parts = [
    `${serviceName(shape, row)} ${operationName(shape, row)}`,
    `${formatCount(groupSize(repeats, group))} repeats`,
  ];
  if (repeats.errors[group] > 0) parts.push(errorCount(repeats.errors[group]));
  parts.push(`in ${durationText(repeats.endNs[group] - repeats.startNs[group])}`);
  parts.push(`each ${eachText(repeats, group, ' to ')}`);
  return [...parts, ...placeInTree(shape, entry)].join(', ');
}

export function groupSize({ offset }: Repeats, group: number): number {
  return offset[group + 1] - offset[group];
}

/** "22.3 ms – 32.8 ms", or one duration where all are alike. */
export function eachText({ minNs, maxNs }: Repeats, group: number, dash = ' – '): string {
  const least = durationText(minNs[group]);
  const most = durationText(maxNs[group]);
  return least === most ? least : `${least}${dash}${most}`;
}

export function errorCount(count: number): string {
  return count === 1 ? '1 error' : `${formatCount(count)} errors`;
}

function placeInTree(shape: TreeShape, entry: number): [string, string] {
  const place = `${formatCount(positionOf(shape, entry))} of ${formatCount(siblingCount(shape, entry))}`;
  return [`level ${formatCount(levelOf(shape, entry))}`, place];
}
