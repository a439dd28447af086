import { expect, test } from 'vitest';
import { goDuration, valueJson } from './value-json.ts';

test.each([
  [0n, '0s'],
  [1n, '1ns'],
  [1_500n, '1.5µs'],
  [216_666_666n, '216.666666ms'],
  [300_000_000n, '300ms'],
  [90_000_000_000n, '1m30s'],
  [7_200_500_000_000n, '2h0m0.5s'],
  [-1_000_000n, '-1ms'],
])('%d ns prints as %s', (ns, text) => {
  expect(goDuration(ns)).toBe(text);
});

test('values keep their types; 64-bit ints are text', () => {
  expect(valueJson(9_007_199_254_740_993n)).toEqual({ intValue: '9007199254740993' });
  expect(valueJson(1.5)).toEqual({ doubleValue: 1.5 });
  expect(valueJson(Number.NaN)).toEqual({ doubleValue: 'NaN' });
  expect(valueJson({ word: 'error' })).toEqual({ stringValue: 'error' });
  expect(valueJson({ strings: ['x'], numbers: [2] })).toEqual({
    arrayValue: { values: [{ stringValue: 'x' }, { intValue: '2' }] },
  });
  expect(valueJson(undefined)).toEqual({ stringValue: 'nil' });
});
