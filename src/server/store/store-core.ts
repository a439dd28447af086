import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoreStatus } from '#domain/api/server-api.ts';
import type { BackupFile, TraceState } from '#domain/api/store-api.ts';
import type { TraceId } from '#domain/ids.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { SegmentWriter } from './append/segment-writer.ts';
import { Compactor } from './compaction/compactor.ts';
import { fileBytes, totalBytes } from './disk.ts';
import { isDamage, isFatal, messageOf } from './fault.ts';
import { GroupCommit, type GroupTarget, type Job, unavailable } from './group-commit.ts';
import { Maintenance } from './maintenance.ts';
import { OnlineBackup } from './online-backup.ts';
import { databasePath } from './open/paths.ts';
import { damagedMeta, metaTables } from './open/rebuild-meta.ts';
import { adoptPins } from './pins/adopt-pins.ts';
import { mendPins } from './pins/mend-pins.ts';
import type { PinRequest } from './pins/pin-requests.ts';
import { Pins, type PinsHost } from './pins/pins.ts';
import { States } from './pins/states.ts';
import type { IngestOutcome, IngestRequest, StoreFigures } from './protocol.ts';
import { damagedSegments, damageNotice } from './quarantine.ts';
import type { QueryContext, QueryRequest } from './query-context.ts';
import type { AssembledTrace } from './read/assemble-trace.ts';
import { prunedSegments } from './read/ledger.ts';
import { SegmentsInUse } from './read/segments-in-use.ts';
import { readPart, type TracePart, type TracePlan, traceOrPlan } from './read/trace-parts.ts';
import { traceQuery } from './read/trace-query.ts';
import { type TraceStateQuestion, traceState } from './read/trace-state.ts';
import { Reads } from './reads.ts';
import { segmentTable, segmentTables } from './schema/segment-table.ts';
import type { Segment, SegmentOrigin } from './segment-catalog.ts';
import { detailsOf, figuresOf } from './segment-figures.ts';
import { SegmentWriters } from './segment-writers.ts';
import { type CoreOptions, StoreDatabase } from './store-database.ts';
import type { Readiness, StoreOpenError } from './store-types.ts';

const MAINTENANCE_MS = 1_000;
const PRUNED_SHOWN = 20;

/** The store behind its thread: wires commits, reads and maintenance to one database, and gets over its failures. */
export class StoreCore {
  readonly #store: StoreDatabase;
  readonly #writers: SegmentWriters;
  readonly #reads: Reads;
  readonly #maintenance: Maintenance;
  readonly #commits: GroupCommit;
  readonly #backup = new OnlineBackup();
  readonly #inUse: SegmentsInUse;
  readonly #compactor: Compactor;
  readonly #pins: Pins;
  readonly #states: States;
  #timer: NodeJS.Timeout | undefined;
  #state: StoreStatus['state'];
  #toldState: StoreStatus['state'] = 'ready';
  #closing = false;
  #lastCommitMs: number | undefined;

