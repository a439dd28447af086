import { NBSP, significant, UNKNOWN } from './number.ts';

/** A duration split for tables, where the unit is muted. `value` carries the sign; `unit` is '' for an unknown one. */
export interface FormattedDuration {
  readonly value: string;
  readonly unit: string;
}

const US = 1e3;
const MS = 1e6;
const S = 1e9;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/**
 * Three significant digits below a second (`820 µs`, `41.2 ms`, `76 ms`), two decimals below a minute (`2.84 s`), then
 * `3 m 04 s`, `2 h 05 m`, `4 d 07 h`. Rounding carries into the next unit: 59.996 s is `1 m 00 s`.
 */
export function formatDuration(ns: number): FormattedDuration {
  if (!Number.isFinite(ns)) return { value: UNKNOWN, unit: '' };
  const size = Math.abs(ns);
  const sign = ns < 0 ? '\u2212' : '';
  if (size < 0.5) return { value: '0', unit: 'ms' };
  if (size < 999.5) return { value: sign + significant(Math.round(size)), unit: 'ns' };
  if (size < 999.5 * US) return { value: sign + significant(size / US), unit: 'µs' };
  if (size < 999.5 * MS) return { value: sign + significant(size / MS), unit: 'ms' };
  if (size < 59.995 * S) return { value: sign + (size / S).toFixed(2), unit: 's' };
  const seconds = Math.round(size / S);
  if (seconds < HOUR) return pair(sign, seconds, MINUTE, 'm', 's');
  const minutes = Math.round(seconds / MINUTE);
  if (minutes * MINUTE < DAY) return pair(sign, minutes, 60, 'h', 'm');
  return pair(sign, Math.round(seconds / HOUR), 24, 'd', 'h');
}

/** `formatDuration` as one string, value and unit joined by a no-break space. */
export function durationText(ns: number): string {
  const { value, unit } = formatDuration(ns);
  return unit === '' ? value : value + NBSP + unit;
}

/** An offset from the first span of a trace, always signed: `+792 ms`, `−3 ms`, `+0 ms`. */
export function offsetText(ns: number): string {
  const text = durationText(ns);
  return ns < 0 || text === UNKNOWN || text.startsWith('\u2212') ? text : `+${text}`;
}

/** Every digit, for tooltips: `2,840,123,456 ns`. Exact while |ns| ≤ 2^53; pass a bigint beyond. */
export function exactDurationText(ns: number | bigint): string {
  if (typeof ns === 'number' && !Number.isFinite(ns)) return UNKNOWN;
  const whole = typeof ns === 'bigint' ? ns : BigInt(Math.round(ns));
  const digits = String(whole < 0n ? -whole : whole).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${whole < 0n ? '\u2212' : ''}${digits}${NBSP}ns`;
}

/** A whole `total` of the small unit, `per` of which make one big unit. */
function pair(sign: string, total: number, per: number, big: string, small: string): FormattedDuration {
  const rest = String(total % per).padStart(2, '0');
  return { value: `${sign}${Math.floor(total / per)}${NBSP}${big}${NBSP}${rest}`, unit: small };
}
