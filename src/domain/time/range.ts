import { durationText } from '#domain/format/duration.ts';
import { err, ok, type Result } from '#domain/result.ts';

/** One end of a range as the URL holds it: `now`, `now-15m`, or unix milliseconds as digits. */
export type RangeBound =
  | { readonly kind: 'relative'; readonly beforeNowMs: number }
  | { readonly kind: 'absolute'; readonly unixMs: number };

/** A range at one moment, in unix ms; `fromMs` < `toMs`. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
/** 9999-12-31, as far as the clock formats go. */
const MAX_UNIX_MS = 253_402_300_799_999;

/** Reads one bound; the error is a sentence for the reader. */
export function parseBound(text: string): Result<RangeBound, string> {
  const relative = /^now(?:-(\d{1,9})([smhdw]))?$/.exec(text);
  if (relative !== null) {
    const beforeNowMs = relative[1] === undefined ? 0 : Number(relative[1]) * UNIT_MS[relative[2]];
    return ok({ kind: 'relative', beforeNowMs });
  }
  if (/^\d{1,15}$/.test(text) && Number(text) <= MAX_UNIX_MS) return ok({ kind: 'absolute', unixMs: Number(text) });
  return err(`“${text.slice(0, 64)}” is not a time; use now, now-15m or unix milliseconds`);
}

/** Resolves `from` and `to` against one clock reading. `from` must lie before `to`. */
export function parseRange(from: string, to: string, nowMs: number): Result<TimeRange, string> {
  const start = parseBound(from);
  if (!start.ok) return start;
  const end = parseBound(to);
  if (!end.ok) return end;
  const range = { fromMs: resolve(start.value, nowMs), toMs: resolve(end.value, nowMs) };
  return range.fromMs < range.toMs ? ok(range) : err('the range ends before it starts');
}

/** The window of the same width just before (-1) or after (+1); the bounds are absolute, as the URL holds them. */
export function shiftRange(range: TimeRange, direction: -1 | 1): { readonly from: string; readonly to: string } {
  const width = range.toMs - range.fromMs;
  const fromMs = Math.min(Math.max(0, range.fromMs + direction * width), MAX_UNIX_MS - width);
  return { from: String(fromMs), to: String(fromMs + width) };
}

/** `Last 1 h` for a range that ends now and follows it; undefined for any other, which is named by its clock times. */
export function relativeLabel(from: string, to: string): string | undefined {
  const match = /^now-(\d{1,9})([smhdw])$/.exec(from);
  if (match === null || to !== 'now') return undefined;
  const [, count, unit] = match;
  const name = unit === 'm' ? 'min' : unit;
  return `Last ${Number(count)}\u00a0${name}`;
}

/** Width of a range in words, for buttons such as “Earlier by 1 h 00 m”. */
export function widthText(range: TimeRange): string {
  return durationText((range.toMs - range.fromMs) * 1e6);
}

function resolve(bound: RangeBound, nowMs: number): number {
  return bound.kind === 'absolute' ? bound.unixMs : Math.max(0, Math.floor(nowMs) - bound.beforeNowMs);
}
