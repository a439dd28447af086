import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoreStatus } from '#domain/api/server-api.ts';
import type { PinnedTraces, PinState, TraceState } from '#domain/api/store-api.ts';
import type { TraceId } from '#domain/ids.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { SegmentWriter } from './append/segment-writer.ts';
import { checkpointSpace, isCheckpointDue } from './checkpoints.ts';
import { fileBytes, totalBytes } from './disk.ts';
import { DiskGuard } from './disk-guard.ts';
import { isFatal, messageOf } from './fault.ts';
import { GroupCommit, type GroupTarget, type Job, unavailable } from './group-commit.ts';
import { Notices } from './notices.ts';
import { type Database, databasePath } from './open/database.ts';
import { openWithSalvage } from './open/salvage.ts';
import { prepareSchema } from './open/schema-version.ts';
import { addPin, removePin } from './pins.ts';
import { promotedKeys } from './promoted-keys.ts';
import type { IngestOutcome, IngestRequest, StoreEvents, StoreFigures, WorkerSettings } from './protocol.ts';
import { damagedSegments, damageNotice } from './quarantine.ts';
import { queries } from './queries.ts';
import type { QueryContext, QueryRequest } from './query-context.ts';
import { pinnedTraces, prunedSegments } from './read/ledger.ts';
import { QueryRunner } from './read/query-runner.ts';
import { fragmentPlaces, traceQuery } from './read/trace-query.ts';
import { type TraceStateQuestion, traceState } from './read/trace-state.ts';
import { expired, isDue, oldest, pinnedIn } from './retention.ts';
import { type Segment, SegmentCatalog, type SegmentOrigin } from './segment-catalog.ts';
import { detailsOf, figuresOf, union } from './segment-figures.ts';
import { ServiceSlots } from './service-slots.ts';
import type { Readiness, StoreOpenError } from './store-types.ts';

const MAINTENANCE_MS = 1_000;
const READY_DEADLINE_MS = 1_000;
const READ_DEADLINE_MS = 30_000;
const PRUNED_SHOWN = 20;

/** What a core needs beside its settings. The clock is a function so that tests can move it. */
export interface CoreOptions {
  readonly settings: WorkerSettings;
  readonly events: StoreEvents;
  readonly nowMs: () => number;
}

/** The store behind its thread: everything that touches DuckDB, except the opening of files that `open/` does. */
export class StoreCore {
  readonly #settings: WorkerSettings;
  readonly #events: StoreEvents;
  readonly #nowMs: () => number;
  readonly #promoted: readonly string[];
  readonly #notices: Notices;
  readonly #disk: DiskGuard;
  readonly #commits: GroupCommit;
  readonly #queries: QueryRunner;
  /** Traces by id and the readiness probe, on a connection that no long query holds. */
  readonly #points: QueryRunner;
  #database: Database;
  #catalog: SegmentCatalog;
  #slots: ServiceSlots;
  readonly #writers = new Map<SegmentOrigin, { readonly segment: Segment; readonly writer: SegmentWriter }>();
  #timer: NodeJS.Timeout | undefined;
  #state: StoreStatus['state'];
  #toldState: StoreStatus['state'] | undefined;
  #broken = false;
  /** Names the readiness probes among the reads; requests count upwards from 1. */
  #nextProbe = -1;
  #closing = false;
  #lastCommitMs: number | undefined;
  #lastWriteMs: number;
  #lastCheckpointMs: number;

  private constructor(
    options: CoreOptions,
    database: Database,
    catalog: SegmentCatalog,
    slots: ServiceSlots,
    notices: Notices,
  ) {
    this.#settings = options.settings;
    this.#events = options.events;
    this.#nowMs = options.nowMs;
    this.#promoted = promotedKeys(options.settings.baggageKeys);
    this.#database = database;
    this.#catalog = catalog;
    this.#slots = slots;
    this.#notices = notices;
    this.#disk = new DiskGuard(options.settings.dataDir, options.settings.minFreeDiskBytes, text => notices.tell(text));
    this.#state = notices.all.length > 0 ? 'salvaged' : 'ready';
    this.#lastWriteMs = this.#lastCheckpointMs = options.nowMs();
    const scope = {
      baggageKeys: options.settings.baggageKeys,
      segments: (startNs: bigint, endNs: bigint) => this.#catalog.overlapping(startNs, endNs),
      quarantine: (connection: DuckDBConnection, sql: string) => this.#quarantine(connection, sql),
    };
    this.#queries = new QueryRunner(scope, database.readers);
    this.#points = new QueryRunner(scope, [database.pointReader]);
    this.#commits = new GroupCommit(this.#groupTarget());
  }

