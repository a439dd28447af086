import { expect, it } from 'vitest';
import { rateNow, ratePoints } from './rate-line.ts';

it('draws the largest at the top and nothing at the bottom', () => {
  expect(ratePoints([0, 5, 10], 100, 20)).toBe('0,20 50,10 100,0');
  expect(ratePoints([0, 0], 100, 20)).toBe('0,20 100,20');
  expect(ratePoints([], 100, 20)).toBe('');
});

it('is a rate per second over the last steps', () => {
  expect(rateNow([100, 0, 50, 100], 5000, 10)).toBe(15);
  expect(rateNow([50], 5000, 10)).toBe(10);
  expect(rateNow([], 5000, 10)).toBe(0);
});
