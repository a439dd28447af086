import { durationText } from '#domain/format/duration.ts';
import { NBSP } from '#domain/format/number.ts';

/** Where the marks of a time axis stand, in ns, ascending; each is a whole multiple of `stepNs`. */
export interface Ticks {
  readonly stepNs: number;
  readonly atNs: Float64Array;
}

const S = 1e9;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;
/** Decimal steps up to a second, the steps of a clock above it. */
const STEPS: readonly number[] = [
  ...Array.from({ length: 9 }, (_, power) => [1, 2, 5].map(digit => digit * 10 ** power)).flat(),
  ...[1, 2, 5, 10, 15, 30].map(n => n * S),
  ...[1, 2, 5, 10, 15, 30].map(n => n * M),
  ...[1, 2, 3, 6, 12].map(n => n * H),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map(n => n * D),
];

/**
 * At most `maxCount` (at least one) round marks within [fromNs, toNs], as dense as that allows. Steps run from 1 ns over
 * 1-2-5 decimals to clock units. An empty, reversed or non-finite window has none.
 */
export function niceTicks(fromNs: number, toNs: number, maxCount: number): Ticks {
  const width = toNs - fromNs;
  if (!(width > 0) || !Number.isFinite(width)) return { stepNs: 0, atNs: new Float64Array(0) };
  const most = Math.max(1, Math.floor(maxCount));
  const step = STEPS.find(candidate => countWithin(fromNs, toNs, candidate) <= most) ?? STEPS[STEPS.length - 1];
  const first = Math.ceil(fromNs / step);
  const count = Math.min(most, countWithin(fromNs, toNs, step));
  return { stepNs: step, atNs: Float64Array.from({ length: count }, (_, i) => (first + i) * step) };
}

/**
 * A mark's label, with just the digits that tell neighbours apart: `0`, `500 ms`, `1.50 s`, `20.000250 s` (never two
 * alike), `2 m 30 s`, `3 h 00 m`.
 */
export function tickLabel(ns: number, stepNs: number): string {
  if (ns === 0) return '0';
  const size = Math.abs(ns);
  const sign = ns < 0 ? '\u2212' : '';
  if (size >= M && stepNs >= S) return clockUnits(sign, Math.round(size / S));
  const [unit, name] = size >= S ? [S, 's'] : size >= 1e6 ? [1e6, 'ms'] : size >= 1e3 ? [1e3, 'µs'] : [1, 'ns'];
  const decimals = Math.max(0, Math.ceil(Math.log10(unit / stepNs) - 1e-9));
  const shown = unit === S && decimals > 0 ? Math.max(2, decimals) : decimals;
  const text = (size / unit).toFixed(shown);
  return `${sign}${text}${NBSP}${name}`;
}

/** Whole seconds of a minute or more, to the smallest unit that is not zero but at least two: `2 m 30 s`, `1 d 02 h`. */
function clockUnits(sign: string, totalSeconds: number): string {
  if (totalSeconds % 60 !== 0 && totalSeconds >= 3600) {
    const hours = Math.floor(totalSeconds / 3600);
    const rest = totalSeconds % 3600;
    return `${sign}${hours}${NBSP}h${NBSP}${two(Math.floor(rest / 60))}${NBSP}m${NBSP}${two(rest % 60)}${NBSP}s`;
  }
  if (totalSeconds % 3600 !== 0 && totalSeconds >= 86_400) {
    const days = Math.floor(totalSeconds / 86_400);
    const rest = Math.floor((totalSeconds % 86_400) / 60);
    return `${sign}${days}${NBSP}d${NBSP}${two(Math.floor(rest / 60))}${NBSP}h${NBSP}${two(rest % 60)}${NBSP}m`;
  }
  return sign + durationText(totalSeconds * S);
}

const two = (n: number) => String(n).padStart(2, '0');

function countWithin(fromNs: number, toNs: number, step: number): number {
  return Math.floor(toNs / step) - Math.ceil(fromNs / step) + 1;
}
