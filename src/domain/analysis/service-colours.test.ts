import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OTHER_SERVICE, SERVICE_SLOTS, slotOf } from './service-colours.ts';

describe('slotOf', () => {
  it('takes the server’s word, and greys out what is beyond the palette or unknown', () => {
    const slots = { payment: 0, cart: 11, tail: 12, odd: -7 };
    expect(['payment', 'cart', 'tail', 'odd', 'new'].map(name => slotOf(name, slots))).toEqual([0, 11, -1, -1, -1]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is a name like any other', name => {
    expect(slotOf(name, {})).toBe(OTHER_SERVICE);
    expect(slotOf(name, Object.fromEntries([[name, 3]]))).toBe(3);
    expect(slotOf(name)).toBeGreaterThanOrEqual(0);
  });

  it('without a server is the same for everyone, today and tomorrow', () => {
    expect(['payment', 'cart', 'gateway', ''].map(name => slotOf(name))).toEqual([11, 5, 0, -1]);
  });

  it('is always in the palette, or grey for no name', () => {
    fc.assert(
      fc.property(fc.string(), name => {
        const slot = slotOf(name);
        expect(name === '' ? slot === OTHER_SERVICE : slot >= 0 && slot < SERVICE_SLOTS).toBe(true);
      }),
    );
  });

  it('spreads names over the whole palette', () => {
    const counts = new Array<number>(SERVICE_SLOTS).fill(0);
    for (let i = 0; i < 12_000; i++) counts[slotOf(`service-${i}`)]++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(200);
  });
});
