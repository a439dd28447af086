import type { ChangedFigure, EdgeChange } from '#domain/api/graph-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatPercent, NBSP, significant } from '#domain/format/number.ts';
import { rateText } from './texts.ts';

/** How much one figure is of another: `×4.1` from twice on, `+16 %` and `−30 %` below; '·' for no difference. */
export function ratioWords(before: number, now: number): string {
  if (before === now) return '·';
  if (before === 0) return 'from 0';
  const factor = now / before;
  if (factor >= 2) return `×${significant(factor)}`;
  const percent = Math.round((factor - 1) * 100);
  if (percent === 0) return '·';
  return `${percent > 0 ? '+' : '\u2212'}${Math.abs(percent)}${NBSP}%`;
}

/** What happened to an edge, without its name: `p95 448 ms → 1.84 s since 14:06`. `clock` prints unix ns. */
export function changeWords(change: EdgeChange, clock: (unixNano: bigint) => string): string {
  const { what, before, now, firstBadUnixNano } = change;
  if (what === 'new') return `new, ${rateText(now, 1)}`;
  if (what === 'gone') return `gone, ${rateText(before, 1)} before`;
  const since = firstBadUnixNano === undefined ? '' : ` since ${clock(BigInt(firstBadUnixNano))}`;
  return `${FIGURES[what]} ${figureWords(what, before)} → ${figureWords(what, now)}${since}`;
}

const FIGURES = { rate: 'calls', errors: 'errors', p95: 'p95' } as const;

function figureWords(what: ChangedFigure, value: number): string {
  if (what === 'p95') return durationText(value);
  return what === 'errors' ? formatPercent(value) : rateText(value, 1);
}
