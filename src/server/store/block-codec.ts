import { promisify } from 'node:util';
import { brotliDecompressSync, constants, zstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Fast, for bytes that arrive: 60 bytes a span of 327, 0.4 µs. */
const FAST_LEVEL = 1;
/** Small, for what will be kept, on a thread of the pool. Levels above gain nothing at the size of our blocks. */
const KEPT_LEVEL = 7;
/** What zlib must find free behind the last byte to know that it was the last. */
const ROOM_BYTES = 64;
const LEAST_CHUNK_BYTES = 1_024;
/** A damaged header must not ask for all memory. */
const MOST_CHUNK_BYTES = 64 * 1024 * 1024;

const compress = promisify(zstdCompress);

/** A block as it is stored while spans arrive. */
export function packBlock(bytes: Uint8Array): Uint8Array {
  // It shrinks to less than half; with smaller chunks Node joins several.
  const chunkSize = Math.max(LEAST_CHUNK_BYTES, bytes.length >> 1);
  return zstdCompressSync(bytes, { chunkSize, params: { [constants.ZSTD_c_compressionLevel]: FAST_LEVEL } });
}

/** A block as it is stored for good. */
export async function packKeptBlock(bytes: Uint8Array): Promise<Uint8Array> {
  return await compress(bytes, { params: { [constants.ZSTD_c_compressionLevel]: KEPT_LEVEL } });
}

/** Throws if the bytes are damaged. */
export function unpackBlock(packed: Uint8Array): Uint8Array {
  // Before version 6 of the schema it was brotli, of which none of ours begins as zstd does: it would mean a window of 16
  // bits and a first part of more than a megabyte, which is never written.
  if (!isZstd(packed)) return brotliDecompressSync(packed);
  return zstdDecompressSync(packed, { chunkSize: Math.max(LEAST_CHUNK_BYTES, contentSize(packed) + ROOM_BYTES) });
}

function isZstd(packed: Uint8Array): boolean {
  return packed[0] === 0x28 && packed[1] === 0xb5 && packed[2] === 0x2f && packed[3] === 0xfd;
}

/** What the frame says it holds, 0 if it does not say: RFC 8878, section 3.1.1.1. A hint for one chunk, not trusted. */
function contentSize(packed: Uint8Array): number {
  const descriptor = packed[4] ?? 0;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  switch (descriptor >> 6) {
    case 0:
      return isSingleSegment && at < packed.length ? view.getUint8(at) : 0;
    case 1:
      return at + 2 <= packed.length ? view.getUint16(at, true) + 256 : 0;
    case 2:
      return at + 4 <= packed.length ? Math.min(view.getUint32(at, true), MOST_CHUNK_BYTES) : 0;
    default:
      return 0;
  }
}
