import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundText, readBounds } from './range-text.ts';

const NOW = 1_789_650_000_000;

describe('the inputs of the range', () => {
  it('show a time in the zone, and read back as the same instant', () => {
    expect(boundText(1_789_645_927_000, 'utc')).toBe('2026-09-17 11:52:07');
    expect(boundText(1_789_645_927_318, 'Europe/Berlin')).toBe('2026-09-17 13:52:07.318');
    fc.assert(
      fc.property(fc.integer({ min: 1e12, max: 4e12 }), fc.constantFrom('utc', 'Asia/Kathmandu'), (ms, zone) => {
        const read = readBounds(boundText(ms, zone), boundText(ms + 1, zone), zone, NOW);
        expect(read).toEqual({ ok: true, value: { from: String(ms), to: String(ms + 1) } });
      }),
    );
  });

  it('take relative bounds as they are', () => {
    expect(readBounds('now-2h', 'NOW', 'utc', NOW)).toEqual({ ok: true, value: { from: 'now-2h', to: 'now' } });
  });

  it('name the input at fault', () => {
    expect(readBounds('soon', 'now', 'utc', NOW)).toMatchObject({ ok: false, error: { input: 'from' } });
    expect(readBounds('now-1h', 'now-1x', 'utc', NOW)).toMatchObject({ ok: false, error: { input: 'to' } });
    expect(readBounds('now', 'now-1h', 'utc', NOW)).toEqual({
      ok: false,
      error: { input: 'to', message: 'The range must end after it starts' },
    });
  });
});
