import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CountedCell, heatmapOfCells } from './heatmap-of-cells.ts';

const COLUMNS = 5;
const cell: fc.Arbitrary<CountedCell> = fc
  .record({
    column: fc.integer({ min: 0, max: COLUMNS - 1 }),
    row: fc.option(fc.integer({ min: 0, max: 251 }), { nil: undefined }),
    count: fc.integer({ min: 1, max: 5_000 }),
  })
  .chain(({ count, ...place }) => fc.integer({ min: 0, max: count }).map(errors => ({ ...place, count, errors })));

test('cells, what lies below and what has no duration add up to the total', () => {
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 60 }), cells => {
      const map = heatmapOfCells(cells, COLUMNS, { rowsPerOctave: 4 });
      const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
      expect(map.counts).toHaveLength(COLUMNS * map.rows);
      expect(sum(map.counts) + map.below.count + map.withoutDuration.count).toBe(map.total);
      expect(sum(map.errors) + map.below.errors + map.withoutDuration.errors).toBe(map.totalErrors);
      expect(map.total).toBe(sum(cells.map(({ count }) => count)));
      // No more than one in a thousand of what has a duration is left out below.
      expect(map.below.count).toBeLessThanOrEqual((map.total - map.withoutDuration.count) / 1_000);
      expect(map.maxNs).toBe(map.rows === 0 ? 0 : 2 ** ((map.firstRow + map.rows) / 4));
    }),
  );
});

test('nothing with a duration has no rows', () => {
  expect(heatmapOfCells([{ column: 0, row: undefined, count: 3, errors: 1 }], 2, { rowsPerOctave: 4 })).toMatchObject({
    rows: 0,
    counts: [],
    total: 3,
    withoutDuration: { count: 3, errors: 1 },
    p01Ns: 0,
    maxNs: 0,
  });
});
