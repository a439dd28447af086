import type { TraceId } from '#domain/ids.ts';

/** One row of a result list: numbers are those of the whole trace, not of the matching spans. */
export interface TraceSummary {
  readonly traceId: TraceId;
  /** '' when no root was received. */
  readonly rootServiceName: string;
  readonly rootName: string;
  readonly startUnixNano: bigint;
  readonly durationNs: number;
  /** Per service, by falling span count. */
  readonly services: readonly { readonly name: string; readonly spanCount: number; readonly errorCount: number }[];
  readonly spanCount: number;
  readonly errorCount: number;
  /** Spans that match the query; undefined where the source does not tell. */
  readonly matchedSpans: number | undefined;
}

/** The order of `TraceSummary.services`. */
export function byServiceSize(a: TraceSummary['services'][number], b: TraceSummary['services'][number]): number {
  return b.spanCount - a.spanCount || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

export interface SearchRequest {
  /** TraceQL; `{}` for everything. */
  readonly query: string;
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
  readonly limit: number;
}

export interface SearchResult {
  /** Newest first. */
  readonly traces: readonly TraceSummary[];
  /** Matching traces in the whole range, where the source knows. */
  readonly totalTraces: number | undefined;
  /** Set when only part of the range was searched; a sentence for the reader. */
  readonly partial: string | undefined;
}

export interface TagValue {
  readonly type: 'string' | 'int' | 'float' | 'bool' | 'duration' | 'keyword';
  readonly value: string;
}
