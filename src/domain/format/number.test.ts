import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatCountCell, formatPercent, significant } from './number.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [36_349, '36,349'],
    [999_999, '999,999'],
    [1_000_000, '1.00 M'],
    [1_204_330, '1.20 M'],
    [999_994_999, '999.99 M'],
    [999_995_000, '1.00 G'],
    [-1234, '−1,234'],
    [-0.2, '0'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%d is %s', (count, text) => expect(plain(formatCount(count))).toBe(text));

  it('keeps every digit below a million', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999, max: 999_999 }), count => {
        expect(Number(formatCount(count).replaceAll(',', '').replace('−', '-'))).toBe(count === 0 ? 0 : count);
      }),
    );
  });

  it('draws zero as a dot in cells only', () => expect([formatCountCell(0), formatCountCell(3)]).toEqual(['·', '3']));
});

describe('formatPercent', () => {
  it.each([
    [0, '0 %'],
    [0.0001, '< 0.1 %'],
    [0.006, '0.6 %'],
    [0.05, '5 %'],
    [0.071, '7.1 %'],
    [0.0996, '10 %'],
    [0.74, '74 %'],
    [0.996, '> 99 %'],
    [1, '100 %'],
    [12.5, '1250 %'],
    [-0.071, '−7.1 %'],
    [Number.NaN, '–'],
  ])('%d is %s', (share, text) => expect(plain(formatPercent(share))).toBe(text));
});

describe('the small ones', () => {
  it.each([
    [820, '820'],
    [41.23, '41.2'],
    [76.04, '76'],
    [9.996, '10'],
    [99.96, '100'],
    [0.25, '0.25'],
    [0, '0'],
    [-3, '−3'],
  ])('significant(%d) is %s', (value, text) => expect(significant(value)).toBe(text));

  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [999.6, '1 kB'],
    [46_000, '46 kB'],
    [1_254_000, '1.25 MB'],
    [9e15, '9000 TB'],
  ])('formatBytes(%d) is %s', (bytes, text) => expect(plain(formatBytes(bytes))).toBe(text));
});
