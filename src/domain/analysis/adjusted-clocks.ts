import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';
import type { ClockSkew } from './clock-skew.ts';

/** What an adjusted table was made of. */
export interface ClockAdjustment {
  /** The table with the times as they came. */
  readonly received: TraceTable;
  /** Per row: by how much its times were moved, ns; negative towards earlier. */
  readonly movedNs: Float64Array;
}

const adjustments = new WeakMap<TraceTable, ClockAdjustment>();

/** Undefined for a table whose times are as they came. */
export function adjustmentOf(table: TraceTable): ClockAdjustment | undefined {
  return adjustments.get(table);
}

/** The table as it came. */
export function receivedTable(table: TraceTable): TraceTable {
  return adjustments.get(table)?.received ?? table;
}

/**
 * The trace as it would be if the clocks agreed: each skewed server, with all below it, is moved into the middle of the
 * call that it alone answers. For looking at only: what is kept, linked or handed on has the times as they came. Rows stay
 * the same, because an only child has no place among others to lose. Details are those of the received table, which stays
 * their owner; the critical path is another one. Linear.
 */
export function adjustClocks(received: TraceTable, skew: ClockSkew): TraceTable {
  const { length, parent, subtreeEnd, spanDurationNs } = received;
  const movedNs = new Float64Array(length);
  const flags = received.flags.slice();
  let next = 0;
  let fitted = 0;
  for (let row = 0; row < length; row++) {
    const above = parent[row];
    if (above >= 0) movedNs[row] = movedNs[above];
    if (row !== skew.row[next]) continue;
    const aheadNs = skew.aheadNs[next++];
    if (row !== above + 1 || subtreeEnd[row] !== subtreeEnd[above]) continue;
    movedNs[row] -= Math.round(aheadNs);
    flags[row] &= ~(SpanFlag.startsBeforeParent | SpanFlag.endsAfterParent);
    fitted++;
  }
  const startNs = received.startNs.map((ns, row) => ns + movedNs[row]);
  const { firstNs, lastNs } = extent(startNs, spanDurationNs, flags);
  const adjusted: TraceTable = {
    ...received,
    baseUnixNano: received.baseUnixNano + BigInt(firstNs),
    durationNs: lastNs - firstNs,
    startNs: startNs.map(ns => ns - firstNs),
    flags,
    events: { ...received.events, timeNs: movedEvents(received, movedNs, firstNs) },
    damage: { ...received.damage, outsideParent: received.damage.outsideParent - fitted },
    details: borrowedDetails(received),
  };
  adjustments.set(adjusted, { received, movedNs });
  return adjusted;
}

/** First start and last end on the scale, ns after the base. */
function extent(startNs: Float64Array, durationNs: Float64Array, flags: Uint16Array) {
  let firstNs = Number.POSITIVE_INFINITY;
  let lastNs = 0;
  for (let row = 0; row < startNs.length; row++) {
    if ((flags[row] & (SpanFlag.offScale | SpanFlag.noTimestamp)) !== 0) continue;
    firstNs = Math.min(firstNs, startNs[row]);
    lastNs = Math.max(lastNs, startNs[row] + Math.max(0, durationNs[row]));
  }
  return Number.isFinite(firstNs) ? { firstNs, lastNs } : { firstNs: 0, lastNs: 0 };
}

function movedEvents({ events, length }: TraceTable, movedNs: Float64Array, firstNs: number): Float64Array {
  const timeNs = events.timeNs.slice();
  for (let row = 0, event = 0; row < length; row++) {
    for (; event < events.offset[row + 1]; event++) timeNs[event] += movedNs[row] - firstNs;
  }
  return timeNs;
}

/** The received table's, but for what depends on times and for the right to release them. */
function borrowedDetails({ details }: TraceTable): TraceTable['details'] {
  return {
    span: row => details.span(row),
    rawJson: row => details.rawJson(row),
    otlp: () => details.otlp(),
    column: key => details.column(key),
    ...(details.match && { match: terms => details.match!(terms) }),
    ...(details.stringsHolding && { stringsHolding: texts => details.stringsHolding!(texts) }),
    release: () => undefined,
  };
}
