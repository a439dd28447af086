import type { DuckDBConnection } from '@duckdb/node-api';
import { isDamage, isFatal, messageOf } from '#server/store/fault.ts';
import { segmentDiskBytes } from '#server/store/read/segment-disk-bytes.ts';
import { buildingTable, isBuildingTable, segmentTables } from '#server/store/schema/segment-table.ts';
import type { Segment } from '#server/store/segment-catalog.ts';
import type { StoreDatabase } from '#server/store/store-database.ts';
import { type Compacted, compactSegment, dropWorkTables } from './compact-segment.ts';

/** How long a step waits for a pause of queries and ingest before it is done all the same. */
const PATIENCE_MS = 2_000;
const LOOK_AGAIN_MS = 20;
/** How long the exchange waits for readers of the segment; whoever reads longer is cut off. */
const READERS_PATIENCE_MS = 10 * 60_000;

/** What compaction needs of the rest of the store. */
export interface CompactionHooks {
  /** Whether a query runs or a request waits. */
  isBusy(): boolean;
  /** Whether somebody is in the middle of reading a trace from the segment. */
  isInUse(segment: Segment): boolean;
  /** Runs `task` when no commit is under way. */
  exclusively(task: () => Promise<void>): Promise<void>;
  /** A block of the segment cannot be read. */
  damaged(segment: Segment): void;
}

/**
 * Compacts closed segments one after another, in small steps that wait for pauses. The copy is built under names of its own
 * and takes the place of the segment in one transaction: a kill leaves the one or the other.
 */
export class Compactor {
  readonly #store: StoreDatabase;
  readonly #hooks: CompactionHooks;
  #running: Promise<void> | undefined;
  #isStopping = false;
  #isHeld = false;
  /** Whether a statement may be under way. */
  isAtWork = false;
  /** Places of segments that could not be compacted: not tried again until the next start. */
  readonly #refused = new Set<number>();

  constructor(store: StoreDatabase, hooks: CompactionHooks) {
    this.#store = store;
    this.#hooks = hooks;
  }

  /** Compacts what is closed, unless it is at work already or switched off; resolves when there is nothing left to do. */
  async run(): Promise<void> {
    if (this.#store.options.settings.compaction === false || this.#isStopping || this.#store.isBroken) return;
    this.#running ??= this.#runAll().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Gives up what is half done; resolves when nothing runs. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    while (this.#running !== undefined) {
      this.#store.connections.compaction.interrupt();
      await Promise.race([this.#running, new Promise(resolve => setTimeout(resolve, LOOK_AGAIN_MS))]);
    }
  }

  /** Before the instance is closed for another: ends the step under way; none begins before `resume`. */
  async hold(): Promise<void> {
    this.#isHeld = true;
    while (this.isAtWork) {
      this.#store.connections.compaction.interrupt();
      await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  resume(): void {
    this.#isHeld = false;
  }

  async #runAll(): Promise<void> {
    for (let segment = this.#next(); segment !== undefined; segment = this.#next()) {
      const { connections } = this.#store;
      try {
        if (!(await this.#hasRoom(segment))) return;
        await this.#compact(segment);
      } catch (cause) {
        // Whatever it met came from its end.
        if (this.#isStopping || this.#isHeld || connections !== this.#store.connections) return;
        // Retention dropped it meanwhile.
        if (!this.#store.catalog.all.includes(segment)) continue;
        this.#failed(segment, cause);
      }
    }
  }

  #next(): Segment | undefined {
    if (this.#isStopping || this.#store.isBroken) return undefined;
    return this.#store.catalog.all.find(
      ({ closedUnixMs, compactedUnixMs, isDamaged, origin, place }) =>
        origin === 'live' &&
        closedUnixMs !== undefined &&
        compactedUnixMs === undefined &&
        !isDamaged &&
        !this.#refused.has(place),
    );
  }

  /** The copy lies beside the original for a while. */
  async #hasRoom(segment: Segment): Promise<boolean> {
    const { disk, notices } = this.#store;
    const needed = await this.#work(() => segmentDiskBytes(this.#store.connections.compaction, segment.id));
    if (disk.freeBytes(0) - needed > disk.neededBytes) return true;
    notices.add('Compaction waits for free disk: a compacted segment needs room beside the one it replaces.');
    return false;
  }

  async #compact(segment: Segment): Promise<void> {
    const began = performance.now();
    const { catalog, connections, options } = this.#store;
    const connection = connections.compaction;
    let target: number | undefined;
    try {
      await this.#exclusively(async () => {
        target = await catalog.createBuilding(segment);
        await this.#store.checkpoint();
      });
      if (target === undefined) return;
      const bytesBefore = await this.#work(() => segmentDiskBytes(connection, segment.id));
      const compacted = await this.#steps(connection, segment, target);
      const id = target;
      await this.#readersGone(segment);
      await this.#exclusively(async () => {
        // Retention may have dropped it meanwhile.
        if (!catalog.all.includes(segment)) return;
        await catalog.replace(segment, id, compacted.spans, options.nowMs());
        target = undefined;
        await this.#store.checkpoint();
      });
      if (target !== undefined) return;
      options.events.compacted({
        segment: id,
        spans: compacted.spans,
        copies: compacted.copies,
        bytesBefore,
        bytesAfter: await this.#work(() => segmentDiskBytes(connection, id)),
        seconds: (performance.now() - began) / 1000,
      });
    } finally {
      if (connections === this.#store.connections && !this.#isHeld) await this.#clear(connection, target);
    }
  }

  async #steps(connection: DuckDBConnection, segment: Segment, target: number): Promise<Compacted> {
    const steps = compactSegment(connection, segment.id, target);
    for (;;) {
      const step = await this.#work(() => steps.next());
      if (step.done === true) return step.value;
    }
  }

