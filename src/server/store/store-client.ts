import { existsSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import type { StoreStatus } from '#domain/api/server-api.ts';
import type { BackupFile, StoreDetails, TraceState } from '#domain/api/store-api.ts';
import type { TraceId } from '#domain/ids.ts';
import { ok, type Result } from '#domain/result.ts';
import { diskFreeBytes, fileBytes } from './disk.ts';
import { IngestQueue } from './ingest-queue.ts';
import { MetricsRecorder, observe } from './metrics-recorder.ts';
import type { DirectoryLock } from './open/directory-lock.ts';
import { walPath } from './open/paths.ts';
import type { StorePins, StoreStates } from './pins/pin-requests.ts';
import { pinsClient } from './pins/pins-client.ts';
import type { FromWorker, StoreFigures, ToWorker } from './protocol.ts';
import type { QueryRequest } from './query-context.ts';
import type { AssembledTrace } from './read/assemble-trace.ts';
import type { TracePart, TracePlan } from './read/trace-parts.ts';
import type { TraceStateQuestion } from './read/trace-state.ts';
import {
  type IngestBody,
  type IngestOptions,
  type IngestResult,
  type QueryOptions,
  QueryStopped,
  type Readiness,
  type SegmentCompaction,
  type StoreMetrics,
  type StoreOpenError,
  type TraceParts,
  type UnopenedStore,
} from './store-types.ts';

const QUERY_DEADLINE_MS = 30_000;
/** With the time that requests get to end, this is within the 10 s that supervisors leave between SIGTERM and SIGKILL. */
const CLOSE_DEADLINE_MS = 5_000;
/** Pause before a thread that ended soon after its start is started again; doubled each time. */
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 30_000;
/** One that lived so long is started again at once. */
const LONG_LIFE_MS = 60_000;

export interface ClientSettings {
  readonly dataDir: string;
  readonly queueBytes: number;
  readonly onNotice: (notice: string) => void;
  readonly onState: (state: string, reason: string) => void;
  readonly onLogTail: (bytes: number) => void;
  readonly onCompacted: (compaction: SegmentCompaction) => void;
  /** Starts a thread over the directory; resolves once it has the database open. The one before has ended. */
  readonly startThread: () => Promise<Result<Worker, StoreOpenError>>;
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (cause: Error) => void;
}

type Ask = ToWorker extends infer M ? (M extends { readonly id: number } ? Omit<M, 'id'> : never) : never;

/** The store on the main thread: numbers the calls, posts them to the worker, keeps the counters. */
export class StoreClient implements UnopenedStore {
  #worker: Worker | undefined;
  readonly #lock: DirectoryLock;
  readonly #settings: ClientSettings;
  readonly #pending = new Map<number, Pending>();
  readonly #metrics = new MetricsRecorder();
  readonly #ingests: IngestQueue;
  readonly #sinceUnixMs = Date.now();
  readonly #kept = pinsClient(request => this.#ask({ type: 'pins', request }));
  #nextId = 1;
  #queriesRunning = 0;
  /** Why the worker takes nothing now. */
  #gone: string | undefined;
  #closed: Promise<void> | undefined;
  #opening: Promise<Result<void, StoreOpenError>> | undefined;
  #restarting: Promise<void> = Promise.resolve();
  #startedAt = performance.now();
  #pauseMs = FIRST_PAUSE_MS;
  #restarts = 0;

  constructor(lock: DirectoryLock, settings: ClientSettings) {
    this.#lock = lock;
    this.#settings = settings;
    this.#ingests = new IngestQueue(settings.queueBytes, this.#metrics, (message, transfer) =>
      this.#post(message, transfer),
    );
    const isReplaying = existsSync(walPath(settings.dataDir));
    this.#gone = `the store is opening${isReplaying ? ': replaying the log' : ''}`;
  }

  open(): Promise<Result<void, StoreOpenError>> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<Result<void, StoreOpenError>> {
    const started = await this.#settings.startThread();
    if (!started.ok) return started;
    this.#attach(started.value);
    this.#gone = undefined;
    return ok(undefined);
  }

  #attach(worker: Worker): void {
    let reason = 'it ended by itself';
    this.#worker = worker;
    this.#startedAt = performance.now();
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', cause => {
      reason = cause instanceof Error ? cause.message : String(cause);
    });
    worker.on('exit', () => {
      if (this.#closed !== undefined) this.#die('the store is closed');
      else this.#restarting = this.#restart(reason);
    });
  }

  /** What was not answered is refused, so that senders try again; then a new thread takes over. */
  async #restart(reason: string): Promise<void> {
    const { onNotice, onState, startThread } = this.#settings;
    this.#die('the store is being started again');
    onState('failing', reason);
    onNotice(`The store's thread failed (${reason}). It is being started again.`);
    const hasLivedLong = performance.now() - this.#startedAt > LONG_LIFE_MS;
    if (hasLivedLong) this.#pauseMs = FIRST_PAUSE_MS;
    else if (this.#restarts++ > 0) await this.#pause();
    while (this.#closed === undefined) {
      const started = await startThread();
      if (started.ok) {
        this.#attach(started.value);
        if (this.#closed === undefined) this.#gone = undefined;
        onNotice('The store is at work again.');
        return;
      }
      onNotice(`The store cannot be started: ${started.error.message}. ${started.error.remedy}`);
      await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, this.#pauseMs).unref());
    this.#pauseMs = Math.min(2 * this.#pauseMs, LAST_PAUSE_MS);
  }

  ingest(body: IngestBody, encoding: 'protobuf' | 'json', options: IngestOptions = {}): Promise<IngestResult> {
    if (this.#gone !== undefined) return Promise.resolve(this.#ingests.refuse(this.#gone));
    return this.#ingests.push(body, encoding, options);
  }

  get pins(): StorePins {
    return this.#kept.pins;
  }

  get states(): StoreStates {
    return this.#kept.states;
  }

  traceState(question: TraceStateQuestion): Promise<TraceState> {
    return this.#ask({ type: 'trace-state', question });
  }

  trace(traceId: TraceId): Promise<Uint8Array | undefined> {
    return this.#ask({ type: 'trace', traceId });
  }

  async traceParts(traceId: TraceId): Promise<TraceParts | undefined> {
    const reply = await this.#ask<AssembledTrace | TracePlan | undefined>({ type: 'trace-or-plan', traceId });
    if (reply === undefined) return undefined;
    if ('parts' in reply) return { totalBytes: reply.totalBytes, parts: this.#readParts(reply.parts) };
    this.#metrics.copiesLeftOut += reply.duplicates;
    return { totalBytes: reply.bytes.length, parts: oneOf(reply.bytes) };
  }

  /** One part ahead: the next is unpacked while the last is on its way. */
  async *#readParts(parts: readonly TracePart[]): AsyncGenerator<Uint8Array> {
    const read = (part: TracePart | undefined) => {
      const reading = part && this.#ask<readonly Uint8Array[]>({ type: 'trace-part', part });
      // A reader who has gone away does not wait for it.
      reading?.catch(() => undefined);
      return reading;
    };
    let next = read(parts[0]);
    for (let i = 1; next !== undefined; i++) {
      const part = await next;
      next = read(parts[i]);
      yield* part;
    }
  }

  async query<T>(request: QueryRequest, options: QueryOptions = {}): Promise<T> {
    const { signal, deadlineMs = QUERY_DEADLINE_MS } = options;
    if (signal?.aborted) throw new QueryStopped('aborted');
    const id = this.#nextId;
    const abort = () => this.#post({ type: 'stop', id });
    signal?.addEventListener('abort', abort, { once: true });
    this.#queriesRunning++;
    try {
      return await this.#ask<T>({ type: 'query', request, deadlineMs });
    } finally {
      this.#queriesRunning--;
      signal?.removeEventListener('abort', abort);
    }
  }

  status(): Promise<StoreStatus> {
    return this.#ask({ type: 'status' });
  }

  async details(): Promise<StoreDetails> {
    const figures = await this.#ask<StoreFigures>({ type: 'figures' });
    const { acknowledgements, rate } = this.#metrics;
    const { spansReceived, spansCommitted, spansRejected, spansDeduplicated, requestsRefused } = this.metrics();
    return {
      ...figures,
      ingest: {
        sinceUnixMs: this.#sinceUnixMs,
        spansReceived,
        spansCommitted,
        spansRejected,
        spansDeduplicated,
        copiesLeftOut: this.#metrics.copiesLeftOut,
        copiesCompacted: this.#metrics.compactions.copies,
        requestsRefused,
        queueBytes: this.#ingests.bytes,
        queueLimitBytes: this.#settings.queueBytes,
        lastCommitUnixMs: this.#metrics.lastCommitUnixMs,
        acknowledgement: acknowledgements.figures(),
        rate: rate.figures(performance.now()),
      },
    };
  }

  backup(): Promise<Result<BackupFile, string>> {
    return this.#ask({ type: 'backup' });
  }

  removeSample(): Promise<void> {
    return this.#ask({ type: 'remove-sample' });
  }

  async ready(): Promise<Readiness> {
    if (this.#gone !== undefined) return { ok: false, reason: this.#gone };
    return await this.#ask({ type: 'ready' });
  }

  metrics(): StoreMetrics {
    const { dataDir } = this.#settings;
    const metrics = this.#metrics;
    const files = fileBytes(dataDir);
    return {
      spansReceived: metrics.received,
      spansCommitted: metrics.committed,
      spansRejected: Object.fromEntries(metrics.rejected),
      spansOdd: Object.fromEntries(metrics.odd),
      requestsRefused: { ...metrics.refused },
      spansDeduplicated: 0,
      copiesLeftOut: metrics.copiesLeftOut,
      acknowledgeSeconds: metrics.acknowledgeSeconds,
      commitSeconds: metrics.commitSeconds,
      checkpointSeconds: metrics.checkpointSeconds,
      compactions: metrics.compactions,
      walBytes: files.wal,
      databaseBytes: files.database,
      queueBytes: this.#ingests.bytes,
      diskFreeBytes: diskFreeBytes(dataDir),
      lastCommitUnixMs: metrics.lastCommitUnixMs,
      segments: metrics.segments,
      queriesRunning: this.#queriesRunning,
      queriesStopped: metrics.queriesStopped,
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    // DuckDB cannot be stopped while it reads its log.
    if (this.#worker === undefined) await this.#opening;
    if (this.#gone === undefined) {
      this.#ingests.flush();
      const drained = this.#ask<void>({ type: 'close' });
      this.#gone = 'the store is shutting down';
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>(resolve => {
        timer = setTimeout(resolve, CLOSE_DEADLINE_MS);
      });
      await Promise.race([drained, late]).catch(() => undefined);
      clearTimeout(timer);
    }
    await this.#restarting;
    await this.#worker?.terminate();
    this.#lock.release();
  }

  #ask<T>(message: Ask): Promise<T> {
    if (this.#gone !== undefined) return Promise.reject(this.#stopped());
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#post({ ...message, id });
    });
  }

  #post(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'ingested':
        this.#ingests.answered(message.answers);
        break;
      case 'answer':
        this.#take(message.id)?.resolve(message.value as never);
        break;
      case 'stopped':
        this.#metrics.queriesStopped++;
        this.#take(message.id)?.reject(new QueryStopped(message.reason));
        break;
      case 'failed':
        this.#take(message.id)?.reject(new Error(message.message));
        break;
      case 'notice':
        this.#settings.onNotice(message.text);
        break;
      case 'state':
        this.#settings.onState(message.state, message.reason);
        break;
      case 'committed':
        observe(this.#metrics.commitSeconds, message.seconds);
        this.#metrics.lastCommitUnixMs = message.atUnixMs;
        this.#metrics.segments = message.segments;
        break;
      case 'checkpointed':
        observe(this.#metrics.checkpointSeconds, message.seconds);
        break;
      case 'compacted':
        this.#metrics.compacted(message.compaction);
        this.#settings.onCompacted(message.compaction);
        break;
      case 'deduped':
        this.#metrics.copiesLeftOut += message.spans;
        break;
      case 'log-tail':
        this.#settings.onLogTail(message.bytes);
        break;
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** The thread is gone: what waits is answered. Requests without an answer may or may not be stored: they are retryable. */
  #die(reason: string): void {
    this.#gone ??= reason;
    this.#ingests.abandon(reason);
    for (const { reject } of this.#pending.values()) reject(this.#stopped());
    this.#pending.clear();
  }

  #stopped(): QueryStopped {
    return new QueryStopped(this.#closed === undefined ? 'starting' : 'closed');
  }
}

async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
