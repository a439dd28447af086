import { err, ok, type Result } from '#domain/result.ts';
import { parseDuration } from '#domain/traceql/literals.ts';
import { readQuery } from '#domain/traceql/validate.ts';
import { errorLineOf, type Parameters, readNumber } from '#server/tempo/parameters.ts';
import { goDuration } from '#server/tempo/value-json.ts';
import type { MetricsArgs } from './query-metrics.ts';

const SECOND_NS = 1_000_000_000n;
const MAX_INTERVALS = 10_000n;
const MAX_EXEMPLARS = 100;
const DEFAULT_SERIES = 1_000;
const MAX_SERIES = 10_000;
const MAX_TIME_NS = 2n ** 62n;

/** The parameters of `/api/metrics/query_range` (`form` range) and `/api/metrics/query` (instant). */
export function readMetricsArgs(
  params: Parameters,
  form: 'range' | 'instant',
  nowNs: bigint,
  maxRangeMs: number,
): Result<MetricsArgs, string> {
  const q = params.q || params.query || '';
  if (q === '') return err('invalid TraceQL query: query is required');
  const read = readQuery(q);
  if (!read.ok) return err(errorLineOf(read.error));
  const range = readTimes(params, nowNs);
  if (!range.ok) return range;
  const { startNs, endNs } = range.value;
  if (startNs >= endNs) {
    return err(`http parameter start must be before end. received start=${startNs} end=${endNs}`);
  }
  const maxRangeNs = BigInt(maxRangeMs) * 1_000_000n;
  if (endNs - startNs > maxRangeNs) {
    return err(`metrics query time range exceeds the maximum allowed duration of ${goDuration(maxRangeNs)}`);
  }
  const exemplars = readNumber(params, 'exemplars', { least: 0, most: 2 ** 31, fallback: MAX_EXEMPLARS });
  if (!exemplars.ok) return exemplars;
  const maxSeries = readNumber(params, 'maxSeries', { least: 0, most: 2 ** 31, fallback: DEFAULT_SERIES });
  if (!maxSeries.ok) return maxSeries;
  const step = form === 'instant' ? ok(undefined) : readStep(params.step ?? '', endNs - startNs);
  if (!step.ok) return step;
  return ok({
    q,
    startNs,
    endNs,
    stepNs: step.value,
    exemplars: form === 'instant' ? 0 : Math.min(exemplars.value, MAX_EXEMPLARS),
    maxSeries: Math.min(maxSeries.value || DEFAULT_SERIES, MAX_SERIES),
  });
}

function readTimes(params: Parameters, nowNs: bigint): Result<Pick<MetricsArgs, 'startNs' | 'endNs'>, string> {
  const end = readTime(params, 'end');
  if (!end.ok) return end;
  const start = readTime(params, 'start');
  if (!start.ok) return start;
  const endNs = end.value ?? nowNs;
  if (start.value !== undefined) return ok({ startNs: start.value, endNs });
  const since = params.since ? parseDuration(params.since) : 3_600n * SECOND_NS;
  if (since === undefined || since <= 0n) return err(`invalid since: ${quoted(params.since ?? '')} is not a duration`);
  return ok({ startNs: endNs > since ? endNs - since : 0n, endNs });
}

/** Unix seconds (up to ten digits), nanoseconds, seconds with a fraction, or RFC 3339. */
function readTime(params: Parameters, name: string): Result<bigint | undefined, string> {
  const text = params[name] ?? '';
  if (text === '') return ok(undefined);
  const timeNs = parseTime(text);
  if (timeNs === undefined || timeNs >= MAX_TIME_NS) return err(`invalid ${name}: ${quoted(text)} is not a time`);
  return ok(timeNs);
}

function parseTime(text: string): bigint | undefined {
  if (/^\d{1,19}$/.test(text)) return text.length <= 10 ? BigInt(text) * SECOND_NS : BigInt(text);
  const fraction = /^(\d{1,10})\.(\d{1,18})$/.exec(text);
  if (fraction !== null) return BigInt(fraction[1]) * SECOND_NS + BigInt(fraction[2].slice(0, 9).padEnd(9, '0'));
  const date = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (date === null) return undefined;
  const ms = Date.parse(date[1] + date[3]);
  return Number.isNaN(ms) || ms < 0 ? undefined : BigInt(ms) * 1_000_000n + BigInt((date[2] ?? '').padEnd(9, '0'));
}

function readStep(text: string, rangeNs: bigint): Result<bigint, string> {
  if (text === '' || text === '0') return ok(autoStep(rangeNs));
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? BigInt(Math.round(Number(text) * 1e9)) : parseDuration(text);
  if (seconds === undefined || seconds <= 0n) return err(`invalid step: ${quoted(text)} is not a duration`);
  // Points are told apart in ms.
  if (seconds < 1_000_000n || rangeNs / seconds > MAX_INTERVALS) {
    const least = rangeNs / MAX_INTERVALS > 1_000_000n ? rangeNs / MAX_INTERVALS : 1_000_000n;
    return err(`step of ${goDuration(seconds)} is too small, minimum step for given range is ${goDuration(least)}`);
  }
  return ok(seconds);
}

const ROUNDS = [3_600n, 300n, 60n, 15n, 5n, 1n].map(seconds => seconds * SECOND_NS);
const SHORT_ROUND_NS = 50_000_000n;

/** About 240 points, at round distances. */
function autoStep(rangeNs: bigint): bigint {
  const exact = rangeNs / 240n;
  const round = rangeNs < 60n * SECOND_NS ? SHORT_ROUND_NS : (ROUNDS.find(r => exact >= r) ?? SECOND_NS);
  return exact < round ? round : exact - (exact % round);
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
