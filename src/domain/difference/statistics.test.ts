import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareField } from './compare-fields.ts';
import { correctionFactor } from './correction.ts';
import { fisherExact, smallestFisher } from './fisher.ts';
import { kolmogorov, quantilesOf } from './kolmogorov.ts';
import { rankDifferences } from './rank-differences.ts';
import { cohensH, differenceBounds, namesSelection, sharesOf } from './shares.ts';

const groupsOf = (n1: number, n2: number) => ({
  selection: { count: n1, compared: n1 },
  rest: { count: n2, compared: n2 },
});

describe("Fisher's exact test", () => {
  // The lady tasting tea: 3 of 4 and all of 4.
  test.each([
    [3, 4, 1, 4, 0.4857],
    [4, 4, 0, 4, 0.02857],
    [1, 10, 11, 14, 0.002759],
    [0, 5, 0, 5, 1],
    [5, 5, 5, 5, 1],
  ])('%d of %d against %d of %d: p = %d', (a, n1, b, n2, p) => {
    expect(fisherExact(a, n1, b, n2)).toBeCloseTo(p, 4);
  });

  test('is symmetric, never below the smallest it can be, never above 1', () => {
    const counts = fc.integer({ min: 1, max: 60 }).chain(n => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(counts, counts, ([a, n1], [b, n2]) => {
        const p = fisherExact(a, n1, b, n2);
        expect(p).toBeCloseTo(fisherExact(b, n2, a, n1), 10);
        expect(p).toBeCloseTo(fisherExact(n1 - a, n1, n2 - b, n2), 10);
        expect(p).toBeGreaterThanOrEqual(smallestFisher(a + b, n1, n2) * (1 - 1e-6));
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('shares', () => {
  test('Cohen: 0 against a half is a right angle', () => {
    expect(cohensH(sharesOf(groupsOf(10, 10), { selection: 5, rest: 0 }))).toBeCloseTo(Math.PI / 2);
    expect(cohensH(sharesOf(groupsOf(10, 10), { selection: 0, rest: 10 }))).toBeCloseTo(-Math.PI);
  });

  // The example of Newcombe's paper: 56/70 against 48/80.
  test('Newcombe: bounds of the difference', () => {
    const groups = groupsOf(70, 80);
    const [low, high] = differenceBounds(groups, sharesOf(groups, { selection: 56, rest: 48 }));
    expect([low, high]).toEqual([expect.closeTo(0.0524, 4), expect.closeTo(0.3339, 4)]);
  });

  test('what holds for all of the selection and nothing else names it', () => {
    expect(namesSelection(groupsOf(10, 90), sharesOf(groupsOf(10, 90), { selection: 10, rest: 0 }))).toBe(1);
    expect(namesSelection(groupsOf(10, 90), sharesOf(groupsOf(10, 90), { selection: 10, rest: 10 }))).toBeCloseTo(
      2 / 3,
    );
    expect(namesSelection(groupsOf(10, 90), sharesOf(groupsOf(10, 90), { selection: 0, rest: 9 }))).toBe(0);
  });

  test('what the rest does not have has no lift', () => {
    expect(sharesOf(groupsOf(10, 10), { selection: 5, rest: 0 }).lift).toBeUndefined();
    expect(sharesOf(groupsOf(0, 0), { selection: 0, rest: 0 })).toMatchObject({ selectionShare: 0, restShare: 0 });
  });
});

describe('Kolmogorov and Smirnov', () => {
  const count = (selection: readonly number[], rest: readonly number[]) =>
    [...new Set([...selection, ...rest])]
      .sort((a, b) => a - b)
      .map(value => ({
        value,
        selection: selection.filter(v => v === value).length,
        rest: rest.filter(v => v === value).length,
      }));

  test('find the threshold that parts two groups, and on which side the selection is', () => {
    const found = kolmogorov(count([7, 8, 9, 9, 10], [1, 2, 3, 7, 3]));
    expect(found).toMatchObject({ distance: 0.8, operator: '>=', threshold: 7, selection: 5, rest: 1 });
    expect(kolmogorov(count([1, 2], [3, 4]))).toMatchObject({
      distance: 1,
      operator: '<',
      threshold: 3,
      selection: 2,
      rest: 0,
    });
  });

  test('give 5 % at the tabled distance of large samples', () => {
    const n = 500;
    const shift = Math.round(1.358 * Math.sqrt(2 / n) * n);
    const line = Array.from({ length: n }, (_, i) => i);
    expect(
      kolmogorov(
        count(
          line,
          line.map(v => v + shift),
        ),
      )?.p,
    ).toBeCloseTo(0.05, 2);
  });

  test('see no difference where there is none', () => {
    expect(kolmogorov(count([1, 2, 3], [1, 2, 3]))).toMatchObject({ distance: 0, p: 1 });
    expect(kolmogorov(count([], [1]))).toBeUndefined();
  });

  test('quantiles stand at rank ⌈p·n⌉', () => {
    const numbers = count([1, 2, 3, 4], [9]);
    expect(quantilesOf(numbers, 'selection', [0.05, 0.25, 0.5, 0.75, 0.95])).toEqual([1, 1, 2, 3, 4]);
    expect(quantilesOf(numbers, 'rest', [0.05, 0.95])).toEqual([9, 9]);
  });
});

test('comparisons that could never be significant are not corrected for', () => {
  const of = (smallestP: number) => ({ p: 1, smallestP });
  expect(correctionFactor([], 0.01)).toBe(1);
  expect(correctionFactor([of(0), of(0), of(0)], 0.01)).toBe(3);
  expect(correctionFactor([of(0), of(0.02), of(1)], 0.01)).toBe(1);
  // Three can reach 0.01, but only two of them 0.005.
  expect(correctionFactor([of(0), of(0.004), of(0.006)], 0.01)).toBe(2);
});

test('of differences that are equal, versions and customers come before what they bring about', () => {
  const groups = groupsOf(50, 50);
  const fields = ['instrumentation:name', 'span.url.full', 'baggage.tenant', 'resource.service.version'].map(field =>
    compareField(groups, {
      field,
      values: [{ value: { type: 'string', value: 'x' }, selection: 50, rest: 0 }],
      distinct: 1,
      carried: { selection: 50, rest: 0 },
    }),
  );
  expect(rankDifferences(groups, fields).attributes.map(({ field }) => field)).toEqual([
    'resource.service.version',
    'baggage.tenant',
    'span.url.full',
    'instrumentation:name',
  ]);
});
