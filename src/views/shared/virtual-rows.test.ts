import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrollTopShowing, visibleRows } from './virtual-rows.ts';

describe('virtual rows', () => {
  it('hold what is on screen and a little more', () => {
    expect(visibleRows(260, 100, 26, 1000, 2)).toEqual({ first: 8, end: 16 });
    expect(visibleRows(0, 100, 26, 3, 8)).toEqual({ first: 0, end: 3 });
    expect(visibleRows(0, 100, 26, 0, 8)).toEqual({ first: 0, end: 0 });
  });

  it('are a range of existing rows even where the list has become shorter than it was scrolled', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(2000), fc.nat(5000), (scrollTop, height, count) => {
        const { first, end } = visibleRows(scrollTop, height, 26, count, 8);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(first).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(count);
      }),
    );
  });

  it('scroll as little as is needed to show a row whole', () => {
    expect(scrollTopShowing(0, 50, 100, 26)).toBe(0);
    expect(scrollTopShowing(3, 50, 100, 26)).toBe(50);
    expect(scrollTopShowing(10, 50, 100, 26)).toBe(186);
  });
});
