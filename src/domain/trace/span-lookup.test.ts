import { expect, it } from 'vitest';
import { type SpanId, spanIdOf } from '#domain/ids.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import type { PlainSpan } from './plain-span.ts';
import { ordinalOfSpan, rowOfSpan } from './span-lookup.ts';

const COUNT = 40_000;
const hex = (i: number): string => i.toString(16).padStart(16, '0');

/** More spans than are sorted for one look-up; every thousandth shares its id with the one before. */
const table = tableOfSpans(
  Array.from({ length: COUNT }, (_, i): PlainSpan => {
    const startUnixNano = 1_760_000_000_000_000_000n + BigInt((i * 7_919) % COUNT);
    return {
      traceId: '0123456789abcdef0123456789abcdef',
      spanId: hex(1 + (i % 1_000 === 999 ? i - 1 : i)),
      parentSpanId: '',
      name: `span ${i}`,
      kind: 1,
      startUnixNano,
      endUnixNano: startUnixNano + 5n,
      resource: { attributes: [] },
    };
  }),
);

it('finds spans of a large trace alike, whether it reads the ids or has them sorted by now', () => {
  const wanted = [hex(1), hex(999), hex(COUNT - 1), hex(COUNT + 9)] as SpanId[];
  const found = () => wanted.flatMap(id => [1, 2, 3].map(nth => rowOfSpan(table, id, nth)));
  const first = found();
  expect(first.slice(0, 3)).toEqual(Array(3).fill(first[0]));
  expect(first[3]).not.toBe(first[4]);
  expect(first[5]).toBe(first[3]);
  expect(first.slice(-3)).toEqual([-1, -1, -1]);
  for (let i = 0; i < 4; i++) expect(found()).toEqual(first);
  for (let row = 0; row < COUNT; row += 501) {
    expect(rowOfSpan(table, spanIdOf(table.spanId[row]), ordinalOfSpan(table, row))).toBe(row);
  }
});
