import type { TraceFileRequest } from '#decoding/export/file-pieces.ts';
import type { CriticalPath, PathColumns } from '#domain/analysis/critical-path.ts';
import type { PreparedMessage } from '#domain/analysis/prepared-trace.ts';
import type { Ribbon } from '#domain/analysis/ribbon.ts';
import type { TraceId } from '#domain/ids.ts';
import type { AttributeColumn, SpanDetail, SpanTerm, WordHits } from '#domain/trace/span-details.ts';
import type { TableMessage } from '#domain/trace/transfer-table.ts';
import type { SourceErrorKind } from './trace-source.ts';

/**
 * What the page and a trace worker say to each other. A task is one trace: `load`, answered by `table`, `ribbon` or
 * `failed`, once, after any number of `progress`. A task that became a table goes on to answer `ask`s about its rows
 * until it is released.
 */
export type TraceRequest =
  /** Somebody is about to open a trace: to be ready for it is all there is to do. Not answered. */
  | { readonly type: 'warm-up' }
  | ({ readonly type: 'load'; readonly task: number } & LoadRequest)
  | ({ readonly type: 'ask'; readonly task: number; readonly call: number } & Question)
  /** Gives up a call that has not been answered yet: a file that is being made. */
  | { readonly type: 'stop'; readonly call: number }
  /** Cancels a task, or frees what its table holds. */
  | { readonly type: 'release'; readonly task: number };

/** Which trace to read, and how to ask for it. */
export interface LoadRequest {
  readonly traceId: TraceId;
  readonly as: 'table' | 'ribbon';
  /** For messages: what the user calls the source. */
  readonly sourceName: string;
  /** Which Tempo to ask; undefined where the worker holds the traces itself. */
  readonly tempo: TempoPlace | undefined;
}

export interface TempoPlace {
  /** Path of a copy as OTLP protobuf, which is read in place of the source's. */
  readonly copy?: string;
  /** Path of the Tempo API, without a trailing slash. */
  readonly root: string;
  /** Query string with the time window, '' for none. */
  readonly params: string;
  /** Tempo before 2.7 knows only version 1 of trace by id. */
  readonly tryVersion1: boolean;
  /** Longest silence, before the answer and between its pieces. */
  readonly silenceMs: number;
}

export type Question =
  | { readonly about: 'span'; readonly row: number }
  | { readonly about: 'rawJson'; readonly row: number }
  | { readonly about: 'otlp' }
  /** Answered after any number of `written`. */
  | { readonly about: 'file'; readonly request: TraceFileRequest }
  | { readonly about: 'column'; readonly key: string }
  | { readonly about: 'match'; readonly terms: readonly SpanTerm[] }
  | { readonly about: 'words'; readonly terms: readonly SpanTerm[] }
  /** Answered once: what it is made of is let go then. With columns of their own, such as those of adjusted clocks, always. */
  | { readonly about: 'path'; readonly columns?: PathColumns };

export interface Answers {
  readonly span: SpanDetail;
  readonly rawJson: string;
  readonly otlp: Uint8Array;
  readonly file: Blob;
  readonly column: AttributeColumn;
  readonly match: readonly Uint8Array[];
  readonly words: readonly WordHits[];
  readonly path: CriticalPath;
}

export interface LoadProgress {
  readonly bytes: number;
  readonly totalBytes: number | undefined;
  readonly spans: number;
}

/** When a load reached what, in unix ms: threads do not share the zero of `performance.now()`. */
export interface LoadTimes {
  readonly startMs: number;
  /** The last byte. */
  readonly fetchedMs: number;
  readonly decodedMs: number;
  /** Columns for the first rows, worked out from the table. */
  readonly preparedMs: number;
  readonly bytes: number;
}

export type TraceReply =
  | { readonly type: 'progress'; readonly task: number; readonly progress: LoadProgress }
  | {
      readonly type: 'table';
      readonly task: number;
      readonly table: TableMessage;
      readonly prepared: PreparedMessage;
      readonly times: LoadTimes;
    }
  | { readonly type: 'ribbon'; readonly task: number; readonly ribbon: Ribbon }
  | { readonly type: 'failed'; readonly task: number; readonly failure: LoadFailure }
  /** How many spans of a file are written. */
  | { readonly type: 'written'; readonly call: number; readonly spans: number }
  | { readonly type: 'answer'; readonly call: number; readonly answer: Answers[Question['about']] }
  | { readonly type: 'unanswered'; readonly call: number; readonly message: string };

/** A `SourceError` on its way between threads. */
export interface LoadFailure {
  readonly kind: SourceErrorKind;
  readonly message: string;
  readonly detail: string;
}
