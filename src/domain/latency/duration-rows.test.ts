import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROW_FLOORS_NS, rowFloorNs, rowOfDuration } from './duration-rows.ts';

test('four rows an octave, each from its edge on', () => {
  expect([1n, 2n, 3n, 4n, 1_000n, 1024n].map(rowOfDuration)).toEqual([0, 4, 6, 8, 39, 40]);
  expect(rowOfDuration(0n)).toBeUndefined();
  expect(rowOfDuration(-1n)).toBeUndefined();
  expect([rowFloorNs(40), rowFloorNs(10, 1)]).toEqual([1024, 1024]);
});

test('a duration lies between the edges of its row, compared as whole numbers', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), durationNs => {
      const row = rowOfDuration(durationNs)!;
      expect(durationNs ** 4n >= 1n << BigInt(row)).toBe(true);
      expect(durationNs ** 4n < 1n << BigInt(row + 1)).toBe(true);
    }),
  );
  expect(ROW_FLOORS_NS.every((floor, row) => floor ** 4n >= 1n << BigInt(row))).toBe(true);
});
