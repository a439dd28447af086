import { cellOfTraces, differenceOfTraces, heatmapOfTraces, redOfTraces } from '#domain/latency/of-traces.ts';
import { columnGrid } from '#domain/latency/time-columns.ts';
import type { SearchRequest, TraceSummary } from '#domain/search/trace-summary.ts';
import { type LatencyBox, type LatencyRequest, SourceError, type TraceSource } from './trace-source.ts';

/** What a source answers about latencies. */
export type LatencySource = Required<Pick<TraceSource, 'latencyHeatmap' | 'redSeries' | 'cellTraces' | 'difference'>>;

const NEWEST = 500;

/** The part of `TraceSource.search` that latencies are made of. */
type Search = (
  request: SearchRequest,
  options: { signal: AbortSignal },
) => Promise<{ readonly traces: readonly TraceSummary[] }>;

/**
 * Latencies from the newest traces that a search finds, `most` at most, for sources that count nothing themselves. Always
 * of traces.
 */
export function latencyOfSearch(search: Search, most = NEWEST): LatencySource {
  const coversOf = (traces: readonly TraceSummary[]): string =>
    traces.length < most
      ? `${traces.length} matching traces that were loaded, by their whole duration`
      : `Only the newest ${most} matching traces, by their whole duration`;
  const newest = async (request: LatencyRequest, signal: AbortSignal): Promise<readonly TraceSummary[]> => {
    const { query, startUnixNano, endUnixNano } = request;
    return (await search({ query, startUnixNano, endUnixNano, limit: most }, { signal })).traces;
  };
  return {
    async latencyHeatmap(request, { signal }) {
      const traces = await newest(request, signal);
      return heatmapOfTraces(traces, gridOf(request), coversOf(traces));
    },
    async redSeries(request, { signal }) {
      const traces = await newest(request, signal);
      return redOfTraces(traces, gridOf(request), coversOf(traces));
    },
    async cellTraces(request, { signal }) {
      const traces = await newest(request, signal);
      const inBox = traces.filter(trace => lies(trace, request.box));
      return cellOfTraces(inBox, coversOf(traces));
    },
    async difference(request, { signal }) {
      if (request.baseline !== 'rest') throw onlyTheRest();
      const traces = await newest(request, signal);
      const [selection, rest] = [true, false].map(inBox => traces.filter(trace => lies(trace, request.box) === inBox));
      return differenceOfTraces(selection, rest, `${coversOf(traces)}, by root, services and errors`);
    },
  };
}

/** A baseline that a source cannot answer. */
export function onlyTheRest(): SourceError {
  return new SourceError('bad-query', 'This source compares with the rest of the query only', 'baseline');
}

function gridOf({ startUnixNano, endUnixNano, columns }: LatencyRequest & { readonly columns: number }) {
  return columnGrid(startUnixNano, endUnixNano, columns);
}

function lies({ startUnixNano, durationNs }: TraceSummary, box: LatencyBox): boolean {
  return (
    (box.fromUnixNano === undefined || startUnixNano >= box.fromUnixNano) &&
    (box.toUnixNano === undefined || startUnixNano < box.toUnixNano) &&
    (box.minNs === undefined || durationNs >= box.minNs) &&
    (box.maxNs === undefined || durationNs < box.maxNs)
  );
}
