/** What stands for a number nobody knows; a known nothing is `·`. */
export const UNKNOWN = '–';
/** Stands between a number and its unit, so that a line never breaks there. */
export const NBSP = '\u00a0';
const MINUS = '\u2212';

/**
 * Three significant digits for any magnitude, trailing zeros dropped: 820, 41.2, 76, 4.1. Callers pick the unit so that
 * the value is below 1,000; larger ones come out whole.
 */
export function significant(value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  const text = size.toFixed(decimals);
  return withSign(value, decimals === 0 ? text : text.replace(/\.?0+$/, ''));
}

/** A count: exact with thousands separators up to a million (`36,349`), then `1.20 M`, `3.05 G`. NaN is unknown. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return UNKNOWN;
  const size = Math.abs(Math.round(count));
  if (size < 1e6) return withSign(count, thousands(size));
  if (size < 999.995e6) return withSign(count, `${(size / 1e6).toFixed(2)}${NBSP}M`);
  return withSign(count, `${(size / 1e9).toFixed(2)}${NBSP}G`);
}

/** A cell of a count column, where zero is the ordinary case and must not shout: `·`. */
export function formatCountCell(count: number): string {
  return count === 0 ? '·' : formatCount(count);
}

/** A share (0.084 is `8.4 %`): one decimal under 10, none above; a small share never rounds to nothing or to all. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return UNKNOWN;
  const percent = Math.abs(share) * 100;
  if (percent > 0 && percent < 0.05) return `<${NBSP}${withSign(share, '0.1')}${NBSP}%`;
  if (percent > 99.5 && percent < 100) return `>${NBSP}${withSign(share, '99')}${NBSP}%`;
  const text = percent < 9.95 ? percent.toFixed(1).replace(/\.0$/, '') : percent.toFixed(0);
  return withSign(share, `${text}${NBSP}%`);
}

/** A size in decimal units: `512 B`, `46 kB`, `1.25 MB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return UNKNOWN;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${significant(value)}${NBSP}${units[unit]}`;
}

function thousands(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}

function withSign(value: number, text: string): string {
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}
