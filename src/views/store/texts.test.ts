import { expect, test } from 'vitest';
import { roundLengthText } from './texts.ts';

test.each([
  [30_000, '30 s'],
  [5_000, '5 s'],
  [60_000, '1 m'],
  [185_000, '3 m 05 s'],
  [72 * 3_600_000, '3 d'],
  [25 * 3_600_000, '1 d 01 h'],
])('%d ms that are meant to be round are %s', (ms, text) => {
  expect(roundLengthText(ms).replace(/\s/g, ' ')).toBe(text);
});
