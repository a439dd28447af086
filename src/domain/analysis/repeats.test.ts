import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { LEAST_REPEATS, repeatsOf } from './repeats.ts';
import { type AnalysedSpan, tableOf } from './testing/table-of.ts';

const names = (table: TraceTable, rows: Iterable<number>): string[] =>
  Array.from(rows, row => table.strings.at(table.name[row]));

describe('repeats', () => {
  const table = drawTrace(`
    cart  GET /cart           |------------------------|
    cart    SELECT             |-|
    db        scan              |
    cart    price                 |-|
    cart    SELECT                  |--|
    cart    SELECT !                   |--|
    cart    render                         |--|
    cart    SELECT                            |---|
    other   SELECT                                 |-|
  `);

  it('folds alike siblings, neighbours or not, of one service only', () => {
    const repeats = repeatsOf(table);
    expect(repeats.count).toBe(1);
    expect(names(table, repeats.member)).toEqual(['SELECT', 'SELECT', 'SELECT', 'SELECT']);
    expect(names(table, repeats.order)).toEqual([
      'GET /cart',
      'SELECT',
      'scan',
      'SELECT',
      'SELECT',
      'SELECT',
      'price',
      'render',
      'SELECT',
    ]);
    expect([repeats.firstAt[0], repeats.endAt[0], repeats.errors[0]]).toEqual([1, 6, 1]);
    expect([repeats.startNs[0], repeats.endNs[0]]).toEqual([1e6, 20e6]);
    expect([repeats.unionNs[0], repeats.minNs[0], repeats.maxNs[0]]).toEqual([12e6, 2e6, 4e6]);
  });

  it('numbers what starts after its like has failed as retries', () => {
    const charged = drawTrace(`
      pay  POST /pay       |-----------------------|
      psp    POST /charge !  |----|
      psp    POST /charge !        |---|
      psp    other                      |
      psp    POST /charge               |--|
      psp    POST /charge                   |--|
    `);
    expect(Array.from(repeatsOf(charged).retry)).toEqual([0, 0, 1, 2, 0, 0]);
  });

  it('folds roots and orphans of one missing parent among themselves', () => {
    const forest = drawTrace(`
      a  job ^    |-|
      a  job ^      |-|
      a  job ^aa     |-|
      a  job ^         |-|
      a  job ^           |-|
      a  job ^aa          |-|
      a  job ^aa          |-|
      a  job ^aa          |-|
    `);
    const repeats = repeatsOf(forest);
    expect(repeats.count).toBe(2);
    expect(Array.from(repeats.offset)).toEqual([0, 4, 8]);
    expect([...repeats.order].sort((a, b) => a - b)).toEqual([...forest.spanId.keys()]);
  });
});

const forest = fc
  .array(
    fc.record({
      parent: fc.integer({ min: -3, max: 40 }),
      from: fc.nat(1000),
      length: fc.nat(300),
      name: fc.constantFrom('a', 'b'),
      status: fc.constantFrom(0, 2),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map(spans =>
    tableOf(
      spans.map(({ parent, from, length, name, status }, i): AnalysedSpan => {
        const above = parent < -1 ? `lost ${parent}` : parent >= 0 && parent < i ? `span ${parent}` : undefined;
        const span = { id: `span ${i}`, from, to: from + length, name, status, service: 's' };
        return above === undefined ? span : { ...span, parent: above };
      }),
    ),
  );

describe('repeats of any forest', () => {
  it('keep every row once, subtrees whole, groups together', () => {
    fc.assert(
      fc.property(forest, table => {
        const { order, count, offset, member, firstAt, endAt, groupOf } = repeatsOf(table);
        const at = new Int32Array(table.length).fill(-1);
        order.forEach((row, place) => {
          at[row] = place;
        });
        expect(at.includes(-1)).toBe(false);
        for (let row = 0; row < table.length; row++) {
          for (let below = row; below < table.subtreeEnd[row]; below++) {
            expect(at[below] >= at[row] && at[below] < at[row] + table.subtreeEnd[row] - row).toBe(true);
          }
        }
        for (let group = 0; group < count; group++) {
          const rows = member.subarray(offset[group], offset[group + 1]);
          expect(rows.length).toBeGreaterThanOrEqual(LEAST_REPEATS);
          let next = firstAt[group];
          for (const row of rows) {
            expect(at[row]).toBe(next);
            expect(groupOf[row]).toBe(group);
            expect(table.parent[row]).toBe(table.parent[rows[0]]);
            expect(table.name[row]).toBe(table.name[rows[0]]);
            next += table.subtreeEnd[row] - row;
          }
          expect(endAt[group]).toBe(next);
        }
      }),
    );
  });
});
