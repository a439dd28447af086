import { ascending, compare64, sortBy64 } from './sort-by-64.ts';
import { difference64, isZero, type SpanColumns } from './span-columns.ts';
import { SpanFlag } from './trace-table.ts';

/** Farther apart than this, offsets from one base are no longer exact in a Float64: 2^53 ns, 104 days. */
const SPREAD_LIMIT_NS = 2 ** 53;
const SCALE_NS = 2 ** 52;

export interface TraceTimes {
  /** Pair: unix ns of the earliest in-scale start. */
  readonly base: Uint32Array;
  /** Per span in order of arrival; 0 where the start or the end is missing. */
  readonly durationNs: Float64Array;
  /** ns from the base to the last in-scale end. */
  readonly extentNs: number;
}

/** Finds the base and the durations, and flags spans without timestamps, with negative durations, and off the scale. */
export function readTimes(spans: SpanColumns, flags: Uint16Array): TraceTimes {
  const durationNs = new Float64Array(spans.count);
  for (let i = 0; i < spans.count; i++) {
    if (isZero(spans.start, i) || isZero(spans.end, i)) {
      flags[i] |= SpanFlag.noTimestamp;
      continue;
    }
    durationNs[i] = difference64(spans.end, i, spans.start, i);
    if (durationNs[i] < 0) flags[i] |= SpanFlag.negative;
  }
  const base = findBase(spans, flags);
  let extentNs = 0;
  for (let i = 0; i < spans.count; i++) {
    if (isZero(spans.start, i) || (flags[i] & SpanFlag.offScale) !== 0) continue;
    const endNs = difference64(spans.start, i, base, 0) + Math.max(0, durationNs[i]);
    // An end that no axis could show (2^64 - 1 from an unset clock) must not flatten the rest of the trace.
    if (endNs > SPREAD_LIMIT_NS) flags[i] |= SpanFlag.offScale;
    else if (endNs > extentNs) extentNs = endNs;
  }
  return { base, durationNs, extentNs };
}

function findBase(spans: SpanColumns, flags: Uint16Array): Uint32Array {
  const { start } = spans;
  let min = -1;
  let max = -1;
  let timed = 0;
  for (let i = 0; i < spans.count; i++) {
    if (isZero(start, i)) continue;
    timed++;
    if (min < 0 || compare64(start, i, min) < 0) min = i;
    if (max < 0 || compare64(start, i, max) > 0) max = i;
  }
  if (min < 0) return new Uint32Array(2);
  if (difference64(start, max, start, min) <= SPREAD_LIMIT_NS) return start.slice(2 * min, 2 * min + 2);

  const byStart = sortBy64(ascending(spans.count), start).subarray(spans.count - timed);
  const median = byStart[(timed - 1) >> 1];
  let base = -1;
  for (const i of byStart) {
    if (Math.abs(difference64(start, i, start, median)) > SCALE_NS) flags[i] |= SpanFlag.offScale;
    else if (base < 0) base = i;
  }
  return start.slice(2 * base, 2 * base + 2);
}
