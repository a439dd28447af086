import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resolveRange } from '#state/use-resolved-range.ts';
import { calmMs } from './use-calm-window.ts';

const NOW = Date.UTC(2026, 8, 17, 14);
const windowAt = (from: string, to: string, nowMs: number) => {
  const { startUnixNano, endUnixNano } = resolveRange(from, to, calmMs(nowMs));
  return { startUnixNano, endUnixNano };
};

it('all who count in the same ten seconds of live mode ask for the same window, with all that has arrived in it', () => {
  const moment = fc.integer({ min: 1, max: 10_000 }).map(ms => NOW + ms);
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      expect(windowAt('now-5m', 'now', a)).toEqual(windowAt('now-5m', 'now', b));
      expect(windowAt('now-5m', 'now', a).endUnixNano).toBeGreaterThanOrEqual(BigInt(a) * 1_000_000n);
    }),
  );
});

it('an absolute range stays as it is', () => {
  const [from, to] = [String(NOW - 61_001), String(NOW - 1)];
  expect(windowAt(from, to, NOW)).toEqual(windowAt(from, to, NOW + 25_000));
});
