/** Between two parts of a trace a reader on a slow line may take so long. */
const HELD_MS = 30_000;

/**
 * Segments from which traces are being read part by part. Whoever knows the places in a segment must find it there until
 * the last part: compaction waits with the exchange of tables.
 */
export class SegmentsInUse {
  readonly #nowMs: () => number;
  readonly #until = new Map<number, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Something of the segment was asked for, and more may be. */
  touch(segment: number): void {
    this.#until.set(segment, this.#nowMs() + HELD_MS);
  }

  has(segment: number): boolean {
    const until = this.#until.get(segment);
    if (until === undefined) return false;
    if (until > this.#nowMs()) return true;
    this.#until.delete(segment);
    return false;
  }
}
