import type { GonePin } from './pin-api.ts';
import type { StoreStatus } from './server-api.ts';

/** GET /api/store: how the embedded store does. Counters count from the start of the server. */
export interface StoreDetails {
  /** When this was true, by the server's clock. */
  readonly atUnixMs: number;
  readonly status: StoreStatus;
  readonly disk: DiskFigures;
  readonly retention: RetentionFigures;
  /** Oldest first. */
  readonly segments: readonly SegmentDetails[];
  readonly pins: PinFigures;
  readonly ingest: IngestFigures;
}

/** Copies of traces that retention does not reach, and the bytes that they take and may take. */
export interface PinFigures {
  readonly count: number;
  readonly usedBytes: number;
  readonly maxBytes: number;
}

export interface DiskFigures {
  readonly databaseBytes: number;
  readonly walBytes: number;
  readonly freeBytes: number;
  /** With less free space than this, new spans are refused. */
  readonly neededFreeBytes: number;
}

export interface RetentionFigures {
  readonly ageMs: number;
  readonly maxBytes: number | undefined;
  /** What retention dropped last, newest first. */
  readonly pruned: readonly PrunedSegment[];
}

/** `unknown`: dropped by a version that did not note why. */
export type PruneReason = 'age' | 'size' | 'unknown';

export interface PrunedSegment {
  readonly segment: number;
  readonly fromUnixNano: string;
  readonly toUnixNano: string;
  readonly spans: number;
  readonly atUnixMs: number;
  readonly reason: PruneReason;
}

export interface SegmentDetails {
  readonly id: number;
  readonly origin: 'live' | 'sample' | 'pinned';
  /** `damaged` ones are left out of queries. */
  readonly state: 'open' | 'closed' | 'compacted' | 'damaged';
  readonly openedUnixMs: number;
  readonly closedUnixMs: number | undefined;
  /** Times of its spans; undefined while none has one. */
  readonly fromUnixNano: string | undefined;
  readonly toUnixNano: string | undefined;
  readonly spans: number;
}

/** At every instant: spansReceived = spansCommitted + Σ spansRejected + spansDeduplicated. */
export interface IngestFigures {
  readonly sinceUnixMs: number;
  readonly spansReceived: number;
  readonly spansCommitted: number;
  readonly spansRejected: Readonly<Record<string, number>>;
  readonly spansDeduplicated: number;
  /** Identical copies that were left out of replies, at each read, and those that compaction dropped for good. */
  readonly copiesLeftOut: number;
  readonly copiesCompacted: number;
  /** Whole requests refused, by reason; their spans were not counted. */
  readonly requestsRefused: Readonly<Record<string, number>>;
  readonly queueBytes: number;
  readonly queueLimitBytes: number;
  readonly lastCommitUnixMs: number | undefined;
  /** Of the latest requests, from handing them over until they were on disk; undefined before the first. */
  readonly acknowledgement: LatencyFigures | undefined;
  readonly rate: RateFigures;
}

export interface LatencyFigures {
  /** So many requests. */
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Spans committed in steps of `stepMs`, oldest first; the last step is the latest whole one. */
export interface RateFigures {
  readonly stepMs: number;
  readonly spans: readonly number[];
}

/** GET /api/store/volume: where the bytes come from. */
export interface StoreVolume {
  readonly segments: readonly { readonly id: number; readonly diskBytes: number }[];
  /** The largest first. Exact: span messages as they were received, before compression. */
  readonly services: readonly ServiceVolume[];
  /** The largest first. */
  readonly attributes: readonly AttributeVolume[];
  /** `attributes` is estimated from so many of all spans; all of them: it is exact. */
  readonly sampledSpans: number;
  readonly spans: number;
}

export interface ServiceVolume {
  /** '' where the resource names none. */
  readonly service: string;
  readonly spans: number;
  readonly bytes: number;
}

export interface AttributeVolume {
  readonly scope: 'span' | 'event';
  readonly key: string;
  /** Keys and values as text, over all spans. */
  readonly bytes: number;
  /** How often it is set. */
  readonly count: number;
}

/** GET /api/selfcheck: the last one; POST runs one and answers when it has ended. */
export interface SelfCheckReport {
  readonly atUnixMs: number;
  /** `failed`: it could not be made. */
  readonly verdict: 'right' | 'late' | 'wrong' | 'failed';
  readonly steps: readonly SelfCheckStep[];
  /** Why it could not be made. */
  readonly error?: string;
}

export interface SelfCheckStep {
  /** 'write', 'read by id', 'search', 'metrics'. */
  readonly name: string;
  /** `late`: there, but only after two seconds. `absent`: the server has no such thing. */
  readonly state: 'right' | 'late' | 'missing' | 'wrong' | 'absent';
  /** What is missing or wrong, one sentence each. */
  readonly found: readonly string[];
  /** From the end of writing. */
  readonly ms: number;
}

export interface SelfCheckState {
  readonly isRunning: boolean;
  readonly last: SelfCheckReport | undefined;
}

/**
 * GET /api/trace-state/<trace id>?start&end (unix s, of when the trace ran): why it is there or is not.
 * `pruned`: retention dropped spans of that time. `arriving`: it ended a moment ago. `damaged`: a damaged segment covers it.
 */
export type TraceState =
  | { readonly state: 'stored'; readonly isPinned: boolean }
  | ({ readonly state: 'pruned'; readonly pruned: PrunedSegment } & AbsentTrace)
  | ({ readonly state: 'damaged' | 'arriving' | 'unknown' } & AbsentTrace);

/** What the store knows around a trace that it has not got. */
export interface AbsentTrace {
  readonly retentionMs: number;
  readonly oldestUnixNano: string | undefined;
  /** What retention dropped last, whatever its time. */
  readonly lastPruned: PrunedSegment | undefined;
  /** The last pin of the trace, if there was one and none is kept. */
  readonly lastPin: GonePin | undefined;
}

/** POST /api/backup: what was written into the folder `backup` of the data directory. */
export interface BackupFile {
  readonly name: string;
  readonly bytes: number;
}
