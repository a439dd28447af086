import type { SpansetAttribute } from '#domain/traceql/run/pipeline.ts';
import { isList, type Value } from '#domain/traceql/run/value.ts';

/** A value as the AnyValue of Tempo's JSON: 64-bit ints as strings, missing as the text "nil". */
export function valueJson(value: Value): Record<string, unknown> {
  if (value === undefined) return { stringValue: 'nil' };
  if (isList(value)) {
    const values = [
      ...value.strings.map(valueJson),
      ...value.numbers.map(n => valueJson(Number.isInteger(n) ? BigInt(n) : n)),
    ];
    return { arrayValue: { values } };
  }
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'bigint':
      return { intValue: String(value) };
    case 'number':
      // JSON has no NaN: jsonpb writes it as text.
      return { doubleValue: Number.isFinite(value) ? value : String(value) };
    case 'boolean':
      return { boolValue: value };
    default:
      return { stringValue: value.word };
  }
}

/** What `by` and aggregates found, as it rides on a spanset: counts and durations are text. */
export function spansetAttributeJson({ key, value, as }: SpansetAttribute): Record<string, unknown> {
  if (as === 'duration' && typeof value === 'bigint') return { key, value: { stringValue: goDuration(value) } };
  if (as === 'duration' && typeof value === 'number')
    return { key, value: { stringValue: goDuration(BigInt(Math.trunc(value))) } };
  if (as === 'count') return { key, value: { stringValue: String(value) } };
  return { key, value: valueJson(value) };
}

/** As Go prints a time.Duration: `216.666666ms`, `1m30s`, `2h0m0.5s`. */
export function goDuration(ns: bigint): string {
  if (ns === 0n) return '0s';
  const sign = ns < 0n ? '-' : '';
  const n = ns < 0n ? -ns : ns;
  if (n < 1_000n) return `${sign}${n}ns`;
  if (n < 1_000_000n) return `${sign}${decimal(n, 3)}µs`;
  if (n < 1_000_000_000n) return `${sign}${decimal(n, 6)}ms`;
  const minutes = n / 60_000_000_000n;
  const seconds = `${decimal(n % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${seconds}` : `${sign}${hours}h${minutes % 60n}m${seconds}`;
}

/** n / 10^digits without trailing zeros. */
function decimal(n: bigint, digits: number): string {
  const scale = 10n ** BigInt(digits);
  const fraction = (n % scale).toString().padStart(digits, '0').replace(/0+$/, '');
  return fraction === '' ? String(n / scale) : `${n / scale}.${fraction}`;
}
