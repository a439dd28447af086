import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHeight, MAX_CONTENT_PX, maxTop, needsAnchor, scrollFor, topAfterScroll } from './scroll-map.ts';

const small = { totalPx: 2200, viewportPx: 600 };
const huge = { totalPx: 22_000_000, viewportPx: 600 };

describe('scroll map', () => {
  it('is the identity where the browser can hold the rows', () => {
    expect(contentHeight(small)).toBe(2200);
    expect(scrollFor(small, 700)).toBe(700);
    expect(topAfterScroll(small, 0, 0, 1234)).toBe(1234);
    expect(needsAnchor(small, 0, 0, true)).toBe(false);
  });

  it('takes the wheel one to one and the scrollbar in proportion', () => {
    expect(contentHeight(huge)).toBe(MAX_CONTENT_PX);
    expect(topAfterScroll(huge, 1000, 400, 520)).toBe(1120);
    expect(topAfterScroll(huge, 1000, 400, MAX_CONTENT_PX - 600)).toBe(maxTop(huge));
    expect(topAfterScroll(huge, maxTop(huge), MAX_CONTENT_PX - 600, 0)).toBe(0);
    const middle = topAfterScroll(huge, 0, 0, (MAX_CONTENT_PX - 600) / 2);
    expect(middle).toBeCloseTo(maxTop(huge) / 2, 3);
  });

  it('reaches every row by small steps, anchored when stuck', () => {
    let top = maxTop(huge) - 3000;
    let scroll = MAX_CONTENT_PX - 600 - 100;
    for (let i = 0; i < 100; i++) {
      const after = Math.min(MAX_CONTENT_PX - 600, scroll + 120);
      top = topAfterScroll(huge, top, scroll, after);
      scroll = needsAnchor(huge, top, after, false) ? scrollFor(huge, top) - 50 : after;
    }
    expect(top).toBe(maxTop(huge));
  });

  it('comes back to the offset that a scroll position stands for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 22_000_000 - 600 }), top => {
        const scroll = scrollFor(huge, top);
        expect(topAfterScroll(huge, 0, -1e9, scroll)).toBeCloseTo(top, 3);
        expect(needsAnchor(huge, top, scroll, true)).toBe(false);
      }),
    );
  });
});
