import { expect, it } from 'vitest';
import { rateNow, ratePoints, stepsSince } from './rate-line.ts';

it('draws the largest at the top and nothing at the bottom', () => {
  expect(ratePoints([0, 5, 10], 100, 20)).toBe('0,20 50,10 100,0');
  expect(ratePoints([0, 0], 100, 20)).toBe('0,20 100,20');
  expect(ratePoints([], 100, 20)).toBe('');
});

it('shows nothing of the time before the start', () => {
  expect(stepsSince([0, 0, 0, 7], 5000, 9_000)).toEqual([0, 7]);
  expect(stepsSince([1, 2, 3], 5000, 1)).toEqual([2, 3]);
  expect(stepsSince([1, 2, 3], 5000, 1e9)).toEqual([1, 2, 3]);
});

it('is a rate per second over the last steps', () => {
  expect(rateNow([100, 0, 50, 100], 5000, 10)).toBe(15);
  expect(rateNow([50], 5000, 10)).toBe(10);
  expect(rateNow([], 5000, 10)).toBe(0);
});
