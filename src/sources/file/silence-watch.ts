/** So long a worker that something is expected of may say nothing: past it, it is at something that does not end. */
const SILENCE_MS = 30_000;
const PAUSE_MS = 5_000;

export interface SilencePorts {
  /** Whether an answer is expected. */
  readonly isAwaited: () => boolean;
  /** Asks for a sign of life. */
  readonly ping: () => void;
  readonly onSilence: () => void;
}

/** Asks a worker for signs of life while an answer is expected of it, and tells when none comes. */
export class SilenceWatch {
  readonly #ports: SilencePorts;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: SilencePorts) {
    this.#ports = ports;
  }

  /** Something was asked. */
  begin(): void {
    if (this.#timer !== undefined) return;
    this.#ports.ping();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#ports.onSilence();
    }, SILENCE_MS);
  }

  /** The worker said something, whatever it was. */
  heard(): void {
    this.end();
    if (!this.#ports.isAwaited()) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#ports.isAwaited()) this.begin();
    }, PAUSE_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
