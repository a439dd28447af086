import type { StoreStatus } from '#domain/api/server-api.ts';
import type { BackupFile, StoreDetails, TraceState } from '#domain/api/store-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { Result } from '#domain/result.ts';
import type { StorePins, StoreStates } from './pins/pin-requests.ts';
import type { QueryRequest } from './query-context.ts';
import type { TraceStateQuestion } from './read/trace-state.ts';

/** The embedded store, seen from the main thread. Everything behind it runs in one worker thread. */
export interface Store {
  /**
   * Resolves after the COMMIT that made the spans durable. Invalid spans are left out and counted, the others are kept.
   * `body` is an uncompressed ExportTraceServiceRequest; it is copied.
   */
  ingest(body: IngestBody, encoding: 'protobuf' | 'json', options?: IngestOptions): Promise<IngestResult>;
  /** OTLP TracesData bytes with the original Span messages, identical copies left out; undefined if there are none. */
  trace(traceId: TraceId): Promise<Uint8Array | undefined>;
  /** The same bytes for who sends them on: a large trace is read part by part, as `parts` is iterated. */
  traceParts(traceId: TraceId): Promise<TraceParts | undefined>;
  /** Runs a registered query (`queries.ts`) inside the worker. Rejects with `QueryStopped`; any other rejection is a bug. */
  query<T>(request: QueryRequest, options?: QueryOptions): Promise<T>;
  status(): Promise<StoreStatus>;
  /** Copies of traces that retention does not reach. */
  readonly pins: StorePins;
  readonly states: StoreStates;
  /** Why a trace is there or is not. */
  traceState(question: TraceStateQuestion): Promise<TraceState>;
  /** Everything the store page shows. */
  details(): Promise<StoreDetails>;
  /** Writes everything as of now into one file, beside ingest and queries. The error is one line. */
  backup(): Promise<Result<BackupFile, string>>;
  removeSample(): Promise<void>;
  metrics(): StoreMetrics;
  /** `select 1` within a second. */
  ready(): Promise<Readiness>;
  /** Drains, commits, checkpoints and gives up the lock. Later calls answer "unavailable". */
  close(): Promise<void>;
}

/**
 * A store whose directory is locked and whose database may not be open yet. Until `open` has succeeded it takes no spans
 * ("unavailable"), rejects what it is asked with `QueryStopped` ('starting'), and says in `ready` what it does.
 */
export interface UnopenedStore extends Store {
  /** Resolves when it is ready for reads and writes, or with why it cannot be; it is to be closed then. */
  open(): Promise<Result<void, StoreOpenError>>;
}

export interface Readiness {
  readonly ok: boolean;
  /** Why it is not. */
  readonly reason?: string;
  /** It works, but of this the operator should know: what was lost, left out or repaired. */
  readonly notices?: readonly string[];
}

export interface TraceParts {
  readonly totalBytes: number;
  /** Rejects where a part can no longer be read. To be iterated once. */
  readonly parts: AsyncIterable<Uint8Array>;
}

/** A message, whole or in the pieces in which it arrived. */
export type IngestBody = Uint8Array | readonly Uint8Array[];

export interface IngestOptions {
  /** Into the sample data set, which `removeSample` drops. */
  readonly sample?: boolean;
  /** Shifts all times so that the latest span ends here. */
  readonly shiftToEndAtUnixNano?: bigint;
}

export type IngestResult =
  /** `rejected` > 0: a partial success, `message` says why. With `rejected` 0 a non-empty message is a warning. */
  | { readonly kind: 'stored'; readonly accepted: number; readonly rejected: number; readonly message: string }
  /** Not retryable: undecodable, or no span is valid. `field`: path of what is wrong, where it is known. */
  | { readonly kind: 'invalid'; readonly message: string; readonly field?: string }
  /** To be sent again. `isOverload`: only because too much waits. */
  | {
      readonly kind: 'unavailable';
      readonly message: string;
      readonly retryAfterS: number;
      readonly isOverload?: boolean;
    };

export interface QueryOptions {
  readonly signal?: AbortSignal;
  /** Default 30,000. */
  readonly deadlineMs?: number;
}

/** What a query that was ended is told. */
const STOPPED = {
  deadline: 'the query took too long: narrow its time range or its conditions',
  memory: 'the query needs more memory than the server gives it: narrow its time range or its conditions',
  busy: 'too many queries are waiting: try again',
  aborted: 'the query was given up',
  starting: 'the store is starting: try again in a moment',
  closed: 'the store is shutting down',
} as const;

