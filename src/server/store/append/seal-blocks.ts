import { constants, zstdCompressSync } from 'node:zlib';
import type { SegmentRows } from './segment-rows.ts';

/** Large enough for a good ratio, small enough that a reply can afford to unpack one for each of its fragments. */
const BLOCK_BYTES = 64 * 1024;
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Cuts the staged bodies into blocks at fragment boundaries, compresses them and tells each fragment its place. */
export function sealBlocks(rows: SegmentRows, firstId: number): number {
  const { fragments, bodies } = rows;
  let id = firstId;
  let from = 0;
  for (let row = 0; row < fragments.at.length; row++) {
    const at = fragments.at.i32[row];
    const end = at + fragments.length.i32[row];
    fragments.block.i32[row] = id;
    fragments.at.i32[row] = at - from;
    const isLast = row + 1 === fragments.at.length;
    if (end - from < BLOCK_BYTES && !isLast) continue;
    pushBlock(rows, id++, bodies.bytes.subarray(from, end));
    from = end;
  }
  bodies.clear();
  return id;
}

function pushBlock({ blocks, arena }: SegmentRows, id: number, bytes: Uint8Array): void {
  const packed = zstdCompressSync(bytes, options);
  blocks.id.push32(id);
  blocks.body.push(arena.push(packed, 0, packed.length), packed.length);
}
