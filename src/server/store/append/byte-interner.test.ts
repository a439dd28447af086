import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteInterner } from './byte-interner.ts';

const bytes = fc.uint8Array({ maxLength: 12, max: 3 });
const command = fc.oneof(
  fc.record({ op: fc.constant('intern' as const), tag: fc.nat(3), bytes }),
  fc.record({ op: fc.constant('mark' as const) }),
  fc.record({ op: fc.constant('rollback' as const) }),
  fc.record({ op: fc.constant('clear' as const) }),
);

describe('ByteInterner', () => {
  it('numbers distinct byte strings as a map would, through rollbacks and clears', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(command, { maxLength: 200 }), (seed, commands) => {
        const interner = new ByteInterner(seed);
        let model = new Map<string, number>();
        let mark = new Map<string, number>();
        for (const each of commands) {
          if (each.op === 'intern') {
            const key = `${each.tag}:${[...each.bytes].join()}`;
            const known = model.get(key);
            // Somewhere inside a larger buffer, at an odd place: ranges need not be aligned.
            const around = new Uint8Array([9, ...each.bytes, 9]);
            const entry = interner.intern(each.tag, around, new DataView(around.buffer), 1, around.length - 1);
            expect(entry).toBe(known ?? model.size);
            expect(interner.added).toBe(known === undefined);
            model.set(key, entry);
            const at = interner.offsetOf(entry);
            expect([...interner.arena.bytes.subarray(at, at + interner.lengthOf(entry))]).toEqual([...each.bytes]);
          } else if (each.op === 'mark') mark = new Map(model);
          else if (each.op === 'rollback') {
            interner.truncate(mark.size);
            model = new Map(mark);
          } else {
            interner.clear();
            model = new Map();
            mark = new Map();
          }
          expect(interner.count).toBe(model.size);
        }
      }),
    );
  });

  it('keeps its entries while it grows', () => {
    const interner = new ByteInterner(1);
    const encode = (i: number) => new TextEncoder().encode(`value ${i}`);
    const intern = (i: number) => {
      const value = encode(i);
      return interner.intern(i & 1, value, new DataView(value.buffer), 0, value.length);
    };
    for (let i = 0; i < 20_000; i++) expect(intern(i)).toBe(i);
    for (let i = 0; i < 20_000; i += 7) expect(intern(i)).toBe(i);
    interner.truncate(5_000);
    expect(intern(4_999)).toBe(4_999);
    expect(intern(12_345)).toBe(5_000);
  });
});
