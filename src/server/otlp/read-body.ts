import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { err, ok, type Result } from '#domain/result.ts';
import type { BodyBudget } from './body-budget.ts';

export interface BodyError {
  readonly status: 400 | 413 | 503;
  readonly message: string;
}

/**
 * Reads a request body to its end, unpacked, in the pieces in which it comes, and never holds more than `limit` bytes of it.
 * On an error the rest of the request is unread: see `dropRest`.
 */
export async function readBody(
  request: Readable,
  encoding: 'identity' | 'gzip',
  limit: number,
  budget: BodyBudget,
): Promise<Result<readonly Uint8Array[], BodyError>> {
  const gunzip = encoding === 'gzip' ? createGunzip({ chunkSize: 64 * 1024 }) : undefined;
  const chunks: Uint8Array[] = [];
  let received = 0;
  let size = 0;
  try {
    const source = gunzip === undefined ? request : pump(request, gunzip, bytes => (received += bytes));
    for await (const chunk of source.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Uint8Array;
      if (size + bytes.length > limit) {
        return err({ status: 413, message: `the request is larger than ${limit} bytes after decompression` });
      }
      if (!budget.take(bytes.length)) {
        return err({ status: 503, message: 'too many requests are being received at once' });
      }
      size += bytes.length;
      chunks.push(bytes);
    }
    // zlib stops at the end of the last gzip member and keeps silent about what follows.
    if (gunzip !== undefined && gunzip.bytesWritten !== received) {
      return err({ status: 400, message: 'bytes after the end of the gzip stream' });
    }
    return ok(chunks);
  } catch (error) {
    const { message } = error as Error;
    return err({
      status: 400,
      message: gunzip === undefined ? `the body ended early: ${message}` : `not valid gzip: ${message}`,
    });
  } finally {
    budget.give(size);
    gunzip?.destroy();
  }
}

/** As `request.pipe(gunzip)`, but the end of a broken connection reaches the reader, and input is counted. */
function pump<T extends NodeJS.WritableStream & Readable>(
  request: Readable,
  gunzip: T,
  count: (bytes: number) => void,
): T {
  request.on('data', (chunk: Uint8Array) => count(chunk.length));
  request.on('error', error => gunzip.destroy(error));
  request.on('close', () => {
    if (!request.readableEnded) gunzip.destroy(new Error('connection closed'));
  });
  request.pipe(gunzip);
  return gunzip;
}
