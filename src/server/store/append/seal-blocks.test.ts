import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackBlock } from '#server/store/block-codec.ts';
import { Arena } from './arena.ts';
import { sealBlocks } from './seal-blocks.ts';
import { SegmentRows } from './segment-rows.ts';

const FIRST_ID = 7;

/** A fragment of so many bytes, all of them its number. */
function stage(rows: SegmentRows, length: number): void {
  const { bodies, fragments } = rows;
  const body = new Uint8Array(length).fill(fragments.at.length);
  fragments.block.push32(0);
  fragments.at.push32(bodies.push(body, 0, length));
  fragments.length.push32(length);
}

describe('sealBlocks', () => {
  it('puts every fragment into one block, whole, wherever full blocks were sealed before', () => {
    const requests = fc.array(fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 6 }), { maxLength: 8 });
    fc.assert(
      fc.property(requests, requests => {
        const rows = new SegmentRows(new Arena(), 0);
        let next = FIRST_ID;
        for (const lengths of requests) {
          for (const length of lengths) stage(rows, length);
          next = sealBlocks(rows, next, false);
        }
        next = sealBlocks(rows, next, true);
        const { blocks, fragments, arena } = rows;
        expect(rows.bodies.length).toBe(0);
        expect(next - FIRST_ID).toBe(blocks.id.length);
        const unpacked = Array.from({ length: blocks.id.length }, (_, i) => {
          const from = blocks.body.offsets[i];
          return unpackBlock(arena.bytes.subarray(from, from + blocks.body.lengths[i]));
        });
        requests.flat().forEach((length, row) => {
          const at = fragments.at.i32[row];
          const body = unpacked[fragments.block.i32[row] - FIRST_ID].subarray(at, at + length);
          expect(body.length).toBe(length);
          expect(body.every(byte => byte === row)).toBe(true);
        });
      }),
      { numRuns: 30 },
    );
  });
});
