import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBound, parseRange, relativeLabel, shiftRange, widthText } from './range.ts';

const now = Date.parse('2026-09-17T12:40:00.500Z');
const HOUR = 3_600_000;

describe('parseRange', () => {
  it.each([
    ['now-1h', 'now', HOUR, 0],
    ['now-15m', 'now', 900_000, 0],
    ['now-2d', 'now-1d', 48 * HOUR, 24 * HOUR],
    ['now-30s', 'now', 30_000, 0],
    ['now-1w', 'now', 168 * HOUR, 0],
    [String(now - 5), String(now), 5, 0],
    [String(now - HOUR), 'now', HOUR, 0],
  ])('%s to %s', (from, to, before, after) => {
    expect(parseRange(from, to, now)).toEqual({ ok: true, value: { fromMs: now - before, toMs: now - after } });
  });

  it.each([
    ['now', 'now-1h'],
    ['now', 'now'],
    ['yesterday', 'now'],
    ['now-1y', 'now'],
    ['now+1h', 'now'],
    ['-5', 'now'],
    ['1e3', 'now'],
    ['now-1h', ''],
    ['now-1h', '9'.repeat(15)],
    ['now-9999999999h', 'now'],
  ])('refuses %s to %s', (from, to) => {
    const range = parseRange(from, to, now);
    expect(range.ok).toBe(false);
    if (!range.ok) expect(range.error).toMatch(/is not a time|ends before/);
  });

  it('does not go before 1970', () => {
    expect(parseRange('now-999999999w', 'now', now)).toEqual({ ok: true, value: { fromMs: 0, toMs: now } });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), text => void expect(typeof parseBound(text).ok).toBe('boolean')));
  });
});

describe('shiftRange', () => {
  it('moves by its own width and comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e12, max: 2e12 }), fc.integer({ min: 1, max: 1e10 }), (fromMs, width) => {
        const range = { fromMs, toMs: fromMs + width };
        const later = shiftRange(range, 1);
        expect(later).toEqual({ from: String(fromMs + width), to: String(fromMs + 2 * width) });
        const back = shiftRange({ fromMs: Number(later.from), toMs: Number(later.to) }, -1);
        expect(back).toEqual({ from: String(fromMs), to: String(range.toMs) });
      }),
    );
  });

  it('stops at 1970 and keeps its width', () => {
    expect(shiftRange({ fromMs: 10, toMs: 110 }, -1)).toEqual({ from: '0', to: '100' });
  });
});

describe('labels', () => {
  it.each([
    ['now-1h', 'now', 'Last 1 h'],
    ['now-15m', 'now', 'Last 15 min'],
    ['now-2d', 'now', 'Last 2 d'],
    ['now-2h', 'now-1h', undefined],
    ['1758105600000', 'now', undefined],
  ])('%s to %s is %s', (from, to, label) => expect(relativeLabel(from, to)?.replace('\u00a0', ' ')).toBe(label));

  it('names a width', () => expect(widthText({ fromMs: 0, toMs: HOUR }).replaceAll('\u00a0', ' ')).toBe('1 h 00 m'));
});