  /** Opens the database of a directory that is already locked. */
  static async open(options: CoreOptions): Promise<Result<StoreCore, StoreOpenError>> {
    const { dataDir } = options.settings;
    const notices = new Notices(options.events.notice);
    const opened = await openWithSalvage(options.settings, options.nowMs(), text => notices.add(text));
    if (!opened.ok) return opened;
    const database = opened.value;
    try {
      const prepared = await prepareSchema(database.write, dataDir);
      if (!prepared.ok) {
        database.close();
        return prepared;
      }
      const catalog = await SegmentCatalog.load(database.write);
      const slots = await ServiceSlots.load(database.write);
      const core = new StoreCore(options, database, catalog, slots, notices);
      core.#reportDamage();
      core.#timer = setInterval(() => void core.maintain(), MAINTENANCE_MS).unref();
      return ok(core);
    } catch (cause) {
      database.close();
      const message = `the database in ${dataDir} cannot be read: ${messageOf(cause)}`;
      return err({ cause: 'damaged', message, remedy: `move ${dataDir} aside (keep it) and start again` });
    }
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
    if (reply !== undefined && reply.duplicates > 0) this.#events.deduped(reply.duplicates);
    return reply?.bytes;
  }

  query(id: number, request: QueryRequest, deadlineMs: number): Promise<unknown> {
    const query = queries[request.kind];
    if (query === undefined) return Promise.reject(new Error(`there is no query ${JSON.stringify(request.kind)}`));
    return this.#again(() => this.#queries.run(id, context => query(context, request.args as never), deadlineMs));
  }

  /** A short read, beside the queries. */
  run<T>(id: number, read: (context: QueryContext) => Promise<T>, deadlineMs = READ_DEADLINE_MS): Promise<T> {
    return this.#again(() => this.#points.run(id, read, deadlineMs));
  }

