import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idRanges } from './rows-by-id.ts';

describe('ranges of ids', () => {
  it('join neighbours and part what is far', () => {
    expect(idRanges([])).toEqual([]);
    expect(idRanges([40, 1, 3, 2, 41])).toEqual([
      [1, 3],
      [40, 41],
    ]);
  });

  it('hold every id, ascend, and start and end with one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2_000 })), ids => {
        const ranges = idRanges(ids);
        for (const id of ids) expect(ranges.some(([first, last]) => first <= id && id <= last)).toBe(true);
        for (const range of ranges) for (const end of range) expect(ids).toContain(end);
        for (let i = 1; i < ranges.length; i++) expect(ranges[i]![0] - ranges[i - 1]![1]).toBeGreaterThan(16);
      }),
    );
  });
});
