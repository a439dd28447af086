import { durationText } from '#domain/format/duration.ts';
import { NBSP } from '#domain/format/number.ts';
import { formatRange } from '#domain/time/clock.ts';
import type { TimeZoneChoice } from '#domain/time/zone.ts';
import type { LatencyBox } from '#state/url/url-state.ts';

/** How times are written: in which zone, and which day is today. */
export interface Clock {
  readonly zone: TimeZoneChoice;
  readonly nowMs: number;
}

/** `200 – 240 ms`, `500 ms – 1.00 s`, `200 ms or longer`, `under 2.00 s`; undefined for all durations. */
export function durationsText(minNs: number | undefined, maxNs: number | undefined): string | undefined {
  if (minNs === undefined && maxNs === undefined) return undefined;
  if (maxNs === undefined) return `${durationText(minNs ?? 0)} or longer`;
  if (minNs === undefined) return `under ${durationText(maxNs)}`;
  const [from, to] = [durationText(minNs), durationText(maxNs)];
  const [value, unit, ...more] = from.split(NBSP);
  return more.length === 0 && to.endsWith(`${NBSP}${unit}`) && to.split(NBSP).length === 2
    ? `${value} – ${to}`
    : `${from} – ${to}`;
}

/** `14:32 – 14:40 CEST`; undefined for all times. */
export function timesText({ fromUnixNano, toUnixNano }: LatencyBox, { zone, nowMs }: Clock): string | undefined {
  if (fromUnixNano === undefined || toUnixNano === undefined) return undefined;
  return formatRange(msOf(fromUnixNano), msOf(toUnixNano), zone, nowMs);
}

/** `14:32 – 14:40 CEST × 200 ms – 2.00 s`, for the chip of a box. */
export function boxText(box: LatencyBox, clock: Clock): string {
  return [timesText(box, clock), durationsText(box.minNs, box.maxNs)].filter(part => part !== undefined).join(' × ');
}

/** Unix ms with a fraction, for scales and formats. */
export function msOf(unixNano: bigint): number {
  return Number(unixNano / 1000n) / 1000;
}
