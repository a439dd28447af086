import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { niceTicks, tickLabel } from './ticks.ts';

const S = 1e9;
const labels = (fromNs: number, toNs: number, maxCount: number) => {
  const { stepNs, atNs } = niceTicks(fromNs, toNs, maxCount);
  return Array.from(atNs, ns => tickLabel(ns, stepNs).replaceAll('\u00a0', ' '));
};

describe('niceTicks', () => {
  it.each([
    [0, 3.3 * S, 7, ['0', '500 ms', '1.00 s', '1.50 s', '2.00 s', '2.50 s', '3.00 s']],
    [0, 9.18 * S, 10, ['0', '1 s', '2 s', '3 s', '4 s', '5 s', '6 s', '7 s', '8 s', '9 s']],
    [0, 10, 6, ['0', '2 ns', '4 ns', '6 ns', '8 ns', '10 ns']],
    [0, 4.2e6, 5, ['0', '1 ms', '2 ms', '3 ms', '4 ms']],
    [999_000, 1_002_000, 4, ['999 µs', '1.000 ms', '1.001 ms', '1.002 ms']],
    [0, 180 * S, 4, ['0', '1 m 00 s', '2 m 00 s', '3 m 00 s']],
    [0, 150 * S, 6, ['0', '30 s', '1 m 00 s', '1 m 30 s', '2 m 00 s', '2 m 30 s']],
    [3600 * S, 3604 * S, 3, ['1 h 00 m', '1 h 00 m 02 s', '1 h 00 m 04 s']],
    [0, 36 * 3600 * S, 4, ['0', '12 h 00 m', '1 d 00 h', '1 d 12 h']],
    [-2e6, 2e6, 5, ['−2 ms', '−1 ms', '0', '1 ms', '2 ms']],
  ])('%d to %d in at most %d', (from, to, max, expected) => expect(labels(from, to, max)).toEqual(expected));

  it.each([
    [5, 5],
    [5, 4],
    [Number.NaN, 5],
    [0, Number.POSITIVE_INFINITY],
  ])('has none for %d to %d', (from, to) => expect(niceTicks(from, to, 8).atNs).toHaveLength(0));

  const windows = fc.tuple(fc.integer({ min: -1e13, max: 3e15 }), fc.integer({ min: 1, max: 3e15 }));

  it('stays inside the window and below the limit, evenly', () => {
    fc.assert(
      fc.property(windows, fc.integer({ min: 1, max: 40 }), ([from, width], max) => {
        const { stepNs, atNs } = niceTicks(from, from + width, max);
        expect(atNs.length).toBeLessThanOrEqual(max);
        for (const [i, ns] of atNs.entries()) {
          expect(ns >= from && ns <= from + width).toBe(true);
          if (i > 0) expect(ns - atNs[i - 1]).toBe(stepNs);
        }
      }),
    );
  });

  it('is as dense as the limit allows: a limit of four gives at least one mark', () => {
    fc.assert(
      fc.property(
        windows,
        ([from, width]) => void expect(niceTicks(from, from + width, 4).atNs.length).toBeGreaterThan(0),
      ),
    );
  });

  it('never labels two marks alike', () => {
    fc.assert(
      fc.property(windows, ([from, width]) => {
        const shown = labels(from, from + width, 12);
        expect(new Set(shown).size).toBe(shown.length);
      }),
    );
  });
});
