import { skewOf } from '#domain/analysis/clock-skew.ts';
import { offsetText } from '#domain/format/duration.ts';
import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';
import { entryEndNs } from './layout.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** What is wrong with a span, in words, worst first; most spans have none. A clock that is off explains times outside. */
export function damageNotes({ table, shape, skew }: WaterfallModel, row: number): readonly string[] {
  const skewNs = skewOf(skew, row);
  if (table.flags[row] === 0 && skewNs === undefined) return [];
  const has = (flag: number): boolean => (table.flags[row] & flag) !== 0;
  const notes: (string | undefined)[] = [
    has(SpanFlag.cycleBroken) ? 'cycle cut here' : undefined,
    has(SpanFlag.offScale) ? 'off the scale' : undefined,
    has(SpanFlag.negative) ? 'ends before start' : undefined,
    has(SpanFlag.noTimestamp) ? 'no time' : undefined,
    skewNs === undefined ? outsideNote(table, row, entryEndNs(shape, row)) : `skew ${offsetText(skewNs)}`,
    has(SpanFlag.duplicateId) ? 'shared id' : undefined,
    has(SpanFlag.repeated) ? 'received again' : undefined,
  ];
  return notes.filter(note => note !== undefined);
}

function outsideNote({ flags, parent, startNs, spanDurationNs }: TraceTable, row: number, endNs: number) {
  const above = parent[row];
  const before = (flags[row] & SpanFlag.startsBeforeParent) !== 0;
  const after = (flags[row] & SpanFlag.endsAfterParent) !== 0;
  if (above < 0 || (!before && !after)) return undefined;
  if (before) return endNs <= startNs[above] ? 'before its parent' : 'starts before parent';
  return startNs[row] >= startNs[above] + Math.max(0, spanDurationNs[above]) ? 'after its parent' : 'outlives parent';
}
