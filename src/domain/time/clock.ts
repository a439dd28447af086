import { UNKNOWN } from '#domain/format/number.ts';
import { type CivilTime, civilTime, ianaName, type TimeZoneChoice, utcMs } from './zone.ts';

/**
 * How an instant is written:
 * - `full`   `Thu 17 Sep 2026, 14:12:07.318 CEST`: headers, tooltips
 * - `exact`  `Thu 17 Sep 2026, 14:12:07.318204511 CEST`: where every digit counts
 * - `time`   `14:26:50.360`: rows of a list that says the day elsewhere
 * - `minute` `14:26`: axes and ranges
 */
export type InstantStyle = 'full' | 'exact' | 'time' | 'minute';

/** Outside the years 1970 to 9999 nothing is a time of a span; what Intl would make of it misleads. */
const MAX_UNIX_NANO = 253_402_300_799_999_999_999n;
const NS_PER_MS = 1_000_000n;
const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** An instant in a zone, exact to the digit shown (cut, not rounded: a clock never shows a second that has not begun). */
export function formatInstant(unixNano: bigint, zone: TimeZoneChoice, style: InstantStyle): string {
  const moment = momentOf(unixNano, zone);
  if (moment === undefined) return UNKNOWN;
  const { civil, unixMs } = moment;
  if (style === 'minute') return minutes(civil);
  if (style === 'time') return `${seconds(civil)}.${fraction(unixNano, 3)}`;
  const time = `${seconds(civil)}.${fraction(unixNano, style === 'full' ? 3 : 9)}`;
  return `${weekday(civil)} ${date(civil)} ${civil.year}, ${time} ${zoneLabel(unixMs, zone)}`;
}

/** The start column of a list: `14:26:50.360`; the date before it when it is not today: `16 Sep 14:26:50.360`. */
export function formatRowTime(unixNano: bigint, zone: TimeZoneChoice, nowMs: number): string {
  const moment = momentOf(unixNano, zone);
  if (moment === undefined) return UNKNOWN;
  const { civil } = moment;
  const today = civilTime(Math.floor(nowMs), zone);
  const time = `${seconds(civil)}.${fraction(unixNano, 3)}`;
  if (civil.year !== today.year) return `${date(civil)} ${civil.year} ${time}`;
  return civil.month === today.month && civil.day === today.day ? time : `${date(civil)} ${time}`;
}

/**
 * The time under the pointer on an axis: `14:12:08.658 CEST`, with as many digits as a step of `stepNs` is worth; the date
 * before it where it is not the day of `dayUnixNano`.
 */
export function formatPointerTime(unixNano: bigint, zone: TimeZoneChoice, stepNs: number, dayUnixNano: bigint): string {
  const moment = momentOf(unixNano, zone);
  if (moment === undefined) return UNKNOWN;
  const { civil, unixMs } = moment;
  const digits = Math.max(0, Math.min(9, 9 - Math.floor(Math.log10(Math.max(1, stepNs)))));
  const day = momentOf(dayUnixNano, zone)?.civil;
  const dated = day !== undefined && sameDay(civil, day) ? '' : `${date(civil)} `;
  return `${dated}${seconds(civil)}${digits === 0 ? '' : `.${fraction(unixNano, digits)}`} ${zoneLabel(unixMs, zone)}`;
}

/**
 * A range with its zone: `13:40 – 14:40 CEST`, with seconds where an end has them, with dates where it is not within
 * today: `16 Sep 23:50 – 17 Sep 00:50 CEST`. The label is that of the end; a range over a clock change names both.
 */
export function formatRange(fromMs: number, toMs: number, zone: TimeZoneChoice, nowMs: number): string {
  const [from, to, now] = [fromMs, toMs, nowMs].map(ms => civilTime(Math.floor(ms), zone));
  const time = from.second === 0 && to.second === 0 ? minutes : seconds;
  const dated = (civil: CivilTime) => `${date(civil)}${civil.year === now.year ? '' : ` ${civil.year}`} ${time(civil)}`;
  const [fromZone, toZone] = [zoneLabel(fromMs, zone), zoneLabel(toMs, zone)];
  const start = `${sameDay(from, to) && sameDay(from, now) ? time(from) : dated(from)}`;
  const end = sameDay(from, to) ? time(to) : dated(to);
  return `${start}${fromZone === toZone ? '' : ` ${fromZone}`} – ${end} ${toZone}`;
}

/** The abbreviation people use where there is one (`CEST`, `PDT`, `UTC`), else the offset (`UTC+5:45`). */
export function zoneLabel(unixMs: number, zone: TimeZoneChoice): string {
  if (zone === 'utc') return 'UTC';
  let offset = '';
  for (const format of labelFormats(zone)) {
    const name = format.formatToParts(unixMs).find(part => part.type === 'timeZoneName')?.value ?? '';
    if (!/^(GMT|UTC)[+\-\u2212]/.test(name)) return name;
    offset = name;
  }
  return offset.replace('GMT', 'UTC').replace('-', '\u2212');
}

interface Moment {
  readonly unixMs: number;
  readonly civil: CivilTime;
}

function momentOf(unixNano: bigint, zone: TimeZoneChoice): Moment | undefined {
  if (unixNano < 0n || unixNano > MAX_UNIX_NANO) return undefined;
  const unixMs = Number(unixNano / NS_PER_MS);
  return { unixMs, civil: civilTime(unixMs, zone) };
}

function fraction(unixNano: bigint, digits: number): string {
  return String(unixNano % 1_000_000_000n)
    .padStart(9, '0')
    .slice(0, digits);
}

const two = (n: number) => String(n).padStart(2, '0');
const minutes = (civil: CivilTime) => `${two(civil.hour)}:${two(civil.minute)}`;
const seconds = (civil: CivilTime) => `${minutes(civil)}:${two(civil.second)}`;
const date = (civil: CivilTime) => `${civil.day} ${MONTHS[civil.month - 1]}`;
const weekday = (civil: CivilTime) => WEEKDAYS[((Math.floor(utcMs(civil) / 86_400_000) % 7) + 7) % 7];
const sameDay = (a: CivilTime, b: CivilTime) => a.year === b.year && a.month === b.month && a.day === b.day;

/** No one locale abbreviates every zone: British English knows Europe's, American America's, Australian its own. */
const LABEL_LOCALES = ['en-GB', 'en-US', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA'];
const labelFormatsByZone = new Map<TimeZoneChoice, readonly Intl.DateTimeFormat[]>();

function labelFormats(zone: TimeZoneChoice): readonly Intl.DateTimeFormat[] {
  let formats = labelFormatsByZone.get(zone);
  if (formats === undefined) {
    const timeZone = ianaName(zone);
    formats = LABEL_LOCALES.map(locale => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }));
    labelFormatsByZone.set(zone, formats);
  }
  return formats;
}
