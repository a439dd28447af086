import { adjustmentOf } from '#domain/analysis/clock-adjustment.ts';
import { skewOf } from '#domain/analysis/clock-skew.ts';
import { offsetText } from '#domain/format/duration.ts';
import { formatCount, NBSP } from '#domain/format/number.ts';
import { timesReceived } from '#domain/trace/times-received.ts';
import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';
import { entryEndNs } from './layout.ts';
import type { Overflow } from './overflow.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/**
 * What is wrong with a span, in words, worst first; most spans have none. A clock that is off explains times outside. Of a
 * closed row also what it hides.
 */
export function damageNotes(model: WaterfallModel, row: number, isClosed: boolean): readonly string[] {
  const { table, shape, skew } = model;
  const skewNs = skewOf(skew, row);
  const moved = skewNs === undefined ? undefined : movedNote(table, row);
  const hidden = isClosed ? overflowNote(model.overflow.of(row)) : undefined;
  if (table.flags[row] === 0 && skewNs === undefined && hidden === undefined) return [];
  const has = (flag: number): boolean => (table.flags[row] & flag) !== 0;
  const notes: (string | undefined)[] = [
    has(SpanFlag.cycleBroken) ? 'cycle cut here' : undefined,
    has(SpanFlag.offScale) ? 'off the scale' : undefined,
    has(SpanFlag.negative) ? 'ends before start' : undefined,
    has(SpanFlag.noTimestamp) ? 'no time' : undefined,
    skewNs === undefined ? outsideNote(table, row, entryEndNs(shape, row)) : (moved ?? `skew ${offsetText(skewNs)}`),
    has(SpanFlag.duplicateId) ? 'shared id' : undefined,
    has(SpanFlag.repeated) ? `×${NBSP}${formatCount(timesReceived(table, row))} received` : undefined,
    hidden,
  ];
  return notes.filter(note => note !== undefined);
}

/** While clocks are adjusted on screen: by how much a span that is off was moved; undefined where it was left. */
function movedNote(table: TraceTable, row: number): string | undefined {
  const movedNs = adjustmentOf(table)?.movedNs[row] ?? 0;
  return movedNs === 0 ? undefined : `moved ${offsetText(movedNs)}`;
}

function overflowNote({ fromNs, toNs }: Overflow): string | undefined {
  if (fromNs === undefined) return toNs === undefined ? undefined : 'ends later inside';
  return toNs === undefined ? 'starts earlier inside' : 'starts earlier, ends later inside';
}

function outsideNote({ flags, parent, startNs, spanDurationNs }: TraceTable, row: number, endNs: number) {
  const above = parent[row];
  const before = (flags[row] & SpanFlag.startsBeforeParent) !== 0;
  const after = (flags[row] & SpanFlag.endsAfterParent) !== 0;
  if (above < 0 || (!before && !after)) return undefined;
  if (before) return endNs <= startNs[above] ? 'before its parent' : 'starts before parent';
  return startNs[row] >= startNs[above] + Math.max(0, spanDurationNs[above]) ? 'after its parent' : 'outlives parent';
}
