import type { FileFormat, FileProblem } from '#decoding/file/decoded-file.ts';
import type { CellTraces, Difference, LatencyHeatmap, RedSeries } from '#domain/api/latency-api.ts';
import type { FacetCounts } from '#domain/api/server-api.ts';
import type { SearchRequest, SearchResult, TagValue, TraceSummary } from '#domain/search/trace-summary.ts';
import type { GraphReading, GraphRequest } from '#sources/graph-source.ts';
import type { LoadFailure, TraceReply, TraceRequest } from '#sources/trace-protocol.ts';
import type {
  BoxRequest,
  ColumnsRequest,
  DifferenceRequest,
  FacetRequest,
  TagScope,
  TimeWindow,
} from '#sources/trace-source.ts';

/**
 * What the page and the file worker say to each other: files to open and close, questions over all traces in them, and
 * the protocol of a trace worker for single traces. A file is answered by `opened` once, after any number of `reading`,
 * unless it was closed before; a question by `answer` or `refused`.
 */
export type FileRequest =
  | TraceRequest
  | { readonly type: 'settings'; readonly baggageKeys: readonly string[] }
  | { readonly type: 'open'; readonly file: number; readonly blob: Blob }
  | { readonly type: 'close'; readonly file: number }
  | ({ readonly type: 'question'; readonly question: number } & FileQuestion)
  | { readonly type: 'drop-question'; readonly question: number }
  /** Answered by `alive` as soon as the thread has a turn. */
  | { readonly type: 'ping' };

export type FileReply =
  | TraceReply
  | { readonly type: 'reading'; readonly file: number; readonly progress: FileProgress }
  | { readonly type: 'opened'; readonly file: number; readonly findings: FileFindings }
  | { readonly type: 'found'; readonly question: number; readonly answer: FileAnswers[keyof FileAnswers] }
  | { readonly type: 'refused'; readonly question: number; readonly failure: LoadFailure }
  | { readonly type: 'alive' };

export interface FileProgress {
  /** Bytes come from the disk, then what they say is worked out. */
  readonly stage: 'reading' | 'decoding';
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** What was in a file, and what was wrong with it. */
export interface FileFindings {
  /** Undefined if nothing was recognised. */
  readonly format: FileFormat | undefined;
  readonly isPacked: boolean;
  /** After unpacking. */
  readonly bytes: number;
  /** The first ones; `problemCount` counts all. */
  readonly problems: readonly FileProblem[];
  readonly problemCount: number;
  readonly traceCount: number;
  readonly spanCount: number;
  /** Of the traces that are in it; undefined if there are none. */
  readonly window: TimeWindow | undefined;
  /** The largest ones. */
  readonly traces: readonly TraceSummary[];
}

/** What is asked over all traces: the question's arguments. */
export interface FileQuestions {
  search: SearchRequest;
  count: SearchRequest;
  tags: TimeWindow;
  tagValues: TimeWindow & { readonly tag: string; readonly query: string };
  facets: FacetRequest;
  graph: GraphRequest;
  latencyHeatmap: ColumnsRequest;
  redSeries: ColumnsRequest;
  cellTraces: BoxRequest;
  difference: DifferenceRequest;
  /** Traces of a file as OTLP, from the `from`-th on, as many as fit into a request. */
  otlp: { readonly file: number; readonly from: number };
}

export interface FileAnswers {
  search: SearchResult;
  count: { traces: number; spans: number };
  tags: readonly TagScope[];
  tagValues: readonly TagValue[];
  facets: FacetCounts;
  graph: GraphReading;
  latencyHeatmap: LatencyHeatmap;
  redSeries: RedSeries;
  cellTraces: CellTraces;
  difference: Difference;
  otlp: OtlpBatch;
}

export interface OtlpBatch {
  /** A TracesData message. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Number of the first trace that is not in it; undefined when all have been given. */
  readonly next: number | undefined;
}

export type FileQuestion = {
  [About in keyof FileQuestions]: { readonly about: About; readonly args: FileQuestions[About] };
}[keyof FileQuestions];
