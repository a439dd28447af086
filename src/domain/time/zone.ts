import type { Result } from '#domain/result.ts';
import { err, ok } from '#domain/result.ts';

/** `local` is the reader's zone; anything else but `utc` is an IANA name such as `Europe/Berlin`. */
export type TimeZoneChoice = 'local' | 'utc' | (string & {});

/** Wall-clock fields; `month` is 1 to 12. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The name for `Intl`; undefined lets it take the reader's zone. */
export function ianaName(zone: TimeZoneChoice): string | undefined {
  if (zone === 'local') return undefined;
  return zone === 'utc' ? 'UTC' : zone;
}

/** Accepts what a URL or a person may say: `local`, `utc` in any case, or an IANA name this platform knows. */
export function parseTimeZone(text: string): Result<TimeZoneChoice, string> {
  const zone = text.trim();
  if (/^(local|utc)$/i.test(zone)) return ok(zone.toLowerCase());
  try {
    return ok(new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone);
  } catch {
    return err(`“${zone.slice(0, 64)}” is not a time zone; use local, utc or a name such as Europe/Berlin`);
  }
}

/** The IANA name a choice stands for on this machine. */
export function resolvedZone(zone: TimeZoneChoice): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: ianaName(zone) }).resolvedOptions().timeZone;
}

/** Wall-clock fields of an instant. `unixMs` is a whole number of milliseconds. */
export function civilTime(unixMs: number, zone: TimeZoneChoice): CivilTime {
  const fields: Record<string, number> = {};
  for (const part of civilFormat(zone).formatToParts(unixMs)) fields[part.type] = Number(part.value);
  const { year, month, day, hour, minute, second } = fields;
  return { year, month, day, hour, minute, second };
}

/** How far the zone's clock is ahead of UTC at an instant, in ms; whole seconds (some old zones have them). */
export function zoneOffsetMs(unixMs: number, zone: TimeZoneChoice): number {
  const second = Math.floor(unixMs / 1000) * 1000;
  return zone === 'utc' ? 0 : utcMs(civilTime(second, zone)) - second;
}

/**
 * The instant a wall clock shows. Where clocks go back the earlier of the two; where they go forward, over the gap, the
 * instant that the old offset gives (02:30 in the gap becomes 03:30), as calendars do.
 */
export function instantOf(civil: CivilTime, zone: TimeZoneChoice): number {
  const asUtc = utcMs(civil);
  const day = 86_400_000;
  const before = asUtc - zoneOffsetMs(asUtc - day, zone);
  const after = asUtc - zoneOffsetMs(asUtc + day, zone);
  if (asUtc - zoneOffsetMs(before, zone) === before) return before;
  return asUtc - zoneOffsetMs(after, zone) === after ? after : before;
}

/** Unix ms of wall-clock fields read as UTC (proleptic Gregorian; days-from-civil over 400-year eras). */
export function utcMs(civil: CivilTime): number {
  const shifted = civil.month <= 2 ? civil.year - 1 : civil.year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((civil.month + 9) % 12) + 2) / 5) + civil.day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  const days = era * 146_097 + dayOfEra - 719_468;
  return ((days * 24 + civil.hour) * 60 + civil.minute) * 60_000 + civil.second * 1000;
}

const civilFormats = new Map<TimeZoneChoice, Intl.DateTimeFormat>();

function civilFormat(zone: TimeZoneChoice): Intl.DateTimeFormat {
  let format = civilFormats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: ianaName(zone),
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    civilFormats.set(zone, format);
  }
  return format;
}
