import { formatInstant } from '#domain/time/clock.ts';
import { niceTicks } from '#domain/time/ticks.ts';
import { civilTime, instantOf, type TimeZoneChoice, utcMs } from '#domain/time/zone.ts';

export interface TimeTick {
  readonly unixMs: number;
  readonly label: string;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const CALENDAR_FROM = 4 * DAY;
const NS_PER_MS = 1e6;

/**
 * Round marks of a wall clock within [fromMs, toMs], about `most` of them, ascending. They are chosen on the zone's own
 * clock, so that days begin at its midnight; where clocks change, marks stay round and their distance differs.
 */
export function timeTicks(fromMs: number, toMs: number, zone: TimeZoneChoice, most: number): readonly TimeTick[] {
  if (!(toMs > fromMs)) return [];
  const wall = (unixMs: number) => utcMs(civilTime(Math.floor(unixMs), zone)) + (Math.floor(unixMs) % 1000);
  const marks = wallMarks(wall(fromMs), wall(toMs), Math.max(1, most));
  const stepMs = marks.length > 1 ? marks[1] - marks[0] : toMs - fromMs;
  const ticks: TimeTick[] = [];
  for (const mark of marks) {
    const unixMs = instantOf(civilTime(mark, 'utc'), zone) + (mark % 1000);
    if (unixMs < fromMs || unixMs > toMs || unixMs <= (ticks.at(-1)?.unixMs ?? Number.NEGATIVE_INFINITY)) continue;
    ticks.push({ unixMs, label: labelOf(unixMs, mark, stepMs, zone) });
  }
  return ticks;
}

/** In ms of a wall clock read as UTC: steps of a clock within some days, those of a calendar beyond. */
function wallMarks(fromMs: number, toMs: number, most: number): readonly number[] {
  if (toMs - fromMs > CALENDAR_FROM) return calendarMarks(fromMs, toMs, most);
  // From the day's midnight on: ns since 1970 are beyond what a number holds exactly.
  const midnight = Math.floor(fromMs / DAY) * DAY;
  const { atNs } = niceTicks((fromMs - midnight) * NS_PER_MS, (toMs - midnight) * NS_PER_MS, most);
  return Array.from(atNs, ns => midnight + Math.round(ns / NS_PER_MS));
}

/** Days, weeks from Monday on, months or years, the shortest that are not too many. */
function calendarMarks(fromMs: number, toMs: number, most: number): readonly number[] {
  for (const { days, from } of DAY_STEPS) {
    const stepMs = days * DAY;
    if ((toMs - fromMs) / stepMs > most) continue;
    const first = Math.ceil((fromMs - from * DAY) / stepMs) * stepMs + from * DAY;
    return Array.from({ length: Math.floor((toMs - first) / stepMs) + 1 }, (_, i) => first + i * stepMs);
  }
  const months = MONTH_STEPS.find(step => (toMs - fromMs) / (step * 30 * DAY) <= most) ?? MONTH_STEPS.at(-1)!;
  const { year, month } = civilTime(fromMs, 'utc');
  const marks: number[] = [];
  for (let at = Math.floor((year * 12 + month - 1) / months) * months; ; at += months) {
    const civil = { year: Math.floor(at / 12), month: (at % 12) + 1, day: 1, hour: 0, minute: 0, second: 0 };
    const mark = utcMs(civil);
    if (mark > toMs) return marks;
    if (mark >= fromMs) marks.push(mark);
  }
}

/** `from`: days after 1 January 1970, a Thursday, that the steps are counted from. */
const DAY_STEPS = [
  { days: 1, from: 0 },
  { days: 2, from: 0 },
  { days: 7, from: 4 },
  { days: 14, from: 4 },
];
const MONTH_STEPS = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

/** As short as tells neighbours apart: a year, a day, a time. */
function labelOf(unixMs: number, wallMs: number, stepMs: number, zone: TimeZoneChoice): string {
  const unixNano = BigInt(unixMs) * 1_000_000n;
  if (wallMs % DAY === 0) {
    const [, day, month, year] = formatInstant(unixNano, zone, 'full').replace(',', '').split(' ');
    return day === '1' && month === 'Jan' ? year : `${day} ${month}`;
  }
  if (stepMs >= MINUTE) return formatInstant(unixNano, zone, 'minute');
  const time = formatInstant(unixNano, zone, 'time');
  return stepMs >= 1000 ? time.slice(0, 8) : time;
}
