import { diskFreeBytes, fileBytes } from './disk.ts';

/** How long the free space that was last seen holds. */
const CHECK_MS = 500;

/** Watches the free space of the data directory: below a limit nothing new is taken in, so that what is there survives. */
export class DiskGuard {
  /** Why nothing can be taken in now. */
  low: string | undefined;
  readonly #dataDir: string;
  readonly #minFreeBytes: number;
  readonly #tell: (text: string) => void;
  #seen = { atMs: Number.NEGATIVE_INFINITY, freeBytes: 0 };

  constructor(dataDir: string, minFreeBytes: number, tell: (text: string) => void) {
    this.#dataDir = dataDir;
    this.#minFreeBytes = minFreeBytes;
    this.#tell = tell;
  }

  /** Free space below which nothing is taken in. */
  get neededBytes(): number {
    return Math.max(this.#minFreeBytes, 2 * fileBytes(this.#dataDir).wal);
  }

  check(): void {
    const needed = this.neededBytes;
    const free = this.freeBytes();
    const wasLow = this.low !== undefined;
    this.low =
      free >= needed
        ? undefined
        : `Ingest is refused: ${mib(free)} MiB of disk are free, ${mib(needed)} MiB are needed.`;
    if (this.low !== undefined && !wasLow) this.#tell(this.low);
  }

  /** At most half a second old, unless asked for now. */
  freeBytes(maxAgeMs = CHECK_MS): number {
    const now = performance.now();
    if (now - this.#seen.atMs >= maxAgeMs) this.#seen = { atMs: now, freeBytes: diskFreeBytes(this.#dataDir) };
    return this.#seen.freeBytes;
  }
}

function mib(bytes: number): number {
  return Math.floor(bytes / (1024 * 1024));
}
