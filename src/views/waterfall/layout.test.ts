import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatsOf } from '#domain/analysis/repeats.ts';
import { treeShape, withGroups } from '#domain/analysis/tree-shape.ts';
import { closedAtFirst, nothingClosed, visibleRows } from '#domain/analysis/visible-rows.ts';
import { cameraBetween, clampCamera, fitAll, fitRange, panBy, timeToX, xToTime, zoomAt } from './camera.ts';
import { hitTest } from './hit-test.ts';
import { BAR_HEIGHT, BAR_TOP, emptyLayout, layoutBars, ROW_HEIGHT, rowWindow, topToShow } from './layout.ts';
import { CHECKOUT, randomTrace, repeatingTrace } from './testing/random-trace.ts';

const WIDTH = 640;

describe('layout and hit test', () => {
  it('finds every row on screen where it was laid out', () => {
    fc.assert(
      fc.property(
        fc.oneof(randomTrace, repeatingTrace),
        fc.nat(900),
        fc.integer({ min: 22, max: 400 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (table, top, height, zoom) => {
          const shape = withGroups(treeShape(table), repeatsOf(table));
          const rows = visibleRows(shape, top % 2 === 0 ? closedAtFirst(shape) : nothingClosed(shape));
          const whole = fitAll(table.durationNs, WIDTH);
          const camera = zoomAt(whole, 1 - zoom * 0.99, WIDTH * zoom, WIDTH, whole);
          const topPx = Math.min(top, Math.max(0, rows.count * ROW_HEIGHT - height));
          const window = rowWindow(topPx, height, rows.count);
          const bars = layoutBars(shape, rows, window, camera, WIDTH, emptyLayout(1));
          for (let i = 0; i < bars.count; i++) {
            const index = bars.first + i;
            const middleY = bars.y[i] + BAR_TOP + BAR_HEIGHT / 2;
            expect(hitTest(bars, -1000, middleY)).toEqual({ index, part: 'row' });
            const x = (Math.max(0, bars.x0[i]) + Math.min(WIDTH, bars.x1[i])) / 2;
            const seen = bars.x1[i] >= 0 && bars.x0[i] <= WIDTH;
            if (seen) expect(hitTest(bars, x, middleY)).toEqual({ index, part: 'bar' });
            expect(hitTest(bars, x, bars.y[i])?.index).toBe(index);
            expect(hitTest(bars, x, bars.y[i] + ROW_HEIGHT - 0.01)?.index).toBe(index);
          }
          const below = (rows.count - window.first) * ROW_HEIGHT + window.y;
          expect(hitTest(bars, 10, below + 1)).toBeUndefined();
        },
      ),
    );
  });

  it('covers the viewport with rows and no more', () => {
    expect(rowWindow(0, 220, 1000)).toEqual({ first: 0, count: 10, y: 0 });
    expect(rowWindow(33, 220, 1000)).toEqual({ first: 1, count: 11, y: -11 });
    expect(rowWindow(22_000_000 - 220, 220, 1_000_000)).toEqual({ first: 999_990, count: 10, y: 0 });
    expect(rowWindow(0, 220, 0).count).toBe(0);
  });

  it('keeps bars drawable at any zoom', () => {
    const shape = treeShape(CHECKOUT);
    const rows = visibleRows(shape, nothingClosed(shape));
    const whole = fitAll(CHECKOUT.durationNs, WIDTH);
    const close = clampCamera({ startNs: CHECKOUT.durationNs / 2, widthNs: 0 }, whole);
    const bars = layoutBars(shape, rows, rowWindow(0, 600, rows.count), close, WIDTH, emptyLayout());
    for (let i = 0; i < bars.count; i++) {
      expect(Math.abs(bars.x0[i])).toBeLessThan(2 * WIDTH);
      expect(bars.x1[i]).toBeGreaterThanOrEqual(bars.x0[i]);
    }
  });

  it('scrolls as little as needed', () => {
    expect(topToShow(5, 0, 220)).toBe(0);
    expect(topToShow(2, 100, 220)).toBe(44);
    expect(topToShow(20, 0, 220)).toBe(21 * 22 - 220);
  });
});

describe('camera', () => {
  const whole = fitAll(1e9, WIDTH);

  it('leaves room for the label of the longest bar', () => {
    expect(timeToX(whole, WIDTH, 0)).toBe(4);
    expect(timeToX(whole, WIDTH, 1e9)).toBeCloseTo(WIDTH - 64, 6);
  });

  it('keeps the time under the pointer when it zooms, and stays inside the trace', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 4, max: 636, noNaN: true }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        (x, factor) => {
          const near = zoomAt(whole, factor, x, WIDTH, whole);
          expect(xToTime(near, WIDTH, x)).toBeCloseTo(xToTime(whole, WIDTH, x), 0);
          const far = zoomAt(near, 100, x, WIDTH, whole);
          expect(far).toEqual(whole);
        },
      ),
    );
  });

  it('is exact to the nanosecond in a trace of thirty days', () => {
    const days30 = 30 * 86_400e9;
    const all = fitAll(days30, WIDTH);
    const camera = clampCamera({ startNs: days30 - 1000, widthNs: 1000 }, all);
    const step = timeToX(camera, WIDTH, days30 - 500) - timeToX(camera, WIDTH, days30 - 501);
    expect(step).toBeCloseTo(0.632, 3);
  });

  it('stops at the ends', () => {
    const near = fitRange(4e8, 5e8, whole);
    expect(panBy(near, -1e12, whole).startNs).toBe(0);
    const right = panBy(near, 1e12, whole);
    expect(right.startNs + right.widthNs).toBeCloseTo(whole.widthNs, 3);
    expect(fitAll(0, WIDTH).widthNs).toBeGreaterThan(0);
  });
});

