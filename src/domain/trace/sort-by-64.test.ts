import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ascending, sortBy64 } from './sort-by-64.ts';

const key = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 3n }));

it('sorts by unsigned 64-bit keys and is stable', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 200 }), keys => {
      const pairs = new Uint32Array(BigUint64Array.from(keys).buffer);
      const expected = keys.map((_, i) => i).sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b));
      expect([...sortBy64(ascending(keys.length), pairs)]).toEqual(expected);
    }),
  );
});

it('sorts many, with wide digits, and only the indexes it is given', () => {
  const n = 40_000;
  const keys = BigUint64Array.from(
    { length: n },
    (_, i) => (BigInt(i) * 0x9e37_79b9_7f4a_7c15n) & 0xffff_ffff_ffff_ffffn,
  );
  const odd = ascending(n).filter(i => i % 2 === 1);
  const expected = [...odd].sort((a, b) => (keys[a] < keys[b] ? -1 : 1));
  expect([...sortBy64(odd, new Uint32Array(keys.buffer))]).toEqual(expected);
  const all = sortBy64(ascending(n), new Uint32Array(keys.buffer));
  for (let i = 1; i < n; i++) if (keys[all[i - 1]] > keys[all[i]]) expect.fail(`out of order at ${i}`);
});

it.each([
  [
    'times: high halves that hardly vary',
    (i: number) => 1_700_000_000_000_000_000n + BigInt((i * 7_919) % 90_000) * 1_000_000_007n,
  ],
  [
    'one far key, so that all others agree in their top bits',
    (i: number) => (i === 5 ? 2n ** 63n : BigInt((i * 7_919) % 90_000)),
  ],
  ['few distinct keys', (i: number) => BigInt(i % 3) << 40n],
  ['32 bits', (i: number) => BigInt(Math.imul(i, 0x9e3779b1) >>> 0)],
])('sorts many: %s', (_, keyOf) => {
  const n = 40_000;
  const keys = BigUint64Array.from({ length: n }, (_, i) => keyOf(i));
  const sorted = sortBy64(ascending(n), new Uint32Array(keys.buffer));
  expect(new Set(sorted).size).toBe(n);
  for (let i = 1; i < n; i++) {
    const [a, b] = [sorted[i - 1], sorted[i]];
    if (keys[a] > keys[b] || (keys[a] === keys[b] && a > b)) expect.fail(`out of order at ${i}`);
  }
});
