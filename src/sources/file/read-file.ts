import type { FileProblem } from '#decoding/file/decoded-file.ts';

export interface ReadFile {
  readonly bytes: Uint8Array;
  readonly isPacked: boolean;
  /** Why the bytes end early; what came before is in `bytes`. */
  readonly problem: FileProblem | undefined;
}

/** What a file may weigh after unpacking: past it the page could not hold it. */
const MAX_BYTES = 2 ** 30;
const PIECE_BYTES = 4 * 2 ** 20;

/** Reads a file as a stream and unpacks gzip, which is told by its first bytes. Rejects only as the signal says. */
export async function readFile(
  blob: Blob,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (doneBytes: number) => void },
): Promise<ReadFile> {
  const magic = await blob
    .slice(0, 2)
    .arrayBuffer()
    .then(
      buffer => new Uint8Array(buffer),
      () => new Uint8Array(0),
    );
  const isPacked = magic[0] === 0x1f && magic[1] === 0x8b;
  const stream = isPacked
    ? piecesOf(blob, onProgress).pipeThrough(new DecompressionStream('gzip'))
    : piecesOf(blob, onProgress);
  const into = new GrowingBytes(isPacked ? blob.size * 4 : blob.size);
  const reader = stream.getReader();
  const endAt = (why: string): ReadFile => {
    const bytes = into.finish();
    const problem = { message: why, offset: bytes.length, line: undefined, column: undefined };
    return { bytes, isPacked, problem };
  };
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done: isDone, value } = await reader.read();
      if (isDone) return { bytes: into.finish(), isPacked, problem: undefined };
      if (into.length + value.length > MAX_BYTES) {
        void reader.cancel().catch(() => undefined);
        return endAt('The file is larger than 1 GB: only what comes before is read');
      }
      into.push(value);
    }
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error && error.message !== '' ? `: ${error.message}` : '';
    if (isPacked) return endAt(`The gzip data is damaged or cut off; what it holds up to there is read${reason}`);
    return endAt(`The browser cannot read the file, which may have been moved or changed${reason}`);
  }
}

/** In larger pieces than `Blob.stream` gives, each of which is a way to the disk and back. */
function piecesOf(blob: Blob, onProgress: (doneBytes: number) => void): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream(
    {
      async pull(out) {
        const piece = await blob.slice(at, at + PIECE_BYTES).arrayBuffer();
        at += piece.byteLength;
        if (piece.byteLength > 0) out.enqueue(new Uint8Array(piece));
        if (at >= blob.size || piece.byteLength === 0) out.close();
        onProgress(at);
      },
    },
    { highWaterMark: 1 },
  );
}

class GrowingBytes {
  #bytes: Uint8Array;
  length = 0;

  constructor(expected: number) {
    this.#bytes = new Uint8Array(Math.min(Math.max(expected, 1024), MAX_BYTES));
  }

  push(chunk: Uint8Array): void {
    const length = this.length + chunk.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(MAX_BYTES, Math.max(length, 2 * this.#bytes.length)));
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.length);
    this.length = length;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}
