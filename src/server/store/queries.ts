import { facets } from '#server/facets/facets.ts';
import { findValue } from '#server/facets/find-value.ts';
import { graphCalls } from '#server/graph/query-calls.ts';
import { serviceGraph } from '#server/graph/query-graph.ts';
import { cellTraces } from '#server/latency/cell-traces.ts';
import { difference } from '#server/latency/difference.ts';
import { heatmap } from '#server/latency/heatmap.ts';
import { red } from '#server/latency/red.ts';
import { count } from '#server/tempo/count.ts';
import { queryMetrics } from '#server/tempo/metrics/query-metrics.ts';
import { search } from '#server/tempo/search.ts';
import { tagValues } from '#server/tempo/tag-values.ts';
import { tags } from '#server/tempo/tags.ts';
import type { QueryFunction } from './query-context.ts';
import { volume } from './read/volume.ts';

/** Every query the worker can run, by `QueryRequest.kind`. */
export const queries: Readonly<Record<string, QueryFunction>> = {
  search,
  count,
  tags,
  tagValues,
  facets,
  findValue,
  heatmap,
  red,
  cellTraces,
  difference,
  metrics: queryMetrics,
  volume,
  graphCalls,
  serviceGraph,
};
