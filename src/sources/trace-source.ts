import type { Ribbon } from '#domain/analysis/ribbon.ts';
import type {
  CellTraces,
  Difference,
  DifferenceBaseline,
  LatencyHeatmap,
  LatencyUnit,
  RedSeries,
} from '#domain/api/latency-api.ts';
import type { FacetCounts, FoundValues } from '#domain/api/server-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { SearchRequest, SearchResult, TagValue } from '#domain/search/trace-summary.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { GraphSource } from './graph-source.ts';

/** A back end that traces are read from. Every method rejects with a `SourceError` or, when aborted, with `AbortError`. */
export interface TraceSource {
  readonly id: string;
  readonly name: string;
  readonly capabilities: Capabilities;
  /** The whole trace. `onProgress` is called with bytes received and spans decoded so far. */
  trace(id: TraceId, options: TraceOptions): Promise<TraceTable>;
  /** The critical path of a trace cut into service colours; the trace itself is not kept. */
  ribbon(id: TraceId, options: { signal: AbortSignal }): Promise<Ribbon>;
  search(request: SearchRequest, options: { signal: AbortSignal }): Promise<SearchResult>;
  /** Attribute names per scope (`span`, `resource`, `event`, `link`, `instrumentation`, `intrinsic`, embedded: `baggage`). */
  tags(window: TimeWindow, options: { signal: AbortSignal }): Promise<readonly TagScope[]>;
  /** Values of a scoped tag (`span.http.route`, `resource.service.name`, `kind`), narrowed by the rest of the query. */
  tagValues(
    tag: string,
    query: string,
    window: TimeWindow,
    options: { signal: AbortSignal },
  ): Promise<readonly TagValue[]>;
  /** Matching traces in a range; undefined where the source cannot tell. */
  count?(request: SearchRequest, options: { signal: AbortSignal }): Promise<{ traces: number; spans: number }>;
  /** Traces per value of several fields; undefined where the source cannot tell. */
  facets?(request: FacetRequest, options: { signal: AbortSignal }): Promise<FacetCounts>;
  /** What calls what; undefined where the source cannot tell. */
  readonly graph?: GraphSource;
  /** The fields that hold a text; undefined where the source cannot tell. */
  findValue?(text: string, window: TimeWindow, options: { signal: AbortSignal }): Promise<FoundValues>;
  /** Counts by time and duration; undefined where the source cannot tell. */
  latencyHeatmap?(request: ColumnsRequest, options: { signal: AbortSignal }): Promise<LatencyHeatmap>;
  /** Rate, errors and durations over time; undefined where the source cannot tell. */
  redSeries?(request: ColumnsRequest, options: { signal: AbortSignal }): Promise<RedSeries>;
  /** Examples of what lies in a box of the heatmap; undefined where the source cannot tell. */
  cellTraces?(request: BoxRequest, options: { signal: AbortSignal }): Promise<CellTraces>;
  /** What sets a box apart; undefined where the source cannot tell. */
  difference?(request: DifferenceRequest, options: { signal: AbortSignal }): Promise<Difference>;
}

/** What latencies are asked of; the window without its end, to the ns where the source can. */
export interface LatencyRequest extends TimeWindow {
  /** TraceQL; `{}` for everything. */
  readonly query: string;
  readonly of: LatencyUnit;
}

export interface ColumnsRequest extends LatencyRequest {
  /** Of equal width, over the whole window. */
  readonly columns: number;
}

/**
 * Of the heatmap: [fromUnixNano, toUnixNano) × [minNs, maxNs); what is undefined is open. Rows and columns whole, so that
 * the numbers are those of the cells.
 */
export interface LatencyBox {
  readonly fromUnixNano: bigint | undefined;
  readonly toUnixNano: bigint | undefined;
  readonly minNs: number | undefined;
  readonly maxNs: number | undefined;
}

export interface BoxRequest extends LatencyRequest {
  readonly box: LatencyBox;
}

export interface DifferenceRequest extends BoxRequest {
  readonly baseline: DifferenceBaseline;
}

export interface FacetRequest extends TimeWindow {
  /** TraceQL; each field is counted without its own conditions. */
  readonly query: string;
  /** In TraceQL: `status`, `resource.service.name`, `baggage.tenant.id`. */
  readonly fields: readonly string[];
  /** Values per field. */
  readonly limit: number;
  /** Only values that contain this text; '' for all. */
  readonly find: string;
}

export interface TraceOptions {
  readonly signal: AbortSignal;
  readonly window?: TimeWindow;
  readonly onProgress?: (progress: { bytes: number; totalBytes: number | undefined; spans: number }) => void;
}

export interface TimeWindow {
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
}

export interface TagScope {
  readonly name: string;
  readonly tags: readonly string[];
}

/** What the source can do; what it cannot is greyed out, never silently empty. */
export interface Capabilities {
  /** Understands the `baggage.` scope; otherwise baggage filters are rewritten to span attributes. */
  readonly baggageScope: boolean;
  readonly count: boolean;
  /** Own endpoints: status, sample data, service slots. */
  readonly embedded: boolean;
}

export type SourceErrorKind =
  | 'not-found'
  | 'bad-query'
  | 'unreachable'
  | 'timeout'
  | 'server'
  | 'damaged'
  | 'too-large'
  | 'bad-config';

export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly kind: SourceErrorKind;
  /** Method, path, status and body excerpt, for the details box. */
  readonly detail: string;
  constructor(kind: SourceErrorKind, message: string, detail: string) {
    super(message);
    this.kind = kind;
    this.detail = detail;
  }
}
