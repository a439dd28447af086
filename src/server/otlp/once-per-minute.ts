/** True for the first event of a key, then again a minute later: for log lines that senders would repeat at their pace. */
export class OncePerMinute {
  readonly #last = new Map<string, number>();

  first(key: string): boolean {
    const now = Date.now();
    if (now - (this.#last.get(key) ?? Number.NEGATIVE_INFINITY) < 60_000) return false;
    this.#last.set(key, now);
    return true;
  }
}
