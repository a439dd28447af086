const MAX_NOTICES = 20;

/** Sentences for the operator: what was lost, refused or repaired. Each is told once and kept for the status page. */
export class Notices {
  readonly #tell: (text: string) => void;
  readonly #kept: string[] = [];

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  add(text: string): void {
    if (this.#kept.includes(text)) return;
    this.#kept.push(text);
    if (this.#kept.length > MAX_NOTICES) this.#kept.shift();
    this.#tell(text);
  }

  /** Tells without keeping: for a state that is reported as long as it lasts. */
  tell(text: string): void {
    this.#tell(text);
  }

  get all(): readonly string[] {
    return this.#kept;
  }
}
