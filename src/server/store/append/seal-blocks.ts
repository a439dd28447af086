import { brotliCompressSync, constants } from 'node:zlib';
import type { SegmentRows } from './segment-rows.ts';

/** Large enough for a good ratio, small enough that a reply can afford to unpack one for each of its fragments. */
const BLOCK_BYTES = 64 * 1024;
/** As fast as zstd's level 1 (0.8 µs a span) for 10 % more bytes, and every Node has it. */
/** What a block shrinks to fits in: with smaller chunks Node joins several. */
const options = {
  chunkSize: BLOCK_BYTES / 2,
  params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 16 },
};

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
  const packed = brotliCompressSync(bytes, options);
  blocks.id.push32(id);
  blocks.body.push(arena.push(packed, 0, packed.length), packed.length);
}
