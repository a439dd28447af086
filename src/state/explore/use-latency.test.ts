import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { steadyWindow } from './use-latency.ts';

describe('the window of live columns', () => {
  it('ends at a whole column after the range, and stays while time goes on within it', () => {
    fc.assert(
      fc.property(
        fc.bigInt(10n ** 18n, 2n * 10n ** 18n),
        fc.bigInt(1_000_000_000n, 10n ** 15n),
        fc.integer({ min: 8, max: 200 }),
        (endUnixNano, width, columns) => {
          const startUnixNano = endUnixNano - width;
          const window = steadyWindow({ startUnixNano, endUnixNano }, columns);
          const step = width / BigInt(columns);
          expect(window.endUnixNano - window.startUnixNano).toBe(step * BigInt(columns));
          expect(window.endUnixNano % step).toBe(0n);
          expect(window.endUnixNano).toBeGreaterThanOrEqual(endUnixNano);
          expect(window.endUnixNano - endUnixNano).toBeLessThan(step);
          const later = window.endUnixNano - endUnixNano;
          const moved = { startUnixNano: startUnixNano + later, endUnixNano: endUnixNano + later };
          expect(steadyWindow(moved, columns)).toEqual(window);
        },
      ),
    );
  });
});
