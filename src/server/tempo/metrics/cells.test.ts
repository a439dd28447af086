import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CellPart, Cells } from './cells.ts';

const part = fc.record({
  group: fc.integer({ min: 0, max: 40 }),
  time: fc.integer({ min: 0, max: 10_001 }),
  bucket: fc.integer({ min: 0, max: 63 }),
  count: fc.integer({ min: 1, max: 5 }),
  sum: fc.integer({ min: -9, max: 9 }),
});

function cellOf({ time, bucket, count, sum }: Pick<CellPart, 'time' | 'bucket' | 'count' | 'sum'>): CellPart {
  return { time, bucket, count, sum, min: sum, max: sum, segment: -1, rowId: 0 };
}

test('cells of one group, time and bucket are added up; groups stand together, by time and bucket', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 300 }), parts => {
      const cells = new Cells(1_000);
      const expected = new Map<string, { count: number; sum: number; min: number; max: number }>();
      for (const { group, ...rest } of parts) {
        cells.add(cells.group([BigInt(group)]) as number, cellOf(rest));
        const key = `${group} ${rest.time} ${rest.bucket}`;
        const known = expected.get(key) ?? { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: -100 };
        expected.set(key, {
          count: known.count + rest.count,
          sum: known.sum + rest.sum,
          min: Math.min(known.min, rest.sum),
          max: Math.max(known.max, rest.sum),
        });
      }
      const { groups, columns } = cells.merged();
      const seen = groups.flatMap(({ values, from, to }) => {
        const keys = Array.from(
          { length: to - from },
          (_, i) => columns.time[from + i] * 64 + columns.bucket[from + i],
        );
        expect(keys).toEqual([...keys].sort((a, b) => a - b));
        return keys.map((_, i): [string, unknown] => {
          const at = from + i;
          const [count, sum, min, max] = [columns.count[at], columns.sum[at], columns.min[at], columns.max[at]];
          return [`${values[0]} ${columns.time[at]} ${columns.bucket[at]}`, { count, sum, min, max }];
        });
      });
      expect(seen).toHaveLength(expected.size);
      expect(new Map(seen)).toEqual(expected);
    }),
  );
});

test('a group beyond the bound is left out, and it is said', () => {
  const cells = new Cells(2);
  expect(['a', 'b', 'c', 'a'].map(name => cells.group([name]))).toEqual([0, 1, undefined, 0]);
  expect(cells.isCut).toBe(true);
});

test('a million spans of one cell do not take the room of a million cells', () => {
  const cells = new Cells(1);
  const group = cells.group([]) as number;
  for (let i = 0; i < 1_200_000; i++) cells.add(group, cellOf({ time: i % 3, bucket: 0, count: 1, sum: 1 }));
  const { groups, columns } = cells.merged();
  expect(groups).toEqual([{ values: [], from: 0, to: 3 }]);
  expect([...columns.count.subarray(0, 3)]).toEqual([400_000, 400_000, 400_000]);
});

test('the latest span stands for a cell, in whatever order its parts come', () => {
  const span = fc.record({ segment: fc.integer({ min: -1, max: 3 }), rowId: fc.nat(1_000) });
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 30 }), spans => {
      const cells = new Cells(1);
      const group = cells.group([]) as number;
      for (const each of spans) cells.add(group, { ...cellOf({ time: 0, bucket: 0, count: 1, sum: 1 }), ...each });
      const { columns } = cells.merged();
      const known = spans.filter(({ segment }) => segment >= 0);
      if (known.length === 0) expect(columns.segment[0]).toBe(-1);
      else {
        const latest = Math.max(...known.map(({ rowId }) => rowId));
        expect(columns.rowId[0]).toBe(latest);
        expect(known).toContainEqual({ segment: columns.segment[0], rowId: latest });
      }
    }),
  );
});
