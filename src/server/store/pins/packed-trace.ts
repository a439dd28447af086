import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** A row of `pin_parts` holds at most so much: DuckDB handles many of them better than a large one. */
const PART_BYTES = 2 ** 20;

/** A trace as rows of `pin_parts`, in order. Compressed beside the thread, which goes on committing. */
export async function packTrace(otlp: Uint8Array): Promise<readonly Uint8Array[]> {
  const packed = await compress(otlp, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: otlp.length },
  });
  const parts: Uint8Array[] = [];
  for (let from = 0; from < packed.length; from += PART_BYTES) parts.push(packed.subarray(from, from + PART_BYTES));
  return parts;
}

/** The reverse of `packTrace`. Rejects where a part is missing or changed. */
export async function unpackTrace(parts: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await decompress(Buffer.concat(parts)));
}

export function bytesOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
