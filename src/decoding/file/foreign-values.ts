import { MAX_VALUE_DEPTH } from '#decoding/otlp/attributes.ts';
import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';

/** A member of parsed JSON, if it is an object and has it itself. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text, or what is written where one should be. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

/** µs, with or without a fraction, as a number or its text, in ns; undefined if it is none. */
export function nanosOfMicros(value: unknown): bigint | undefined {
  const micros = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof micros !== 'number' || !Number.isFinite(micros)) return undefined;
  const whole = Math.floor(micros);
  return BigInt(whole) * 1000n + BigInt(Math.round((micros - whole) * 1000));
}

const MAX_UNIX_NANO = 2n ** 64n - 1n;

/** Into what OTLP's times hold. */
export function clampTime(unixNano: bigint): bigint {
  return unixNano < 0n ? 0n : unixNano > MAX_UNIX_NANO ? MAX_UNIX_NANO : unixNano;
}

/** Parsed JSON as a value; deeper than values may nest, it is empty. Recursion is bounded by that depth. */
export function jsonValue(value: unknown, depth = 1): AttributeValue {
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { type: 'int', value: BigInt(value) } : { type: 'double', value };
  }
  if (depth >= MAX_VALUE_DEPTH || value === null || value === undefined) return { type: 'empty' };
  if (Array.isArray(value)) return { type: 'list', value: value.map(item => jsonValue(item, depth + 1)) };
  const entries = Object.entries(value).map(([key, item]): Attribute => ({ key, value: jsonValue(item, depth + 1) }));
  return { type: 'map', value: entries };
}

/** A bare integer above 9 · 10^15: times in µs lie below. */
const MAY_BE_INEXACT = /[\s:,[]-?(?:[1-9]\d{16}|9\d{15})/;

/**
 * `JSON.parse`, but integers that a number cannot hold exactly stay text. Throws a `SyntaxError` only where the text is
 * no JSON.
 */
export function parseExactly(text: string): unknown {
  if (!MAY_BE_INEXACT.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    const isInexact =
      typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '');
    return isInexact ? (context?.source ?? value) : value;
  });
}
