import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteStrings } from './byte-strings.ts';

const encoder = new TextEncoder();
const decode = (bytes: Uint8Array, from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));

it('gives equal strings equal indexes and gives each string back', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 4 }), { maxLength: 300 }), texts => {
      const strings = new ByteStrings(decode);
      const known = new Map<string, number>();
      for (const text of texts) {
        const bytes = encoder.encode(`<${text}>`);
        const wellFormed = decode(bytes, 1, bytes.length - 1);
        const index = strings.intern(bytes, 1, bytes.length - 1);
        expect(strings.at(index)).toBe(wellFormed);
        expect(known.get(wellFormed) ?? index).toBe(index);
        expect(strings.internText(wellFormed)).toBe(index);
        known.set(wellFormed, index);
      }
      expect(strings.table().size).toBe(new Set([...known.keys(), '']).size);
    }),
  );
});

it('grows, and decodes a string that comes often once', () => {
  let decoded = 0;
  const strings = new ByteStrings((bytes, from, to) => {
    decoded++;
    return decode(bytes, from, to);
  });
  const names = Array.from({ length: 5_000 }, (_, i) => encoder.encode(`operation ${i}`));
  const indexes = names.map(name => strings.intern(name, 0, name.length));
  const first = decoded;
  expect(names.map(name => strings.intern(name, 0, name.length))).toEqual(indexes);
  expect(indexes).toEqual(names.map((_, i) => i + 1));
  // A few may have found no place in the cache; the map knows them all the same.
  expect(decoded - first).toBeLessThan(500);
});

it('makes one entry of bytes that decode alike, and of the empty string the first', () => {
  const strings = new ByteStrings(decode);
  const one = strings.intern(Uint8Array.of(0x61, 0xff), 0, 2);
  expect(strings.intern(Uint8Array.of(0x61, 0xfe), 0, 2)).toBe(one);
  expect(strings.at(one)).toBe('a\ufffd');
  expect(strings.intern(Uint8Array.of(1), 1, 1)).toBe(0);
});
