import { err, ok, type Result } from '#domain/result.ts';
import { parseInstant } from '#domain/time/parse-instant.ts';
import { parseBound, parseRange } from '#domain/time/range.ts';
import { civilTime, type TimeZoneChoice } from '#domain/time/zone.ts';

/** Widths offered as one press, and what the URL says for each. */
export const PRESETS: readonly string[] = [
  'now-5m',
  'now-15m',
  'now-30m',
  'now-1h',
  'now-3h',
  'now-6h',
  'now-12h',
  'now-1d',
  'now-3d',
  'now-7d',
];

/** A bound as the panel's input shows it: `2026-09-17 14:12:07` in the zone, with milliseconds where it has them. */
export function boundText(unixMs: number, zone: TimeZoneChoice): string {
  const civil = civilTime(Math.floor(unixMs), zone);
  const date = [String(civil.year).padStart(4, '0'), two(civil.month), two(civil.day)].join('-');
  const ms = ((unixMs % 1000) + 1000) % 1000;
  const time = [civil.hour, civil.minute, civil.second].map(two).join(':');
  return `${date} ${time}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}`;
}

/**
 * What the reader typed into both inputs, as the URL says it. Each may be a time in the zone, `now` or `now-1h`, or
 * unix digits of any unit. The error names the input at fault.
 */
export function readBounds(
  from: string,
  to: string,
  zone: TimeZoneChoice,
  nowMs: number,
): Result<{ from: string; to: string }, { input: 'from' | 'to'; message: string }> {
  const start = readBound(from, zone, nowMs);
  if (!start.ok) return err({ input: 'from', message: start.error });
  const end = readBound(to, zone, nowMs);
  if (!end.ok) return err({ input: 'to', message: end.error });
  const range = parseRange(start.value, end.value, nowMs);
  return range.ok
    ? ok({ from: start.value, to: end.value })
    : err({ input: 'to', message: 'The range must end after it starts' });
}

function readBound(text: string, zone: TimeZoneChoice, nowMs: number): Result<string, string> {
  const trimmed = text.trim().toLowerCase();
  if (trimmed.startsWith('now')) {
    const bound = parseBound(trimmed);
    return bound.ok ? ok(trimmed) : bound;
  }
  const instant = parseInstant(text, zone, nowMs);
  return instant.ok ? ok(String(instant.value)) : instant;
}

const two = (n: number) => String(n).padStart(2, '0');
