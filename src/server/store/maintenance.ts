import type { TraceId } from '#domain/ids.ts';
import { totalBytes } from './disk.ts';
import { messageOf } from './fault.ts';
import { pinnedIn } from './pins/pinned-rows.ts';
import type { Reads } from './reads.ts';
import { expired, isDue, oldest } from './retention.ts';
import type { Pruning, Segment } from './segment-catalog.ts';
import type { SegmentWriters } from './segment-writers.ts';
import type { StoreDatabase } from './store-database.ts';

/** With no transaction open, gives up what has had its time. */
interface Swept {
  sweep(): Promise<void>;
}

/** Ageing of the open segment, retention, checkpoints: what is done between commits. */
export class Maintenance {
  readonly #store: StoreDatabase;
  readonly #writers: SegmentWriters;
  readonly #reads: Reads;
  readonly #swept: readonly Swept[];
  readonly #inspect: (cause: unknown) => Promise<boolean>;

  /** `swept`: what else passes with time. `inspect`: whether a failure comes of damage that was found and is being mended. */
  constructor(
    store: StoreDatabase,
    writers: SegmentWriters,
    reads: Reads,
    swept: readonly Swept[],
    inspect: (cause: unknown) => Promise<boolean>,
  ) {
    this.#inspect = inspect;
    this.#store = store;
    this.#writers = writers;
    this.#reads = reads;
    this.#swept = swept;
  }

  /** With no transaction open. */
  async run(): Promise<void> {
    const { catalog, options } = this.#store;
    this.#store.disk.check();
    await this.closeIfDue();
    if (!(await this.#sweep())) return;
    const now = options.nowMs();
    const aged = expired(catalog, options.settings, now);
    for (const segment of aged) await this.#prune(segment, { atUnixMs: now, reason: 'age' });
    await this.#pruneBySize(now);
    if (aged.length > 0 || this.#store.isCheckpointDue()) await this.#store.checkpoint();
  }

  /** false: what was swept is damaged, and all waits until that is put right. Another failure stops nothing else. */
  async #sweep(): Promise<boolean> {
    for (const each of this.#swept) {
      try {
        await each.sweep();
      } catch (cause) {
        if (await this.#inspect(cause)) return false;
        this.#store.notices.add(`Maintenance failed: ${messageOf(cause)}`);
      }
    }
    return !this.#store.isBroken;
  }

  /** Closes the live segment when it is full or of age. */
  async closeIfDue(): Promise<void> {
    const { catalog, options } = this.#store;
    const segment = catalog.openOne('live');
    if (segment === undefined || segment.spanCount === 0) return;
    if (!isDue(segment, options.settings, options.nowMs())) return;
    this.#writers.close('live');
    await catalog.close(segment, options.nowMs());
  }

  /** Drops the oldest closed segments until the database is within its size. */
  async #pruneBySize(nowMs: number): Promise<void> {
    const { dataDir, maxBytes = Number.POSITIVE_INFINITY } = this.#store.options.settings;
    let segment = oldest(this.#store.catalog);
    if (totalBytes(dataDir) <= maxBytes || segment === undefined) return;
    await this.#store.checkpoint();
    while (segment !== undefined && (await this.#store.catalog.usedBytes()) > maxBytes) {
      await this.#prune(segment, { atUnixMs: nowMs, reason: 'size' });
      await this.#store.checkpoint();
      segment = oldest(this.#store.catalog);
    }
  }

  /** Drops a segment; its pinned traces move to a segment of their own in the same transaction. */
  async #prune(segment: Segment, pruning: Pruning): Promise<void> {
    const pinned = segment.isDamaged ? [] : await pinnedIn(this.#store.connections.write, segment);
    if (pinned.length === 0) return await this.#store.catalog.drop(segment, pruning);
    const writer = await this.#writers.open('pinned');
    for (const traceId of pinned) {
      const copy = await this.#reads.traceIn(segment, traceId as TraceId);
      if (copy !== undefined) writer.decode(copy.bytes);
    }
    const spans = writer.stagedSpans;
    await this.#store.catalog.drop(segment, pruning, () => writer.flush());
    this.#writers.counted('pinned', spans);
  }
}
