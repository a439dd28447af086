const SMALLEST_LOG2 = 12;
/** Larger ones are rare: they are left to the garbage collector. */
const LARGEST_LOG2 = 23;
const KEPT_BYTES = 32 * 1024 * 1024;

/**
 * Memory of request bodies, which travel to the store's thread and come back to be used again: a fresh buffer for each body
 * makes V8 collect the whole heap every 64 MiB, in both threads.
 */
export class BodyBuffers {
  readonly #free: ArrayBuffer[][] = Array.from({ length: LARGEST_LOG2 + 1 }, () => []);
  #keptBytes = 0;

  /** A buffer that holds the pieces one after another, and perhaps older bytes behind them. */
  join(pieces: readonly Uint8Array[], bytes: number): ArrayBuffer {
    const buffer = this.#take(bytes);
    const target = new Uint8Array(buffer);
    let at = 0;
    for (const piece of pieces) {
      target.set(piece, at);
      at += piece.length;
    }
    return buffer;
  }

  give(buffer: ArrayBuffer): void {
    const log2 = Math.log2(buffer.byteLength);
    const free = Number.isInteger(log2) ? this.#free[log2] : undefined;
    if (free === undefined || this.#keptBytes + buffer.byteLength > KEPT_BYTES) return;
    this.#keptBytes += buffer.byteLength;
    free.push(buffer);
  }

  #take(bytes: number): ArrayBuffer {
    const log2 = Math.max(SMALLEST_LOG2, Math.ceil(Math.log2(bytes)));
    if (log2 > LARGEST_LOG2) return new ArrayBuffer(bytes);
    const kept = this.#free[log2].pop();
    if (kept === undefined) return new ArrayBuffer(2 ** log2);
    this.#keptBytes -= kept.byteLength;
    return kept;
  }
}