  private constructor(store: StoreDatabase) {
    this.#store = store;
    this.#state = store.notices.all.length > 0 ? 'salvaged' : 'ready';
    this.#writers = new SegmentWriters(store);
    this.#inUse = new SegmentsInUse(store.options.nowMs);
    this.#reads = new Reads(store, {
      quarantine: (connection, sql) => this.#quarantine(connection, sql),
      recover: () => this.maintain(),
    });
    this.#pins = new Pins(this.#pinsHost());
    this.#states = new States(this.#pinsHost());
    this.#maintenance = new Maintenance(store, this.#writers, this.#reads, [this.#pins, this.#states], cause =>
      this.#inspect(cause),
    );
    this.#commits = new GroupCommit(this.#groupTarget());
    this.#compactor = new Compactor(store, {
      isBusy: () => this.#reads.isBusy || this.#commits.isBusy,
      isInUse: segment => this.#inUse.has(segment.id),
      exclusively: task => this.#commits.exclusively(task),
      damaged: segment => this.#leaveOut(segment),
    });
    store.onBroken = async () => {
      if (!this.#closing) await this.#recover();
    };
  }

  /** Opens the database of a directory that is already locked. */
  static async open(options: CoreOptions): Promise<Result<StoreCore, StoreOpenError>> {
    const opened = await StoreDatabase.open(options);
    if (!opened.ok) return opened;
    const core = new StoreCore(opened.value);
    core.#reportDamage();
    await adoptPins(core.#pinsHost(), core.#pins);
    await core.#mendPins();
    core.#timer = setInterval(() => void core.maintain().then(() => core.compact()), MAINTENANCE_MS).unref();
    return ok(core);
  }

  ingest(request: IngestRequest): Promise<IngestOutcome> {
    if (this.#closing) return Promise.resolve(unavailable('the store is shutting down'));
    return new Promise(settle => {
      const job: Job = { request, settle };
      this.#commits.push(job);
    });
  }

  async trace(id: number, traceId: TraceId): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const reply = await this.run(id, context => traceQuery(context, traceId));
    if (reply !== undefined && reply.duplicates > 0) this.#store.options.events.deduped(reply.duplicates);
    return reply?.bytes;
  }

  /** The trace, or how to ask for its parts. */
  async traceOrPlan(id: number, traceId: TraceId): Promise<AssembledTrace | TracePlan | undefined> {
    const reply = await this.run(id, context => traceOrPlan(context, traceId));
    if (reply !== undefined && 'parts' in reply) for (const { segment } of reply.parts) this.#inUse.touch(segment);
    return reply;
  }

  tracePart(id: number, part: TracePart): Promise<readonly Uint8Array<ArrayBuffer>[]> {
    this.#inUse.touch(part.segment);
    return this.run(id, context => readPart(context, part));
  }

  query(id: number, request: QueryRequest, deadlineMs: number): Promise<unknown> {
    return this.#reads.query(id, request, deadlineMs);
  }

  /** A short read, beside the queries. */
  run<T>(id: number, read: (context: QueryContext) => Promise<T>): Promise<T> {
    return this.#reads.run(id, read);
  }

  stopQuery(id: number): void {
    this.#reads.stop(id);
  }

  async ready(): Promise<Readiness> {
    if (this.#closing) return { ok: false, reason: 'the store is shutting down' };
    if (this.#store.isBroken) return { ok: false, reason: 'the database is being reopened' };
    if (this.#store.disk.low !== undefined) return { ok: false, reason: this.#store.disk.low };
    try {
      await this.#reads.probe();
      return { ok: true, notices: this.#store.notices.all };
    } catch (cause) {
      return { ok: false, reason: messageOf(cause) };
    }
  }

  status(): StoreStatus {
    const { catalog, disk, notices, options, slots } = this.#store;
    return {
      ...figuresOf(catalog.all),
      state: this.#currentState(),
      notices: disk.low === undefined ? [...notices.all] : [...notices.all, disk.low],
      bytes: totalBytes(options.settings.dataDir),
      lastCommitUnixMs: this.#lastCommitMs,
      serviceSlots: slots.asRecord(),
    };
  }

  #currentState(): StoreStatus['state'] {
    return this.#store.isBroken || this.#store.disk.low !== undefined ? 'failing' : this.#state;
  }

  /** Once for each change; a store begins as ready. */
  #tellState(): void {
    const state = this.#currentState();
    if (state === this.#toldState) return;
    this.#toldState = state;
    const { disk, notices, options } = this.#store;
    const reason = state === 'ready' ? '' : (disk.low ?? notices.all.at(-1) ?? '');
    options.events.state(state, reason);
  }

  /** Pins and stored states. */
  pins(id: number, request: PinRequest): Promise<unknown> {
    switch (request.do) {
      case 'create':
        return this.#pins.create(id, request.pin);
      case 'list':
        return this.#pins.list(id, request.filter);
      case 'find':
        return this.#pins.find(id, request.pin);
      case 'change':
        return this.#pins.change(id, request.pin, request.change);
      case 'remove':
        return this.#pins.remove(id, request.pin);
      case 'trace':
        return this.#pins.trace(id, request.pin);
      case 'keep-state':
        return this.#states.keep(request.text);
      case 'state':
        return this.#states.read(id, request.state);
    }
  }

  #pinsHost(): PinsHost {
    return {
      store: this.#store,
      run: (id, read) => this.run(id, read),
      exclusively: task => this.#commits.exclusively(task),
    };
  }

  traceState(id: number, question: TraceStateQuestion): Promise<TraceState> {
    const { settings, nowMs } = this.#store.options;
    const { retentionMs } = settings;
    return this.run(id, context =>
      traceState(context, question, {
        segments: this.#store.catalog.all,
        retentionMs,
        nowMs: nowMs(),
        lastPin: (context, traceId) => this.#pins.lastGone(context, traceId),
      }),
    );
  }

  /** All that the store page shows, but what the main thread counts. */
  async figures(id: number): Promise<StoreFigures> {
    const { settings, nowMs } = this.#store.options;
    const pruned = await this.run(id, context => prunedSegments(context, PRUNED_SHOWN));
    const everything = { find: '', traceId: undefined, limit: 1 };
    const { total, usedBytes, maxBytes } = await this.#pins.list(id, everything);
    const { database, wal } = fileBytes(settings.dataDir);
    return {
      atUnixMs: nowMs(),
      status: this.status(),
      disk: {
        databaseBytes: database,
        walBytes: wal,
        freeBytes: this.#store.disk.freeBytes(),
        neededFreeBytes: this.#store.disk.neededBytes,
      },
      retention: { ageMs: settings.retentionMs, maxBytes: settings.maxBytes, pruned },
      segments: this.#store.catalog.all.map(detailsOf),
      pins: { count: total, usedBytes, maxBytes },
    };
  }

  /** Everything as of now in one file; ingest and queries go on. */
  async backup(): Promise<Result<BackupFile, string>> {
    if (this.#closing || this.#store.isBroken) return err('the store cannot make one now; try again');
    const { settings, nowMs } = this.#store.options;
    return await this.#backup.run(this.#store.connections, settings, nowMs());
  }

  removeSample(): Promise<void> {
    return this.#commits.exclusively(async () => {
      this.#writers.close('sample');
      const { catalog } = this.#store;
      const samples = catalog.all.filter(({ origin }) => origin === 'sample');
      for (const segment of samples) await catalog.drop(segment, undefined);
      if (samples.length > 0) await this.#store.checkpoint();
    });
  }

  /** Retention, ageing of the open segment, checkpoints. Runs by itself every second; resolves when done. */
  async maintain(): Promise<void> {
    if (this.#closing) return;
    await this.#commits
      .exclusively(async () => {
        if (this.#store.isBroken) await this.#reopen();
        await this.#maintenance.run();
        this.#tellState();
      })
      .catch((cause: unknown) => this.#store.notices.add(`Maintenance failed: ${messageOf(cause)}`));
  }

  /** Compacts what is closed. Runs by itself; resolves when there is nothing left to do. */
  async compact(): Promise<void> {
    if (!this.#closing) await this.#compactor.run();
  }

  /** Drains what is queued, then checkpoints. Queries still running are stopped. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    clearInterval(this.#timer);
    await this.#backup.stop();
    await this.#compactor.stop();
    await this.#commits.drained();
    await this.#reads.stopAll();
    this.#writers.closeAll();
    await this.#store.close();
  }

  #groupTarget(): GroupTarget {
    const originOf = (sample: boolean): SegmentOrigin => (sample ? 'sample' : 'live');
    return {
      giveWay: () => this.#reads.goFirst(),
      connection: () => this.#store.connections.write,
      isAlone: () => !this.#reads.isBusy && !this.#compactor.isAtWork,
      prepare: sample => this.#prepare(originOf(sample)),
      beforeCommit: async sample => {
        const writer = this.#writers.current(originOf(sample));
        const { connections, slots } = this.#store;
        if (writer !== undefined) await slots.assign(connections.write, writer.serviceSpans);
      },
      afterCommit: (sample, spans, seconds) => this.#committed(originOf(sample), spans, seconds),
      afterFailure: (sample, cause) => this.#failed(originOf(sample), cause),
      between: async () => {
        if (this.#store.isCheckpointDue()) await this.#store.checkpoint();
      },
    };
  }

  /** The writer for the next group, of a new segment if the open one is full or of age. */
  async #prepare(origin: SegmentOrigin): Promise<SegmentWriter | { readonly unavailable: string }> {
    const { disk, notices } = this.#store;
    try {
      if (this.#store.isBroken) await this.#reopen();
      disk.check();
      this.#tellState();
      if (disk.low !== undefined) return { unavailable: disk.low };
      if (origin === 'live') await this.#maintenance.closeIfDue();
      return this.#writers.current(origin) ?? (await this.#writers.open(origin));
    } catch (cause) {
      const reason = `the store cannot write: ${messageOf(cause)}`;
      notices.add(reason);
      return { unavailable: reason };
    }
  }

  #committed(origin: SegmentOrigin, spans: number, seconds: number): void {
    const { catalog, options, slots } = this.#store;
    slots.keep();
    this.#store.wrote();
    this.#lastCommitMs = options.nowMs();
    this.#writers.counted(origin, spans);
    options.events.committed(seconds, catalog.all.length);
  }

  async #failed(origin: SegmentOrigin, cause: Error): Promise<void> {
    this.#store.notices.add(`A commit failed: ${messageOf(cause)}`);
    this.#writers.close(origin);
    if (!isFatal(cause)) return;
    this.#store.isBroken = true;
    await this.#recover();
  }

  /** If a new instance cannot be had now, the next group and the next second try again. */
  async #recover(): Promise<void> {
    this.#tellState();
    await this.#reopen().catch((cause: unknown) => this.#store.notices.add(`Cannot reopen: ${messageOf(cause)}`));
  }

  /** After a fatal error DuckDB refuses everything: a new instance replays the log and goes on. */
  async #reopen(): Promise<void> {
    this.#writers.closeAll();
    await this.#backup.stop();
    await this.#compactor.hold();
    try {
      await this.#reads.stopAll();
      await this.#store.reopen();
    } finally {
      this.#compactor.resume();
    }
    this.#reads.reconnect();
    this.#reportDamage();
    // It waits for its turn among the commits, which this may be a part of.
    void this.#mendPins();
  }

  /** After damage in the small tables. */
  async #mendPins(): Promise<void> {
    if (!this.#store.isMetaRebuilt) return;
    this.#store.isMetaRebuilt = false;
    this.#state = 'salvaged';
    await mendPins(this.#pinsHost(), this.#pins).catch((cause: unknown) =>
      this.#store.notices.add(`The pins could not be put right: ${messageOf(cause)}`),
    );
  }

  /** Takes the segments that a failed statement read out of the reach of queries, where they are damaged. */
  async #quarantine(connection: DuckDBConnection, sql: string): Promise<boolean> {
    const found = await damagedSegments(connection, sql);
    for (const segment of this.#store.catalog.all) {
      if (found.has(segment.id)) this.#leaveOut(segment);
    }
    if (found.size === 0) await this.#inspectMeta(connection);
    return found.size > 0;
  }

  /** Whether a failure came of damage that was found now: in the copies of pinned traces, or in the store's small tables. */
  async #inspect(cause: unknown): Promise<boolean> {
    if (!isDamage(cause)) return false;
    const { catalog, connections } = this.#store;
    const copies = catalog.all.filter(({ origin, isDamaged }) => origin === 'pinned' && !isDamaged);
    const tables = copies.flatMap(({ id }) => segmentTables.map(table => segmentTable(table, id)));
    if (await this.#quarantine(connections.write, tables.join(' '))) return true;
    return this.#store.isMetaDamaged;
  }

  /** The next maintenance makes a damaged small table anew. */
  async #inspectMeta(connection: DuckDBConnection): Promise<void> {
    if ((await damagedMeta(connection, metaTables)).length > 0) this.#store.isMetaDamaged = this.#store.isBroken = true;
  }

  #leaveOut(segment: Segment): void {
    if (segment.isDamaged) return;
    segment.isDamaged = true;
    this.#reportDamage();
    if (segment.closedUnixMs === undefined) void this.#abandon(segment);
  }

  #reportDamage(): void {
    const { catalog, notices, options } = this.#store;
    for (const segment of catalog.all) {
      if (!segment.isDamaged) continue;
      this.#state = 'salvaged';
      notices.add(damageNotice(segment, databasePath(options.settings.dataDir)));
    }
    this.#tellState();
  }

  /** Nothing is added to a damaged segment. */
  #abandon(segment: Segment): Promise<void> {
    const { catalog, notices, options } = this.#store;
    return this.#commits
      .exclusively(async () => {
        this.#writers.close(segment.origin);
        await catalog.close(segment, options.nowMs());
      })
      .catch((cause: unknown) => notices.add(`A damaged segment cannot be closed: ${messageOf(cause)}`));
  }
}