/** A query that was ended before its answer. `busy`: too many wait; `starting`: the database is not open yet, or not again. */
export class QueryStopped extends Error {
  readonly reason: keyof typeof STOPPED;

  constructor(reason: QueryStopped['reason']) {
    super(STOPPED[reason]);
    this.name = 'QueryStopped';
    this.reason = reason;
  }
}

/** Counters since start. At every instant: received = committed + Σ rejected + deduplicated. */
export interface StoreMetrics {
  readonly spansReceived: number;
  readonly spansCommitted: number;
  /** Spans refused, by reason (`trace_id`, `span_id`). */
  readonly spansRejected: Readonly<Record<string, number>>;
  /** Spans kept although something about them is odd, by reason: `no_start`, `end_before_start`, `start_ahead`, … */
  readonly spansOdd: Readonly<Record<string, number>>;
  /** Spans that were acknowledged without being written, because they were there: none as yet, copies are stored. */
  readonly spansDeduplicated: number;
  /** Whole requests refused, whose spans were not counted because they could not be read or were not looked at. */
  readonly requestsRefused: Readonly<Record<'invalid' | 'overload' | 'unavailable', number>>;
  /** Identical copies left out of trace replies: duplicates are stored and removed at read. */
  readonly copiesLeftOut: number;
  readonly acknowledgeSeconds: Histogram;
  readonly commitSeconds: Histogram;
  readonly checkpointSeconds: Histogram;
  /** Segments compacted, the copies left out of them, and their bytes in the file before and after. */
  readonly compactions: CompactionTotals;
  readonly walBytes: number;
  readonly databaseBytes: number;
  /** Request bodies that wait for their commit. */
  readonly queueBytes: number;
  readonly diskFreeBytes: number;
  readonly lastCommitUnixMs: number | undefined;
  readonly segments: number;
  readonly queriesRunning: number;
  readonly queriesStopped: number;
}

/** One segment was compacted. */
export interface SegmentCompaction {
  readonly segment: number;
  readonly spans: number;
  /** Redelivered spans that were left out. */
  readonly copies: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly seconds: number;
}

export interface CompactionTotals {
  readonly segments: number;
  readonly spans: number;
  readonly copies: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** Cumulative as Prometheus has it: `counts[i]` observations ≤ `bounds[i]`; `count` counts all. */
export interface Histogram {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

export interface StoreOptions {
  readonly dataDir: string;
  /** Spans that arrived longer ago are dropped, a whole segment at a time. */
  readonly retentionMs: number;
  /** The oldest segments are dropped when the database holds more. Default: only age counts. */
  readonly maxBytes?: number | undefined;
  /** What all pins together may take, as they are stored. Default 1 GiB. */
  readonly pinsMaxBytes?: number | undefined;
  /** Keys that count as baggage; an entry that ends in '.' is a prefix. */
  readonly baggageKeys: readonly string[];
  /** Ingest is refused when less is free. Default 1 GiB (or twice the write-ahead log, if that is more). */
  readonly minFreeDiskBytes?: number;
  /** Bodies that may wait for a commit. Default 64 MiB. */
  readonly queueBytes?: number;
  /** DuckDB's `memory_limit`. Default '750MB': with what else the process needs, 1.2 GB at ten million spans. */
  readonly memoryLimit?: string;
  /** Receives each notice once, as it arises: what was lost, refused or repaired. */
  readonly onNotice?: (notice: string) => void;
  /** Default true: closed segments are compacted in the background. */
  readonly compaction?: boolean;
  readonly onCompacted?: (compaction: SegmentCompaction) => void;
  /**
   * Told when the write-ahead log ended in the middle of a transaction: that many bytes, of spans that were never answered,
   * or of ones that the disk has lost.
   */
  readonly onLogTail?: (bytes: number) => void;
  /** Told when the state of `StoreStatus` changes, and why. */
  readonly onState?: (state: string, reason: string) => void;
}

/** Why the directory cannot be opened, and what the operator can do. Both are one line. */
export interface StoreOpenError {
  readonly cause: 'locked' | 'unwritable' | 'schema' | 'damaged';
  readonly message: string;
  readonly remedy: string;
}
