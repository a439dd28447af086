import { err, ok, type Result } from '#domain/result.ts';
import { civilTime, instantOf, type TimeZoneChoice, utcMs } from './zone.ts';

const PATTERN =
  /^(?:(\d{4})-(\d{1,2})-(\d{1,2}))?(?:^|[ T,]+|$)(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/**
 * A time as a person types it, to unix ms: `2026-09-17 14:12`, `2026-09-17T14:12:07.318Z`, `14:12` (today in the zone),
 * `2026-09-17` (its midnight), or unix seconds, ms, µs or ns as digits. A text without zone is read in `zone`.
 */
export function parseInstant(text: string, zone: TimeZoneChoice, nowMs: number): Result<number, string> {
  const trimmed = text.trim();
  if (/^\d{9,20}$/.test(trimmed)) return ok(fromDigits(trimmed));
  const match = PATTERN.exec(trimmed);
  const problem = `“${trimmed.slice(0, 64)}” is not a time; write it as 2026-09-17 14:12`;
  if (match === null || (match[1] === undefined && match[4] === undefined)) return err(problem);
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const today = civilTime(Math.floor(nowMs), offset === undefined ? zone : 'utc');
  const civil = {
    year: year === undefined ? today.year : Number(year),
    month: month === undefined ? today.month : Number(month),
    day: day === undefined ? today.day : Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
  const asUtc = utcMs(civil);
  const back = civilTime(asUtc, 'utc');
  const exists = (Object.keys(civil) as (keyof typeof civil)[]).every(field => back[field] === civil[field]);
  if (!exists || civil.year < 1970) return err(problem);
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  return ok((offset === undefined ? instantOf(civil, zone) : asUtc - offsetMs(offset)) + ms);
}

/** Seconds, ms, µs or ns: told apart by their number of digits, which is unambiguous from 1973 to 5138. */
function fromDigits(digits: string): number {
  if (digits.length <= 11) return Number(digits) * 1000;
  if (digits.length <= 14) return Number(digits);
  return Number(digits.slice(0, digits.length - (digits.length <= 17 ? 3 : 6)));
}

function offsetMs(offset: string): number {
  if (/^(z|utc)$/i.test(offset)) return 0;
  const digits = offset.replace(/\D/g, '');
  return (offset.startsWith('-') ? -60_000 : 60_000) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}
