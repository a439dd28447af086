import { describe, expect, it } from 'vitest';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import { selfTimeNs } from './self-time.ts';
import { type AnalysedSpan, rowOf, tableOf } from './testing/table-of.ts';

const selfOfRoot = (...children: [from: number, to: number][]) => {
  const spans = children.map(([from, to], i): AnalysedSpan => ({ id: `c${i}`, parent: 'root', from, to }));
  const table = tableOf([{ id: 'root', from: 0, to: 100 }, ...spans]);
  return selfTimeNs(table)[rowOf(table, 'root')];
};

describe('selfTimeNs', () => {
  it.each<[string, [number, number][], number]>([
    ['no children', [], 100],
    ['one child', [[20, 50]], 70],
    [
      'overlapping children count once',
      [
        [20, 50],
        [30, 60],
      ],
      60,
    ],
    [
      'a child within a child’s time',
      [
        [20, 50],
        [30, 40],
      ],
      70,
    ],
    ['a child beyond both ends', [[-10, 150]], 0],
    [
      'children outside',
      [
        [-10, 0],
        [100, 120],
      ],
      100,
    ],
    ['a child that ends before it starts', [[50, 20]], 100],
  ])('%s', (_what, children, expected) => expect(selfOfRoot(...children)).toBe(expected));

  it('counts children, not grandchildren', () => {
    const table = tableOf([
      { id: 'root', from: 0, to: 100 },
      { id: 'a', parent: 'root', from: 10, to: 20 },
      { id: 'b', parent: 'a', from: 15, to: 90 },
    ]);
    expect(['root', 'a', 'b'].map(id => selfTimeNs(table)[rowOf(table, id)])).toEqual([90, 5, 75]);
  });

  it('is 0 for a span that ends before it starts', () => {
    expect(Array.from(selfTimeNs(tableOf([{ id: 'root', from: 10, to: 5 }])))).toEqual([0]);
  });

  it('has no entries for no spans', () => expect(selfTimeNs(tableOf([]))).toHaveLength(0));

  it('goes on while a consumer works: its producer does not wait', () => {
    const table = drawTrace(`
      shop  publish @producer  |--------|
      mail    process @consumer  |---------|
      shop    encode             |--|
    `);
    expect(Array.from(selfTimeNs(table), ns => ns / 1e6)).toEqual([6, 10, 3]);
  });
});
