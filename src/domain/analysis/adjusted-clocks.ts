import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';
import { rememberAdjustment } from './clock-adjustment.ts';
import type { ClockSkew } from './clock-skew.ts';
import { type PathColumns, pathColumns } from './critical-path.ts';
import { ROWS_PER_STEP, type Steps } from './steps.ts';

/**
 * The trace as it would be if the clocks agreed: each skewed server, with all below it, is moved into the middle of the
 * call that it alone answers. For looking at only: what is kept, linked or handed on has the times as they came. Rows stay
 * the same, because an only child has no place among others to lose. Details are those of the received table, which stays
 * their owner; the critical path is another one. Linear.
 */
export function* adjustInSteps(received: TraceTable, skew: ClockSkew): Steps<TraceTable> {
  const { length, parent, subtreeEnd, spanDurationNs } = received;
  const movedNs = new Float64Array(length);
  yield;
  const startNs = received.startNs.slice();
  yield;
  const flags = received.flags.slice();
  let next = 0;
  let fitted = 0;
  const moved = { count: 0, leastNs: 0, mostNs: 0 };
  for (let row = 0; row < length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    const above = parent[row];
    if (above >= 0) movedNs[row] = movedNs[above];
    if (row === skew.row[next]) {
      const aheadNs = skew.aheadNs[next++];
      if (row === above + 1 && subtreeEnd[row] === subtreeEnd[above]) {
        movedNs[row] -= Math.round(aheadNs);
        flags[row] &= ~(SpanFlag.startsBeforeParent | SpanFlag.endsAfterParent);
        fitted++;
      }
    }
    if (movedNs[row] === 0) continue;
    startNs[row] += movedNs[row];
    moved.leastNs = moved.count === 0 ? movedNs[row] : Math.min(moved.leastNs, movedNs[row]);
    moved.mostNs = moved.count === 0 ? movedNs[row] : Math.max(moved.mostNs, movedNs[row]);
    moved.count++;
  }
  const { firstNs, lastNs } = yield* extentInSteps(startNs, spanDurationNs, flags);
  for (let row = 0; firstNs !== 0 && row < length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    startNs[row] -= firstNs;
  }
  const adjusted: TraceTable = {
    ...received,
    baseUnixNano: received.baseUnixNano + BigInt(firstNs),
    durationNs: lastNs - firstNs,
    startNs,
    flags,
    events: { ...received.events, timeNs: yield* movedEvents(received, movedNs, firstNs) },
    damage: { ...received.damage, outsideParent: received.damage.outsideParent - fitted },
    details: borrowedDetails(received, () => pathColumns(adjusted)),
  };
  rememberAdjustment(adjusted, { received, movedNs, ...moved });
  return adjusted;
}

/** First start and last end on the scale, ns after the base. */
function* extentInSteps(
  startNs: Float64Array,
  durationNs: Float64Array,
  flags: Uint16Array,
): Steps<{ readonly firstNs: number; readonly lastNs: number }> {
  let firstNs = Number.POSITIVE_INFINITY;
  let lastNs = 0;
  for (let row = 0; row < startNs.length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    if ((flags[row] & (SpanFlag.offScale | SpanFlag.noTimestamp)) !== 0) continue;
    firstNs = Math.min(firstNs, startNs[row]);
    lastNs = Math.max(lastNs, startNs[row] + Math.max(0, durationNs[row]));
  }
  return Number.isFinite(firstNs) ? { firstNs, lastNs } : { firstNs: 0, lastNs: 0 };
}

function* movedEvents({ events, length }: TraceTable, movedNs: Float64Array, firstNs: number): Steps<Float64Array> {
  const timeNs = events.timeNs.slice();
  for (let row = 0, event = 0; row < length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    for (; event < events.offset[row + 1]; event++) timeNs[event] += movedNs[row] - firstNs;
  }
  return timeNs;
}

/** The received table's, but for what depends on times and for the right to release them. */
function borrowedDetails({ details }: TraceTable, columns: () => PathColumns): TraceTable['details'] {
  return {
    span: row => details.span(row),
    rawJson: row => details.rawJson(row),
    otlp: () => details.otlp(),
    column: key => details.column(key),
    ...(details.match && { match: terms => details.match!(terms) }),
    ...(details.words && { words: terms => details.words!(terms) }),
    ...(details.criticalPath && { criticalPath: () => details.criticalPath!(columns()) }),
    release: () => undefined,
  };
}
