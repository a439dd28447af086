import { BASE64_DIGITS } from './format/base64.ts';
import { err, ok, type Result } from './result.ts';

declare const brand: unique symbol;

/** 32 lower-case hex digits, not all zero. */
export type TraceId = string & { readonly [brand]: 'TraceId' };
/** 16 lower-case hex digits, not all zero. The form in which a span is named outside memory (URLs, messages). */
export type SpanId = string & { readonly [brand]: 'SpanId' };

/**
 * Reads a trace id as people and tools write it: upper case, `0x`, UUID dashes, surrounding space, leading zeros
 * stripped (Tempo) or 64-bit (Zipkin), padded base64 (JSON of protobuf). The result is padded to 32 digits.
 */
export function parseTraceId(text: string): Result<TraceId, string> {
  return parseHexId(text, 32, 'trace id') as Result<TraceId, string>;
}

/** As `parseTraceId`, for a span id of at most 16 digits. */
export function parseSpanId(text: string): Result<SpanId, string> {
  return parseHexId(text, 16, 'span id') as Result<SpanId, string>;
}

/** The 64-bit number of `TraceTable.spanId` as its 16 hex digits. */
export function spanIdOf(value: bigint): SpanId {
  return value.toString(16).padStart(16, '0') as SpanId;
}

/** The reverse of `spanIdOf`. */
export function spanIdBits(id: SpanId): bigint {
  return BigInt(`0x${id}`);
}

function parseHexId(text: string, digits: number, what: string): Result<string, string> {
  const written = text.trim();
  const hex = hexOfBase64(written) ?? written.toLowerCase().replace(/^0x/, '').replaceAll('-', '');
  if (!/^[0-9a-f]+$/.test(hex)) return err(`${what} ${JSON.stringify(text.slice(0, 64))} is not hexadecimal`);
  const significant = hex.replace(/^0+/, '');
  if (significant === '') return err(`${what} is all zeros`);
  if (significant.length > digits)
    return err(`${what} has ${significant.length} digits; at most ${digits} are allowed`);
  return ok(significant.padStart(digits, '0'));
}

/** The bytes of padded base64 as hex digits; undefined for anything else, above all for what could be hex itself. */
function hexOfBase64(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{11}=)$/.test(text)) return undefined;
  let bits = 0n;
  const digits = text.replace(/=+$/, '');
  for (const digit of digits) bits = (bits << 6n) | BigInt(BASE64_DIGITS.indexOf(digit));
  const bytes = Math.floor((6 * digits.length) / 8);
  return (bits >> BigInt(6 * digits.length - 8 * bytes)).toString(16).padStart(2 * bytes, '0');
}
