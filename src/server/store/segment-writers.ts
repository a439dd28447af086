import { SegmentWriter } from './append/segment-writer.ts';
import { promotedKeys } from './promoted-keys.ts';
import type { Segment, SegmentOrigin } from './segment-catalog.ts';
import { union } from './segment-figures.ts';
import type { StoreDatabase } from './store-database.ts';

/** The writers of the open segments, one for each origin; of those one at a time. */
export class SegmentWriters {
  readonly #store: StoreDatabase;
  readonly #promoted: readonly string[];
  readonly #open = new Map<SegmentOrigin, { readonly segment: Segment; readonly writer: SegmentWriter }>();

  constructor(store: StoreDatabase) {
    this.#store = store;
    this.#promoted = promotedKeys(store.options.settings.baggageKeys);
  }

  current(origin: SegmentOrigin): SegmentWriter | undefined {
    return this.#open.get(origin)?.writer;
  }

  /** Of the open segment; of a new one if there is none that fits. */
  async open(origin: SegmentOrigin): Promise<SegmentWriter> {
    const { settings, nowMs } = this.#store.options;
    let segment = this.#store.catalog.openOne(origin);
    if (segment !== undefined && segment.promotedKeys.join('\n') !== this.#promoted.join('\n')) {
      await this.#store.catalog.close(segment, nowMs());
      segment = undefined;
    }
    if (segment === undefined) {
      await this.#store.catalog.create(origin, this.#promoted, nowMs());
      // It may end in a new instance, with a catalog of its own.
      await this.#store.checkpoint();
      segment = this.#store.catalog.openOne(origin);
      if (segment === undefined) throw new Error('the new segment is gone');
    }
    const { catalog, connections } = this.#store;
    const first = await catalog.firstIds(segment);
    const { baggageKeys } = settings;
    const writer = await SegmentWriter.open(connections.write, segment.id, this.#promoted, baggageKeys, first);
    // Row numbers are unique over the store, so that only one writer at a time may give them out.
    this.closeAll();
    this.#open.set(origin, { segment, writer });
    return writer;
  }

  close(origin: SegmentOrigin): void {
    const open = this.#open.get(origin);
    this.#open.delete(origin);
    try {
      open?.writer.close();
    } catch {
      // An appender whose transaction failed complains again when closed; nothing is staged in it.
    }
  }

  closeAll(): void {
    for (const origin of [...this.#open.keys()]) this.close(origin);
  }

  /** `spans` of the writer were committed. */
  counted(origin: SegmentOrigin, spans: number): void {
    const open = this.#open.get(origin);
    if (open === undefined) return;
    open.segment.spanCount += spans;
    open.segment.bounds = union(open.segment.bounds, open.writer.bounds);
  }
}
