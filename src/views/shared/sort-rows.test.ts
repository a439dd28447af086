import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextSort, sortRows } from './sort-rows.ts';

const columns = [
  { key: 'name', value: ({ name }: { name: string }) => name },
  { key: 'size', value: ({ size }: { size?: number | undefined }) => size },
];
const row = fc.record({ name: fc.string({ maxLength: 3 }), size: fc.option(fc.nat(9), { nil: undefined }) });

it('keeps every row, in order, with unknown values last either way', () => {
  fc.assert(
    fc.property(fc.array(row), fc.boolean(), (rows, isDescending) => {
      const sorted = sortRows(rows, columns, { key: 'size', isDescending });
      expect(new Set(sorted)).toEqual(new Set(rows));
      const sizes = sorted.map(({ size }) => size ?? (isDescending ? -1 : 10));
      expect(sizes).toEqual(sizes.toSorted((a, b) => (isDescending ? b - a : a - b)));
    }),
  );
});

it('turns round what it is sorted by, and starts numbers from the largest', () => {
  expect(nextSort({ key: 'name', isDescending: false }, 'size', true)).toEqual({ key: 'size', isDescending: true });
  expect(nextSort({ key: 'size', isDescending: true }, 'size', true)).toEqual({ key: 'size', isDescending: false });
  expect(nextSort({ key: 'size', isDescending: true }, 'name', false)).toEqual({ key: 'name', isDescending: false });
});
