import type { LoadProgress } from '#sources/trace-protocol.ts';

/** No reader sees more: a large trace arrives in thousands of pieces. */
const PROGRESS_MS = 100;

/** Tells the first progress at once, then at most ten a second, the last before a silence included. */
export class ProgressTeller {
  readonly #tell: (progress: LoadProgress) => void;
  readonly #progress: () => LoadProgress;
  #toldAt = Number.NEGATIVE_INFINITY;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** `progress` says how far things are when it is called. */
  constructor(tell: (progress: LoadProgress) => void, progress: () => LoadProgress) {
    this.#tell = tell;
    this.#progress = progress;
  }

  moved(): void {
    if (this.#waiting !== undefined) return;
    const restMs = this.#toldAt + PROGRESS_MS - performance.now();
    if (restMs <= 0) this.#tellNow();
    else this.#waiting = setTimeout(() => this.#tellNow(), restMs);
  }

  end(): void {
    clearTimeout(this.#waiting);
  }

  #tellNow(): void {
    this.#waiting = undefined;
    this.#toldAt = performance.now();
    this.#tell(this.#progress());
  }
}
