import type { GraphSource } from '#sources/graph-source.ts';
import type { LatencySource } from '#sources/latency-of-search.ts';
import type { TraceSource } from '#sources/trace-source.ts';

// What only a Tempo that is not embedded needs is no part of the page's first script: it is fetched when first asked.

/** GETs a path of Tempo's API as JSON. */
type GetJson = (path: string, signal: AbortSignal) => Promise<unknown>;

/** `tempoLatency`, when asked. */
export function latencyOnDemand(json: GetJson, search: TraceSource['search']): LatencySource {
  const latency = async () => (await import('./tempo-latency.ts')).tempoLatency(json, search);
  return {
    latencyHeatmap: async (request, options) => (await latency()).latencyHeatmap(request, options),
    redSeries: async (request, options) => (await latency()).redSeries(request, options),
    cellTraces: async (request, options) => (await latency()).cellTraces(request, options),
    difference: async (request, options) => (await latency()).difference(request, options),
  };
}

/** `tempoGraph`, when asked. */
export function graphOnDemand(json: GetJson): GraphSource {
  return {
    capabilities: { compare: false, groupBy: false, query: false },
    graph: async (request, options) => (await import('./tempo-graph.ts')).tempoGraph(json).graph(request, options),
  };
}
