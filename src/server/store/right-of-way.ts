/** How long after its beginning a read is waited for: one that takes longer does not hold ingest up for all its time. */
const YOUNG_MS = 250;
/** What one group waits at most. */
const PAUSE_MS = 50;

/**
 * Reads go before the next group of spans: on few cores each would otherwise share them with every commit, and its statements
 * wait for the thread in turn. What waits meanwhile makes the next group larger, and larger groups are cheaper.
 */
export class RightOfWay {
  readonly #young = new Set<object>();
  #waiting: (() => void) | undefined;

  /** Runs `read`, which has the right of way for its first quarter of a second. */
  async during<T>(read: () => Promise<T>): Promise<T> {
    const mark = {};
    this.#young.add(mark);
    const timer = setTimeout(() => this.#aged(mark), YOUNG_MS);
    try {
      return await read();
    } finally {
      clearTimeout(timer);
      this.#aged(mark);
    }
  }

  /** Before a group: resolves when no read has the right of way, after 50 ms at most. One caller at a time. */
  async give(): Promise<void> {
    if (this.#young.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      this.#waiting = resolve;
      timer = setTimeout(resolve, PAUSE_MS);
    });
    clearTimeout(timer);
    this.#waiting = undefined;
  }

  #aged(mark: object): void {
    this.#young.delete(mark);
    if (this.#young.size === 0) this.#waiting?.();
  }
}
