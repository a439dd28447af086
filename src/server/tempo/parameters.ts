import { err, ok, type Result } from '#domain/result.ts';
import { parseDuration } from '#domain/traceql/literals.ts';
import { type TraceqlError, traceqlErrorText } from '#domain/traceql/traceql-error.ts';
import { readQuery } from '#domain/traceql/validate.ts';
import { goDuration } from './value-json.ts';

/** Query string of a request; a repeated parameter counts with its first value. */
export type Parameters = Readonly<Record<string, string | undefined>>;

export function parametersOf(query: unknown): Parameters {
  const entries = Object.entries((query ?? {}) as Record<string, string | string[]>);
  return Object.fromEntries(entries.map(([key, value]) => [key, Array.isArray(value) ? value[0] : value]));
}

export interface TimeRange {
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
}

/** `start` and `end` in Unix seconds, both or neither. The end second counts whole. */
export function readRange(params: Parameters): Result<TimeRange, string> {
  const [start, end] = [readSeconds(params, 'start'), readSeconds(params, 'end')];
  if (!start.ok) return start;
  if (!end.ok) return end;
  if (start.value === 0n && end.value === 0n) return ok({ startNs: undefined, endNs: undefined });
  if (start.value === 0n || end.value === 0n) {
    return err('please provide non-zero values for http parameters start and end');
  }
  if (start.value >= end.value) {
    return err(`http parameter start must be before end. received start=${start.value} end=${end.value}`);
  }
  return ok({ startNs: start.value * 1_000_000_000n, endNs: end.value * 1_000_000_000n + 999_999_999n });
}

/** How long a range may be, in ms. */
export interface RangeLimits {
  readonly maxSearchRangeMs: number;
  readonly maxMetricsRangeMs: number;
}

/** As Tempo's own. */
export const DEFAULT_LIMITS: RangeLimits = { maxSearchRangeMs: 604_800_000, maxMetricsRangeMs: 86_400_000 };

/** `readRange` for a search, which may not be longer than `maxMs`. */
export function readSearchRange(params: Parameters, maxMs: number): Result<TimeRange, string> {
  const range = readRange(params);
  if (!range.ok || range.value.startNs === undefined || range.value.endNs === undefined) return range;
  const [start, end] = [range.value.startNs / SECOND_NS, range.value.endNs / SECOND_NS];
  if ((end - start) * 1_000n <= BigInt(maxMs)) return range;
  const most = goDuration(BigInt(maxMs) * 1_000_000n);
  return err(`range specified by start and end exceeds ${most}. received start=${start} end=${end}`);
}

const SECOND_NS = 1_000_000_000n;

/** Later seconds do not fit into 64 bits of ns. */
const MAX_SECONDS = 9_223_372_035n;

function readSeconds(params: Parameters, name: string): Result<bigint, string> {
  const text = params[name] ?? '';
  if (text === '') return ok(0n);
  if (!/^\d{1,10}$/.test(text))
    return err(`invalid ${name}: ${JSON.stringify(text.slice(0, 40))} is not a time in Unix seconds`);
  const seconds = BigInt(text);
  return ok(seconds > MAX_SECONDS ? MAX_SECONDS : seconds);
}

/** A whole number from `least` to `most`; `fallback` if it is absent. */
export function readNumber(
  params: Parameters,
  name: string,
  { least, most, fallback }: { readonly least: number; readonly most: number; readonly fallback: number },
): Result<number, string> {
  const text = params[name] ?? '';
  if (text === '') return ok(fallback);
  const value = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) return err(`invalid ${name}: ${JSON.stringify(text.slice(0, 40))} is not a number`);
  if (value < least) return err(`invalid ${name}: must be ${least > 0 ? 'a positive number' : 'at least 0'}`);
  if (value > most) return err(`invalid ${name}: ${value} exceeds the maximum allowed value of ${most}`);
  return ok(value);
}

/** The TraceQL of a search, refused here already where it is wrong. */
export function queryTextOf(params: Parameters): Result<string, string> {
  const { q, tags } = params;
  if (q !== undefined && q !== '' && tags !== undefined && tags !== '') {
    return err('invalid request: q and tags cannot be combined');
  }
  if (q === undefined || q === '') return queryOfTags(params);
  const read = readQuery(q);
  return read.ok ? ok(q) : err(errorLineOf(read.error));
}

/** An error on one line, whatever the query holds. */
export function errorLineOf(error: TraceqlError): string {
  return traceqlErrorText(error).replace(/\s*[\r\n]+\s*/g, ' ');
}

/** The older search form (`tags` as logfmt, `minDuration`, `maxDuration`) as TraceQL. */
function queryOfTags(params: Parameters): Result<string, string> {
  const conditions: string[] = [];
  for (const [, key, quoted, bare] of (params.tags ?? '').matchAll(/([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)) {
    conditions.push(tagCondition(key, quoted?.replace(/\\(.)/g, '$1') ?? bare ?? ''));
  }
  const leftover = (params.tags ?? '').replace(/([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g, '').trim();
  if (leftover !== '')
    return err(`invalid tags: ${JSON.stringify(leftover.slice(0, 40))} is not of the form key=value`);
  for (const [name, op] of [
    ['minDuration', '>='],
    ['maxDuration', '<='],
  ] as const) {
    const text = params[name] ?? '';
    if (text === '') continue;
    if (parseDuration(text) === undefined)
      return err(`invalid ${name}: ${JSON.stringify(text.slice(0, 40))} is not a duration`);
    conditions.push(`traceDuration ${op} ${text}`);
  }
  return ok(conditions.length === 0 ? '{}' : `{ ${conditions.join(' && ')} }`);
}

/** Values came as text there, whatever their type. */
function tagCondition(key: string, value: string): string {
  const text = JSON.stringify(value).replace(/\\u2028|\\u2029/g, '?');
  if (key === 'name') return `name = ${text}`;
  if (key === 'error') return value === 'true' ? 'status = error' : 'status != error';
  if (key === 'status.code' || key === 'status') {
    const word = /^(?:ok|error|unset)$/.test(value) ? value : 'unset';
    return `status = ${word}`;
  }
  const field = key === 'service.name' ? 'resource.service.name' : `."${key.replace(/["\\]/g, '\\$&')}"`;
  const typed = /^-?\d{1,18}$|^(?:true|false)$/.test(value) ? ` || ${field} = ${value}` : '';
  return typed === '' ? `${field} = ${text}` : `(${field} = ${text}${typed})`;
}
