import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, formatPointerTime, formatRange, formatRowTime, zoneLabel } from './clock.ts';

const ms = (text: string) => Date.parse(text.endsWith('Z') ? text : `${text}Z`);
const nano = (text: string, ns = 0n) => BigInt(ms(text)) * 1_000_000n + ns;
const design = nano('2026-09-17T12:12:07.318Z', 204_511n);

describe('formatInstant', () => {
  it.each([
    ['Europe/Berlin', 'full', 'Thu 17 Sep 2026, 14:12:07.318 CEST'],
    ['Europe/Berlin', 'exact', 'Thu 17 Sep 2026, 14:12:07.318204511 CEST'],
    ['utc', 'full', 'Thu 17 Sep 2026, 12:12:07.318 UTC'],
    ['Asia/Kathmandu', 'full', 'Thu 17 Sep 2026, 17:57:07.318 UTC+5:45'],
    ['America/Los_Angeles', 'full', 'Thu 17 Sep 2026, 05:12:07.318 PDT'],
    ['Pacific/Kiritimati', 'full', 'Fri 18 Sep 2026, 02:12:07.318 UTC+14'],
    ['Pacific/Marquesas', 'full', 'Thu 17 Sep 2026, 02:42:07.318 UTC−9:30'],
    ['Europe/Berlin', 'time', '14:12:07.318'],
    ['Europe/Berlin', 'minute', '14:12'],
  ] as const)('in %s as %s: %s', (zone, style, text) => expect(formatInstant(design, zone, style)).toBe(text));

  it('cuts, so that a clock never shows what has not begun', () => {
    const last = nano('2026-12-31T23:59:59.999Z', 999_999n);
    expect(formatInstant(last, 'utc', 'full')).toBe('Thu 31 Dec 2026, 23:59:59.999 UTC');
    expect(formatInstant(last + 1n, 'utc', 'full')).toBe('Fri 1 Jan 2027, 00:00:00.000 UTC');
  });

  it('tells the two 02:30 of a clock change apart', () => {
    expect(formatInstant(nano('2026-10-25T00:30'), 'Europe/Berlin', 'full')).toBe('Sun 25 Oct 2026, 02:30:00.000 CEST');
    expect(formatInstant(nano('2026-10-25T01:30'), 'Europe/Berlin', 'full')).toBe('Sun 25 Oct 2026, 02:30:00.000 CET');
    expect(formatInstant(nano('2026-03-29T01:00'), 'Europe/Berlin', 'minute')).toBe('03:00');
  });

  it.each([-1n, 10n ** 21n, 253_402_300_800_000_000_000n])('says unknown for %d', at => {
    for (const style of ['full', 'exact', 'time', 'minute'] as const) expect(formatInstant(at, 'utc', style)).toBe('–');
  });

  it('knows the epoch', () => expect(formatInstant(0n, 'utc', 'exact')).toBe('Thu 1 Jan 1970, 00:00:00.000000000 UTC'));

  it('shows every nanosecond, also beyond 2^53', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 4_102_444_800_000_000_000n }), at => {
        expect(formatInstant(at, 'Asia/Kathmandu', 'exact')).toContain(`.${String(at).slice(-9)} UTC+5:`);
        expect(formatInstant(at, 'utc', 'exact')).not.toBe(formatInstant(at + 1n, 'utc', 'exact'));
      }),
    );
  });
});

describe('formatRowTime', () => {
  const now = ms('2026-09-17T12:40');
  it.each([
    ['2026-09-17T12:26:50.360', '14:26:50.360'],
    ['2026-09-16T22:00:00.000', '00:00:00.000'],
    ['2026-09-16T21:59:59.999', '16 Sep 23:59:59.999'],
    ['2025-09-17T12:26:50.360', '17 Sep 2025 14:26:50.360'],
    ['2026-09-18T00:00:00.000', '18 Sep 02:00:00.000'],
  ])('%s UTC is %s in Berlin', (at, text) => expect(formatRowTime(nano(at), 'Europe/Berlin', now)).toBe(text));

  it('says unknown for what is no time', () => expect(formatRowTime(10n ** 21n, 'utc', now)).toBe('–'));
});

describe('formatRange', () => {
  const now = ms('2026-09-17T12:40');
  const range = (from: string, to: string, zone = 'Europe/Berlin') => formatRange(ms(from), ms(to), zone, now);

  it.each([
    ['2026-09-17T11:40', '2026-09-17T12:40', '13:40 – 14:40 CEST'],
    ['2026-09-17T11:40:07', '2026-09-17T12:40', '13:40:07 – 14:40:00 CEST'],
    ['2026-09-16T21:50', '2026-09-16T22:50', '16 Sep 23:50 – 17 Sep 00:50 CEST'],
    ['2026-09-16T10:00', '2026-09-16T11:00', '16 Sep 12:00 – 13:00 CEST'],
    ['2025-12-31T22:30', '2025-12-31T23:30', '31 Dec 2025 23:30 – 1 Jan 00:30 CET'],
    ['2026-03-29T00:30', '2026-03-29T01:30', '29 Mar 01:30 CET – 03:30 CEST'],
  ])('%s to %s is %s', (from, to, text) => expect(range(from, to)).toBe(text));

  it('is printed in the zone chosen', () => {
    expect(range('2026-09-17T11:40', '2026-09-17T12:40', 'utc')).toBe('11:40 – 12:40 UTC');
    expect(range('2026-09-17T11:40', '2026-09-17T12:40', 'Asia/Kathmandu')).toBe('17:25 – 18:25 UTC+5:45');
  });
});

describe('zoneLabel', () => {
  it.each([
    ['Europe/London', '2026-01-01T00:00', 'GMT'],
    ['Europe/London', '2026-07-01T00:00', 'BST'],
    ['America/New_York', '2026-07-01T00:00', 'EDT'],
    ['Asia/Kolkata', '2026-07-01T00:00', 'IST'],
    ['Australia/Sydney', '2026-07-01T00:00', 'AEST'],
    ['utc', '2026-07-01T00:00', 'UTC'],
  ])('%s on %s is %s', (zone, at, label) => expect(zoneLabel(ms(at), zone)).toBe(label));
});

describe('formatPointerTime', () => {
  it.each([
    [1e9, '14:12:07 CEST'],
    [1e6, '14:12:07.318 CEST'],
    [20_000, '14:12:07.31820 CEST'],
    [1, '14:12:07.318204511 CEST'],
  ])('with steps of %d ns: %s', (step, text) =>
    expect(formatPointerTime(design, 'Europe/Berlin', step, design)).toBe(text),
  );

  it('says the day where it is another one', () => {
    const later = nano('2026-09-17T22:00:01');
    expect(formatPointerTime(later, 'utc', 1e9, design)).toBe('22:00:01 UTC');
    expect(formatPointerTime(later, 'Europe/Berlin', 1e9, design)).toBe('18 Sep 00:00:01 CEST');
  });
});
