import { cellOfTraces, differenceOfTraces, heatmapOfTraces, redOfTraces } from '#domain/latency/of-traces.ts';
import { columnGrid } from '#domain/latency/time-columns.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { type LatencyBox, type LatencyRequest, SourceError, type TraceSource } from './trace-source.ts';

/** What a source answers about latencies. */
export type LatencySource = Required<Pick<TraceSource, 'latencyHeatmap' | 'redSeries' | 'cellTraces' | 'difference'>>;

const NEWEST = 500;

/** Latencies from the newest traces that a search finds, for sources that count nothing themselves. Always of traces. */
export function latencyOfSearch(search: TraceSource['search']): LatencySource {
  const newest = async (request: LatencyRequest, signal: AbortSignal): Promise<readonly TraceSummary[]> => {
    const { query, startUnixNano, endUnixNano } = request;
    return (await search({ query, startUnixNano, endUnixNano, limit: NEWEST }, { signal })).traces;
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

function coversOf(traces: readonly TraceSummary[]): string {
  if (traces.length < NEWEST) return `${traces.length} matching traces that were loaded, by their whole duration`;
  return `Only the newest ${NEWEST} matching traces, by their whole duration`;
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
