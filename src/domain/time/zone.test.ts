import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilTime, instantOf, parseTimeZone, utcMs, zoneOffsetMs } from './zone.ts';

const zones = ['utc', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', 'Australia/Lord_Howe'];
const instants = fc.integer({ min: 0, max: 4_102_444_800_000 });
const utc = (text: string) => Date.parse(`${text}Z`);

describe('civil time', () => {
  it('agrees with the platform about UTC', () => {
    fc.assert(
      fc.property(instants, ms => {
        const date = new Date(ms);
        expect(civilTime(ms, 'utc')).toEqual({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
          hour: date.getUTCHours(),
          minute: date.getUTCMinutes(),
          second: date.getUTCSeconds(),
        });
      }),
    );
  });

  it('agrees with the platform about the zone of this machine', () => {
    fc.assert(
      fc.property(instants, ms => {
        const date = new Date(ms);
        expect(civilTime(ms, 'local')).toMatchObject({
          day: date.getDate(),
          hour: date.getHours(),
          minute: date.getMinutes(),
        });
        expect(zoneOffsetMs(ms, 'local')).toBe((0 - date.getTimezoneOffset()) * 60_000);
      }),
    );
  });

  it('utcMs is the reverse of civilTime in UTC', () => {
    fc.assert(fc.property(instants, ms => void expect(utcMs(civilTime(ms, 'utc'))).toBe(Math.floor(ms / 1000) * 1000)));
  });

  it('instantOf finds an instant with that wall clock again, in every zone', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (ms, zone) => {
        const wall = civilTime(ms, zone);
        expect(civilTime(instantOf(wall, zone), zone)).toEqual(wall);
      }),
    );
  });

  it.each([
    ['Asia/Kathmandu', '2026-01-01T00:00', 345],
    ['Europe/Berlin', '2026-03-29T00:59', 60],
    ['Europe/Berlin', '2026-03-29T01:00', 120],
    ['Europe/Berlin', '2026-10-25T00:59', 120],
    ['Europe/Berlin', '2026-10-25T01:00', 60],
    ['America/St_Johns', '2026-07-01T00:00', -150],
    ['utc', '2026-07-01T00:00', 0],
  ])('%s is %s UTC + %d min', (zone, at, minutes) => expect(zoneOffsetMs(utc(at), zone)).toBe(minutes * 60_000));
});

describe('instantOf around a clock change in Berlin', () => {
  const berlin = (month: number, day: number, hour: number, minute: number) =>
    instantOf({ year: 2026, month, day, hour, minute, second: 0 }, 'Europe/Berlin');

  it('takes the earlier of the two 02:30 when clocks go back', () => {
    expect(berlin(10, 25, 2, 30)).toBe(utc('2026-10-25T00:30'));
    expect(berlin(10, 25, 3, 0)).toBe(utc('2026-10-25T02:00'));
  });

  it('moves a time that does not exist behind the gap', () => {
    expect(berlin(3, 29, 2, 30)).toBe(utc('2026-03-29T01:30'));
    expect(berlin(3, 29, 1, 59)).toBe(utc('2026-03-29T00:59'));
    expect(berlin(3, 29, 3, 0)).toBe(utc('2026-03-29T01:00'));
  });
});

describe('parseTimeZone', () => {
  it.each([
    ['local', 'local'],
    [' UTC ', 'utc'],
    ['Europe/Berlin', 'Europe/Berlin'],
    ['asia/tokyo', 'Asia/Tokyo'],
  ])('%j is %s', (text, zone) => expect(parseTimeZone(text)).toEqual({ ok: true, value: zone }));

  it.each(['', 'Mars/Olympus', '__proto__', 'x'.repeat(10_000)])('refuses %j', text => {
    expect(parseTimeZone(text).ok).toBe(false);
  });
});
