import type { StoreStatus } from '#domain/api/server-api.ts';
import type { StoreDetails } from '#domain/api/store-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { DatabaseOptions } from './open/database.ts';
import type { PinRequest } from './pins/pin-requests.ts';
import type { QueryRequest } from './query-context.ts';
import type { TracePart } from './read/trace-parts.ts';
import type { TraceStateQuestion } from './read/trace-state.ts';
import type { IngestResult, QueryStopped, SegmentCompaction, StoreOpenError } from './store-types.ts';

/** `workerData` of the store worker. */
export interface WorkerSettings extends DatabaseOptions {
  readonly retentionMs: number;
  readonly baggageKeys: readonly string[];
  readonly minFreeDiskBytes: number;
  /** The oldest segments are dropped when the database holds more; undefined: only age counts. */
  readonly maxBytes?: number | undefined;
  /** What all pins together may take, as they are stored. Default 1 GiB. */
  readonly pinsMaxBytes?: number | undefined;
  /** Default true: closed segments are compacted. */
  readonly compaction?: boolean;
  /** Default 2,000,000: then the open segment is closed. */
  readonly maxSegmentSpans?: number;
}

export interface IngestRequest {
  readonly body: Uint8Array;
  readonly encoding: 'protobuf' | 'json';
  readonly sample: boolean;
  readonly shiftToEndAtUnixNano: bigint | undefined;
}

/** A request as it travels: `buffer` holds the body in its first `bytes` and comes back with the answer. */
export interface IngestMessage extends Omit<IngestRequest, 'body'> {
  readonly id: number;
  readonly buffer: ArrayBuffer;
  readonly bytes: number;
}

export interface IngestAnswer extends IngestOutcome {
  readonly id: number;
  readonly buffer: ArrayBuffer;
}

export type ToWorker =
  | { readonly type: 'ingest'; readonly requests: readonly IngestMessage[] }
  | { readonly type: 'trace'; readonly id: number; readonly traceId: TraceId }
  /** The trace, or how to ask for its parts. */
  | { readonly type: 'trace-or-plan'; readonly id: number; readonly traceId: TraceId }
  | { readonly type: 'trace-part'; readonly id: number; readonly part: TracePart }
  | { readonly type: 'query'; readonly id: number; readonly request: QueryRequest; readonly deadlineMs: number }
  | { readonly type: 'pins'; readonly id: number; readonly request: PinRequest }
  | { readonly type: 'trace-state'; readonly id: number; readonly question: TraceStateQuestion }
  | { readonly type: 'figures'; readonly id: number }
  | { readonly type: 'backup'; readonly id: number }
  | { readonly type: 'stop'; readonly id: number }
  | { readonly type: 'status'; readonly id: number }
  | { readonly type: 'remove-sample'; readonly id: number }
  | { readonly type: 'ready'; readonly id: number }
  | { readonly type: 'close'; readonly id: number };

export type FromWorker =
  | { readonly type: 'opened' }
  | { readonly type: 'refused'; readonly error: StoreOpenError }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'state'; readonly state: StoreStatus['state']; readonly reason: string }
  | { readonly type: 'ingested'; readonly answers: readonly IngestAnswer[] }
  | { readonly type: 'committed'; readonly seconds: number; readonly atUnixMs: number; readonly segments: number }
  | { readonly type: 'checkpointed'; readonly seconds: number }
  | { readonly type: 'compacted'; readonly compaction: SegmentCompaction }
  | { readonly type: 'deduped'; readonly spans: number }
  | { readonly type: 'log-tail'; readonly bytes: number }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'stopped'; readonly id: number; readonly reason: QueryStopped['reason'] }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };

/** Spans by reason. */
export type Reasons = Readonly<Record<string, number>>;

export interface IngestOutcome {
  readonly result: IngestResult;
  /** Spans refused. */
  readonly refusals: Reasons;
  /** Spans kept although something about them is odd. */
  readonly odd?: Reasons;
}

/** What the store's thread knows of `StoreDetails`. */
export type StoreFigures = Omit<StoreDetails, 'ingest'>;

/** What the worker tells of its own accord. */
export interface StoreEvents {
  notice(text: string): void;
  /** The state of `StoreStatus` is another one; `reason` is '' when all is well. */
  state(state: StoreStatus['state'], reason: string): void;
  committed(seconds: number, segments: number): void;
  checkpointed(seconds: number): void;
  compacted(compaction: SegmentCompaction): void;
  deduped(spans: number): void;
  /** So many bytes at the end of the write-ahead log belonged to no whole transaction and were left out. */
  logTail?(bytes: number): void;
}