  /** One step, when nobody waits, or at last. */
  async #work<T>(step: () => Promise<T>): Promise<T> {
    await this.#turn();
    this.isAtWork = true;
    try {
      return await step();
    } finally {
      this.isAtWork = false;
    }
  }

  async #turn(): Promise<void> {
    const { connections } = this.#store;
    const deadline = performance.now() + PATIENCE_MS;
    // Messages that came during the last step are received first.
    await new Promise(resolve => setImmediate(resolve));
    while (this.#isHeld || (this.#hooks.isBusy() && performance.now() < deadline && !this.#isStopping)) {
      await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    const isOver = this.#isStopping || this.#store.isBroken || connections !== this.#store.connections;
    if (isOver) throw new Error('compaction was stopped');
  }

  async #readersGone(segment: Segment): Promise<void> {
    const { catalog, options } = this.#store;
    const deadlineMs = options.nowMs() + READERS_PATIENCE_MS;
    while (this.#hooks.isInUse(segment) && options.nowMs() < deadlineMs && catalog.all.includes(segment)) {
      await this.#turn();
      await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  async #exclusively(task: () => Promise<void>): Promise<void> {
    await this.#turn();
    await this.#hooks.exclusively(task);
  }

  /** What is left of the work; of a copy that was given up only what a kill would leave, too. */
  async #clear(connection: DuckDBConnection, target: number | undefined): Promise<void> {
    await dropWorkTables(connection).catch(() => undefined);
    if (target === undefined || this.#isStopping) return;
    const id = target;
    await this.#hooks
      .exclusively(async () => {
        const { write } = this.#store.connections;
        for (const table of segmentTables) await write.run(`drop table if exists ${buildingTable(table, id)}`);
        await this.#store.checkpoint();
      })
      .catch(() => undefined);
  }

  #failed(segment: Segment, cause: unknown): void {
    if (isFatal(cause)) {
      this.#store.isBroken = true;
      return;
    }
    this.#refused.add(segment.place);
    if (isDamage(cause)) this.#hooks.damaged(segment);
    else this.#store.notices.add(`Segment ${segment.id} is not compacted: ${messageOf(cause)}`);
  }
}

/** Drops what an earlier process had not finished. */
export async function dropUnfinished(connection: DuckDBConnection): Promise<void> {
  const found = await connection.runAndReadAll('select table_name from duckdb_tables() where not temporary');
  const unfinished = found
    .getRows()
    .map(([name]) => String(name))
    .filter(isBuildingTable);
  if (unfinished.length === 0) return;
  await connection.run('begin');
  for (const name of unfinished) await connection.run(`drop table ${name}`);
  await connection.run('commit');
  await connection.run('checkpoint');
}