  /** Once more with a new instance when the one it met was invalidated by something else. */
  async #again<T>(read: () => Promise<T>): Promise<T> {
    const database = this.#database;
    try {
      return await read();
    } catch (cause) {
      if (!isFatal(cause) || this.#closing) throw cause;
      if (database === this.#database) this.#broken = true;
      await this.maintain();
      return await read();
    }
  }

  stopQuery(id: number): void {
    this.#queries.stop(id, 'aborted');
  }

  async ready(): Promise<Readiness> {
    if (this.#closing) return { ok: false, reason: 'the store is shutting down' };
    if (this.#broken) return { ok: false, reason: 'the database is being reopened' };
    if (this.#disk.low !== undefined) return { ok: false, reason: this.#disk.low };
    try {
      await this.run(this.#nextProbe--, context => context.rows('select 1'), READY_DEADLINE_MS);
      return { ok: true, notices: this.#notices.all };
    } catch (cause) {
      return { ok: false, reason: messageOf(cause) };
    }
  }

  status(): StoreStatus {
    return {
      ...figuresOf(this.#catalog.all),
      state: this.#currentState(),
      notices: this.#disk.low === undefined ? [...this.#notices.all] : [...this.#notices.all, this.#disk.low],
      bytes: totalBytes(this.#settings.dataDir),
      lastCommitUnixMs: this.#lastCommitMs,
      serviceSlots: this.#slots.asRecord(),
    };
  }

  #currentState(): StoreStatus['state'] {
    return this.#broken || this.#disk.low !== undefined ? 'failing' : this.#state;
  }

  /** Once for each change. */
  #tellState(): void {
    const state = this.#currentState();
    if (state === this.#toldState) return;
    this.#toldState = state;
    const reason = state === 'ready' ? '' : (this.#disk.low ?? this.#notices.all.at(-1) ?? '');
    this.#events.state(state, reason);
  }

  /** Keeps what there is of a trace when retention drops the segments it lies in. false: there is no such trace. */
  async pin(id: number, traceId: TraceId): Promise<boolean> {
    if ((await this.trace(id, traceId)) === undefined) return false;
    await this.#commits.exclusively(() => addPin(this.#database.write, traceId, this.#nowMs()));
    return true;
  }

  /** Gives up a pin; what retention would have dropped without it goes now. */
  async unpin(id: number, traceId: TraceId): Promise<PinState> {
    await this.#commits.exclusively(async () => {
      const copies = this.#catalog.all.filter(({ origin, isDamaged }) => origin === 'pinned' && !isDamaged);
      await removePin(this.#database.write, traceId, copies);
    });
    const places = await this.run(id, context => fragmentPlaces(context, traceId));
    return { isPinned: false, isStored: places.length > 0 };
  }

  pins(id: number): Promise<PinnedTraces['pins']> {
    return this.run(id, pinnedTraces);
  }

  traceState(id: number, question: TraceStateQuestion): Promise<TraceState> {
    const { retentionMs } = this.#settings;
    return this.run(id, context =>
      traceState(context, question, { segments: this.#catalog.all, retentionMs, nowMs: this.#nowMs() }),
    );
  }

  /** All that the store page shows, but what the main thread counts. */
  async figures(id: number): Promise<StoreFigures> {
    const { dataDir, retentionMs, maxBytes } = this.#settings;
    const pruned = await this.run(id, context => prunedSegments(context, PRUNED_SHOWN));
    const pins = await this.pins(id);
    const { database, wal } = fileBytes(dataDir);
    return {
      atUnixMs: this.#nowMs(),
      status: this.status(),
      disk: {
        databaseBytes: database,
        walBytes: wal,
        freeBytes: this.#disk.freeBytes(),
        neededFreeBytes: this.#disk.neededBytes,
      },
      retention: { ageMs: retentionMs, maxBytes, pruned },
      segments: this.#catalog.all.map(detailsOf),
      pinnedTraces: pins.length,
    };
  }

  removeSample(): Promise<void> {
    return this.#commits.exclusively(async () => {
      this.#closeWriter('sample');
      const samples = this.#catalog.all.filter(({ origin }) => origin === 'sample');
      for (const segment of samples) await this.#catalog.drop(segment, undefined);
      if (samples.length > 0) await this.#checkpoint();
    });
  }

  /** Retention, ageing of the open segment, checkpoints. Runs by itself every second; resolves when done. */
  async maintain(): Promise<void> {
    if (this.#closing) return;
    await this.#commits
      .exclusively(() => this.#maintain())
      .catch((cause: unknown) => this.#notices.add(`Maintenance failed: ${messageOf(cause)}`));
  }

  /** Drains what is queued, then checkpoints. Queries still running are stopped. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    clearInterval(this.#timer);
    await this.#commits.drained();
    await this.#stopQueries();
    for (const origin of [...this.#writers.keys()]) this.#closeWriter(origin);
    if (!this.#broken) {
      const { wal } = fileBytes(this.#settings.dataDir);
      if (wal > 0 && this.#disk.freeBytes(0) > checkpointSpace(wal)) await this.#checkpoint();
      this.#database.close();
    }
  }

  async #stopQueries(): Promise<void> {
    for (const runner of [this.#queries, this.#points]) {
      runner.stopAll('closed');
      await runner.idle();
    }
  }

  #groupTarget(): GroupTarget {
    return {
      connection: () => this.#database.write,
      prepare: sample => this.#prepare(sample ? 'sample' : 'live'),
      beforeCommit: async sample => {
        const open = this.#writers.get(sample ? 'sample' : 'live');
        if (open !== undefined) await this.#slots.assign(this.#database.write, open.writer.serviceSpans);
      },
      afterCommit: (sample, spans, seconds) => this.#committed(sample ? 'sample' : 'live', spans, seconds),
      afterFailure: (sample, cause) => this.#failed(sample ? 'sample' : 'live', cause),
      between: async () => {
        if (this.#isCheckpointDue()) await this.#checkpoint();
      },
    };
  }

  /** The writer for the next group, of a new segment if the open one is full or of age. */
  async #prepare(origin: SegmentOrigin): Promise<SegmentWriter | { readonly unavailable: string }> {
    try {
      if (this.#broken) await this.#reopen();
      this.#disk.check();
      this.#tellState();
      if (this.#disk.low !== undefined) return { unavailable: this.#disk.low };
      if (origin === 'live') await this.#closeIfDue();
      const open = this.#writers.get(origin);
      return open?.writer ?? (await this.#openWriter(origin));
    } catch (cause) {
      const reason = `the store cannot write: ${messageOf(cause)}`;
      this.#notices.add(reason);
      return { unavailable: reason };
    }
  }

  async #openWriter(origin: SegmentOrigin): Promise<SegmentWriter> {
    let segment = this.#catalog.openOne(origin);
    if (segment !== undefined && segment.promotedKeys.join('\n') !== this.#promoted.join('\n')) {
      await this.#catalog.close(segment, this.#nowMs());
      segment = undefined;
    }
    if (segment === undefined) {
      await this.#catalog.create(origin, this.#promoted, this.#nowMs());
      await this.#checkpoint();
      segment = this.#catalog.openOne(origin);
      if (segment === undefined) throw new Error('the new segment is gone');
    }
    const first = await this.#catalog.firstIds(segment);
    const { baggageKeys } = this.#settings;
    const writer = await SegmentWriter.open(this.#database.write, segment.id, this.#promoted, baggageKeys, first);
    // Row numbers are unique over the store, so that only one writer at a time may give them out.
    for (const other of [...this.#writers.keys()]) this.#closeWriter(other);
    this.#writers.set(origin, { segment, writer });
    return writer;
  }

  #closeWriter(origin: SegmentOrigin): void {
    const open = this.#writers.get(origin);
    this.#writers.delete(origin);
    try {
      open?.writer.close();
    } catch {
      // An appender whose transaction failed complains again when closed; nothing is staged in it.
    }
  }

  #committed(origin: SegmentOrigin, spans: number, seconds: number): void {
    this.#slots.keep();
    this.#lastCommitMs = this.#lastWriteMs = this.#nowMs();
    this.#counted(origin, spans);
    this.#events.committed(seconds, this.#catalog.all.length);
  }

  #counted(origin: SegmentOrigin, spans: number): void {
    const open = this.#writers.get(origin);
    if (open === undefined) return;
    open.segment.spanCount += spans;
    open.segment.bounds = union(open.segment.bounds, open.writer.bounds);
  }

  async #failed(origin: SegmentOrigin, cause: Error): Promise<void> {
    this.#notices.add(`A commit failed: ${messageOf(cause)}`);
    this.#closeWriter(origin);
    if (isFatal(cause)) await this.#recover();
  }

  /** If a new instance cannot be had now, the next group and the next second try again. */
  async #recover(): Promise<void> {
    this.#broken = true;
    this.#tellState();
    await this.#reopen().catch((cause: unknown) => this.#notices.add(`Cannot reopen: ${messageOf(cause)}`));
  }

  /** After a fatal error DuckDB refuses everything: a new instance replays the log and goes on. */
  async #reopen(): Promise<void> {
    for (const origin of [...this.#writers.keys()]) this.#closeWriter(origin);
    await this.#stopQueries();
    this.#database.close();
    const opened = await openWithSalvage(this.#settings, this.#nowMs(), text => this.#notices.add(text));
    if (!opened.ok) throw new Error(opened.error.message);
    this.#database = opened.value;
    this.#catalog = await SegmentCatalog.load(this.#database.write);
    this.#slots = await ServiceSlots.load(this.#database.write);
    this.#queries.replaceConnections(this.#database.readers);
    this.#points.replaceConnections([this.#database.pointReader]);
    this.#broken = false;
    this.#notices.add('The database was reopened after a fatal error.');
    this.#reportDamage();
  }

  async #maintain(): Promise<void> {
    if (this.#broken) await this.#reopen();
    this.#disk.check();
    this.#tellState();
    await this.#closeIfDue();
    const now = this.#nowMs();
    const aged = expired(this.#catalog, this.#settings, now);
    for (const segment of aged) await this.#prune(segment, { atUnixMs: now, reason: 'age' });
    await this.#pruneBySize(now);
    if (aged.length > 0 || this.#isCheckpointDue()) await this.#checkpoint();
  }

  /** Drops the oldest closed segments until the database is within its size. */
  async #pruneBySize(nowMs: number): Promise<void> {
    const { dataDir, maxBytes = Number.POSITIVE_INFINITY } = this.#settings;
    let segment = oldest(this.#catalog);
    if (totalBytes(dataDir) <= maxBytes || segment === undefined) return;
    await this.#checkpoint();
    while (segment !== undefined && (await this.#catalog.usedBytes()) > maxBytes) {
      await this.#prune(segment, { atUnixMs: nowMs, reason: 'size' });
      await this.#checkpoint();
      segment = oldest(this.#catalog);
    }
  }

  /** Drops a segment; its pinned traces move to a segment of their own in the same transaction. */
  async #prune(segment: Segment, pruning: { atUnixMs: number; reason: 'age' | 'size' }): Promise<void> {
    const pinned = segment.isDamaged ? [] : await pinnedIn(this.#database.write, segment);
    if (pinned.length === 0) return await this.#catalog.drop(segment, pruning);
    const writer = await this.#openWriter('pinned');
    for (const traceId of pinned) {
      const only = { ...segment };
      const copy = await this.#points.run(
        this.#nextProbe--,
        context => traceQuery({ ...context, segments: () => [only] }, traceId as TraceId),
        READ_DEADLINE_MS,
      );
      if (copy !== undefined) writer.decode(copy.bytes);
    }
    const spans = writer.stagedSpans;
    await this.#catalog.drop(segment, pruning, () => writer.flush());
    this.#counted('pinned', spans);
  }

  /** Closes the live segment when it is full or of age. */
  async #closeIfDue(): Promise<void> {
    const segment = this.#catalog.openOne('live');
    if (segment === undefined || segment.spanCount === 0 || !isDue(segment, this.#settings, this.#nowMs())) return;
    this.#closeWriter('live');
    await this.#catalog.close(segment, this.#nowMs());
  }

  /** Takes the segments that a failed statement read out of the reach of queries, where they are damaged. */
  async #quarantine(connection: DuckDBConnection, sql: string): Promise<boolean> {
    const found = await damagedSegments(connection, sql);
    for (const segment of this.#catalog.all) {
      if (!found.has(segment.id) || segment.isDamaged) continue;
      segment.isDamaged = true;
      this.#reportDamage();
      if (segment.closedUnixMs === undefined) void this.#abandon(segment);
    }
    return found.size > 0;
  }

  #reportDamage(): void {
    for (const segment of this.#catalog.all) {
      if (!segment.isDamaged) continue;
      this.#state = 'salvaged';
      this.#notices.add(damageNotice(segment, databasePath(this.#settings.dataDir)));
    }
    this.#tellState();
  }

  /** Nothing is added to a damaged segment. */
  #abandon(segment: Segment): Promise<void> {
    return this.#commits
      .exclusively(async () => {
        this.#closeWriter(segment.origin);
        await this.#catalog.close(segment, this.#nowMs());
      })
      .catch((cause: unknown) => this.#notices.add(`A damaged segment cannot be closed: ${messageOf(cause)}`));
  }

  #isCheckpointDue(): boolean {
    const now = this.#nowMs();
    const { wal } = fileBytes(this.#settings.dataDir);
    return isCheckpointDue({
      walBytes: wal,
      idleMs: Math.abs(now - this.#lastWriteMs),
      sinceLastMs: Math.abs(now - this.#lastCheckpointMs),
      diskFreeBytes: this.#disk.freeBytes(),
    });
  }

  /** Never rejects: what is committed is durable without it, and the next one may succeed. */
  async #checkpoint(): Promise<void> {
    const began = performance.now();
    this.#lastCheckpointMs = this.#nowMs();
    try {
      await this.#database.write.run('checkpoint');
      this.#events.checkpointed((performance.now() - began) / 1000);
    } catch (cause) {
      this.#notices.add(`A checkpoint failed; nothing is lost: ${messageOf(cause)}`);
      if (isFatal(cause) && !this.#closing) await this.#recover();
    }
  }
}