describe('the scale', () => {
  it('fits a trace of any length: 40 ns fill the width as 30 h do', () => {
    for (const durationNs of [40, 1e3, 30 * 3600e9]) {
      const whole = fitAll(durationNs, WIDTH);
      expect(timeToX(whole, WIDTH, durationNs)).toBeGreaterThan(WIDTH * 0.85);
      expect(timeToX(whole, WIDTH, durationNs)).toBeLessThan(WIDTH);
    }
  });

  it('comes so close that neighbouring nanoseconds are apart, as long as numbers tell them apart', () => {
    for (const durationNs of [40, 1e9, 30 * 86_400e9]) {
      const whole = fitAll(durationNs, WIDTH);
      const closest = zoomAt(whole, 1e-30, WIDTH / 2, WIDTH, whole);
      const middle = Math.round(closest.startNs + closest.widthNs / 2);
      expect(timeToX(closest, WIDTH, middle + 1) - timeToX(closest, WIDTH, middle)).toBeGreaterThan(1);
    }
  });

  it('glides from one window to another without leaving both, and arrives exactly', () => {
    const window = fc.record({
      startNs: fc.integer({ min: 0, max: 1e12 }),
      widthNs: fc.integer({ min: 10, max: 1e12 }),
    });
    fc.assert(
      fc.property(window, window, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, share) => {
        expect(cameraBetween(from, to, 0)).toEqual(from);
        expect(cameraBetween(from, to, 1)).toEqual(to);
        const { startNs, widthNs } = cameraBetween(from, to, share);
        const slack = 1e-3;
        expect(startNs).toBeGreaterThanOrEqual(Math.min(from.startNs, to.startNs) - slack);
        expect(startNs).toBeLessThanOrEqual(Math.max(from.startNs, to.startNs) + slack);
        const end = startNs + widthNs;
        const ends = [from.startNs + from.widthNs, to.startNs + to.widthNs];
        expect(end).toBeGreaterThanOrEqual(Math.min(...ends) - slack);
        expect(end).toBeLessThanOrEqual(Math.max(...ends) + slack);
      }),
    );
  });
});
