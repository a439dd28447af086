import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationText, exactDurationText, formatDuration, offsetText } from './duration.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const MS = 1e6;
const S = 1e9;

describe('durationText', () => {
  it.each([
    [0, '0 ms'],
    [1, '1 ns'],
    [820, '820 ns'],
    [999.6, '1 µs'],
    [820_000, '820 µs'],
    [999_499, '999 µs'],
    [999_500, '1 ms'],
    [1_254_000, '1.25 ms'],
    [41.2 * MS, '41.2 ms'],
    [76 * MS, '76 ms'],
    [99.96 * MS, '100 ms'],
    [999.4 * MS, '999 ms'],
    [999.5 * MS, '1.00 s'],
    [1.5 * S, '1.50 s'],
    [2.84 * S, '2.84 s'],
    [59.99 * S, '59.99 s'],
    [59.996 * S, '1 m 00 s'],
    [184 * S, '3 m 04 s'],
    [3599.6 * S, '1 h 00 m'],
    [7500 * S, '2 h 05 m'],
    [86_399 * S, '1 d 00 h'],
    [4 * 86_400 * S + 7 * 3600 * S, '4 d 07 h'],
    [-3 * MS, '−3 ms'],
    [-184 * S, '−3 m 04 s'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%d ns is %s', (ns, text) => expect(plain(durationText(ns))).toBe(text));

  it('never breaks between value and unit', () => {
    fc.assert(fc.property(fc.double({ noNaN: true }), ns => void expect(durationText(ns)).not.toContain(' ')));
  });

  it('never grows a fourth digit below a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 59_994_999_999 }), ns => {
        expect(formatDuration(ns).value.replace(/\D/g, '').length).toBeLessThanOrEqual(ns < 9.995e9 ? 3 : 4);
      }),
    );
  });

  it('is within half a per cent of the truth below a minute', () => {
    const unit: Record<string, number> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 59_994_999_999 }), ns => {
        const text = formatDuration(ns);
        expect(Math.abs(Number(text.value) * unit[text.unit] - ns)).toBeLessThanOrEqual(ns * 0.00506);
      }),
    );
  });
});

describe('offsetText', () => {
  it.each([
    [792 * MS, '+792 ms'],
    [0, '+0 ms'],
    [-3 * MS, '−3 ms'],
    [Number.NaN, '–'],
  ])('%d ns is %s', (ns, text) => expect(plain(offsetText(ns))).toBe(text));
});

describe('exactDurationText', () => {
  it.each([
    [0, '0 ns'],
    [2_840_123_456, '2,840,123,456 ns'],
    [-1000, '−1,000 ns'],
    [2 ** 53 + 1, '9,007,199,254,740,992 ns'],
    [2n ** 53n + 1n, '9,007,199,254,740,993 ns'],
    [Number.NaN, '–'],
  ])('%s is %s', (ns, text) => expect(plain(exactDurationText(ns))).toBe(text));
});
