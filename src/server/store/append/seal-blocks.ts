import { packBlock } from '#server/store/block-codec.ts';
import type { SegmentRows } from './segment-rows.ts';

/** Large enough for a good ratio, small enough that a reply can afford to unpack one for each of its fragments. */
const BLOCK_BYTES = 64 * 1024;

/**
 * Cuts the staged bodies into blocks at fragment boundaries, compresses them and tells each fragment its place. Without `all`
 * what does not fill a block waits for more. Returns the next block's id.
 */
export function sealBlocks(rows: SegmentRows, firstId: number, all: boolean): number {
  const { fragments, bodies, sealed } = rows;
  const count = fragments.at.length;
  let id = firstId;
  for (let row = sealed.fragments; row < count; row++) {
    const end = fragments.at.i32[row] + fragments.length.i32[row];
    const isLast = all && row + 1 === count;
    if (end - sealed.bytes < BLOCK_BYTES && !isLast) continue;
    for (let each = sealed.fragments; each <= row; each++) {
      fragments.block.i32[each] = id;
      fragments.at.i32[each] -= sealed.bytes;
    }
    pushBlock(rows, id++, bodies.bytes.subarray(sealed.bytes, end));
    sealed.fragments = row + 1;
    sealed.bytes = end;
  }
  if (all) rows.clearBodies();
  return id;
}

function pushBlock({ blocks, arena }: SegmentRows, id: number, bytes: Uint8Array): void {
  const packed = packBlock(bytes);
  blocks.id.push32(id);
  blocks.body.push(arena.push(packed, 0, packed.length), packed.length);
}
