import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from './parse-instant.ts';

const now = Date.parse('2026-09-17T22:30:00Z');
const at = (text: string, zone = 'Europe/Berlin') => {
  const parsed = parseInstant(text, zone, now);
  return parsed.ok ? new Date(parsed.value).toISOString() : undefined;
};

describe('parseInstant', () => {
  it.each([
    ['2026-09-17 14:12', '2026-09-17T12:12:00.000Z'],
    ['2026-09-17T14:12:07.318', '2026-09-17T12:12:07.318Z'],
    ['2026-09-17 14:12:07,5', '2026-09-17T12:12:07.500Z'],
    ['2026-09-17, 14:12', '2026-09-17T12:12:00.000Z'],
    ['2026-09-17', '2026-09-16T22:00:00.000Z'],
    ['09:05', '2026-09-18T07:05:00.000Z'],
    ['2026-09-17T14:12:07.318204511Z', '2026-09-17T14:12:07.318Z'],
    ['2026-09-17T14:12+05:45', '2026-09-17T08:27:00.000Z'],
    ['2026-09-17T14:12-0330', '2026-09-17T17:42:00.000Z'],
    ['2026-09-17 14:12 UTC', '2026-09-17T14:12:00.000Z'],
    ['2026-03-29 02:30', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25 02:30', '2026-10-25T00:30:00.000Z'],
    ['2028-02-29', '2028-02-28T23:00:00.000Z'],
    ['1789647127', '2026-09-17T12:12:07.000Z'],
    ['1789647127318', '2026-09-17T12:12:07.318Z'],
    ['1789647127318204', '2026-09-17T12:12:07.318Z'],
    ['1789647127318204511', '2026-09-17T12:12:07.318Z'],
  ])('%s is %s', (text, iso) => expect(at(text)).toBe(iso));

  it.each(['', ' ', 'yesterday', '2026-02-30', '2026-13-01', '25:00', '12:61', '1969-12-31', '2026-09-17T', 'Z', '12'])(
    'refuses %j',
    text => expect(at(text)).toBe(text === '2026-09-17T' ? '2026-09-16T22:00:00.000Z' : undefined),
  );

  it('reads back what links carry', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_102_444_800_000 }),
        fc.constantFrom('utc', 'Asia/Kathmandu'),
        (ms, zone) => {
          expect(parseInstant(new Date(ms).toISOString(), zone, now)).toEqual({ ok: true, value: ms });
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789-:T Z+.,nowUTC') }), text => void at(text)));
  });
});
