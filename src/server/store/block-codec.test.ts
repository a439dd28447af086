import { brotliCompressSync, constants } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packBlock, packKeptBlock, unpackBlock } from './block-codec.ts';

/** Bytes that repeat themselves, as spans do, and bytes that do not. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 3_000 }),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 5_000 }))
    .map(([piece, times]) => Uint8Array.from({ length: piece.length * times }, (_, i) => piece[i % piece.length])),
);

describe('the packing of blocks', () => {
  it('gives back what it was given, of any size', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async given => {
        expect(Buffer.compare(unpackBlock(packBlock(given)), given)).toBe(0);
        expect(Buffer.compare(unpackBlock(await packKeptBlock(given)), given)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('reads the blocks of earlier versions, of arrival and of compaction', () => {
    const earlier = [
      { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 16 },
      { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 18 },
    ];
    const large = Uint8Array.from({ length: 3 << 20 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
    for (const params of earlier) {
      expect(Buffer.compare(unpackBlock(brotliCompressSync(large, { params })), large)).toBe(0);
      fc.assert(
        fc.property(bytes, given => Buffer.compare(unpackBlock(brotliCompressSync(given, { params })), given) === 0),
        { numRuns: 60 },
      );
    }
  });

  it('throws for what is damaged, and takes no memory that a damaged header asks for', () => {
    const packed = packBlock(Buffer.from('the spans of a trace '.repeat(4_000)));
    expect(() => unpackBlock(packed.subarray(0, packed.length - 20))).toThrow();
    expect(() => unpackBlock(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd))).toThrow();
    // Four bytes for the size, all of them set.
    expect(() => unpackBlock(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0))).toThrow();
    expect(() => unpackBlock(new Uint8Array(0))).toThrow();
  });
});
