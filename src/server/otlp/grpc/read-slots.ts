/**
 * How many requests may be arriving at one time. A gRPC message does not say its size before it is there, so the memory that
 * arriving messages can take is this number times the size limit of one. Who gets no slot waits in line, unread.
 */
export class ReadSlots {
  readonly #waiting = new Set<() => void>();
  readonly #slots: number;
  readonly #maxWaiting: number;
  #taken = 0;

  constructor(slots: number, maxWaiting: number) {
    this.#slots = slots;
    this.#maxWaiting = maxWaiting;
  }

  /** Calls `start`, now or when its turn comes. Returns the way out, to be called at least once; undefined: the line is full. */
  enter(start: () => void): (() => void) | undefined {
    if (this.#taken >= this.#slots && this.#waiting.size >= this.#maxWaiting) return undefined;
    let state: 'waiting' | 'in' | 'out' = 'waiting';
    const begin = () => {
      this.#taken++;
      state = 'in';
      start();
    };
    const leave = () => {
      const was = state;
      state = 'out';
      if (was === 'waiting') this.#waiting.delete(begin);
      if (was !== 'in') return;
      this.#taken--;
      const [next] = this.#waiting;
      if (next === undefined) return;
      this.#waiting.delete(next);
      next();
    };
    if (this.#taken < this.#slots) begin();
    else this.#waiting.add(begin);
    return leave;
  }
}
