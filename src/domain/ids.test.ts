import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base64Of } from './format/base64.ts';
import { parseSpanId, parseTraceId } from './ids.ts';

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).filter(array => array.some(byte => byte !== 0));
const hexOf = (array: Uint8Array): string => Array.from(array, byte => byte.toString(16).padStart(2, '0')).join('');

it('an id is the same however it is written', () => {
  fc.assert(
    fc.property(bytes(16), bytes(8), (trace, span) => {
      const hex = hexOf(trace);
      const dashed = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
      for (const text of [hex, hex.toUpperCase(), `0x${hex}`, ` ${dashed} `, base64Of(trace), hex.replace(/^0+/, '')])
        expect(parseTraceId(text)).toEqual({ ok: true, value: hex });
      for (const text of [hexOf(span), base64Of(span)])
        expect(parseSpanId(text)).toEqual({ ok: true, value: hexOf(span) });
    }),
  );
});

it.each(['', '0', 'xyz', 'AAAAAAAAAAAAAAAAAAAAAA==', 'eWa9RsUwS9koc4gYLzccXw', '1'.repeat(33)])('%j is none', text => {
  expect(parseTraceId(text).ok).toBe(false);
});
