import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  BoxRequest,
  ColumnsRequest,
  DifferenceRequest,
  LatencyBox,
  LatencyRequest,
  TraceSource,
} from '#sources/trace-source.ts';

// Only asked of sources that can tell. Answers are columns of numbers: never walked for structural sharing.

/** Counts by time and duration. While the next one loads, the last stays in sight. */
export function heatmapQuery(source: TraceSource, request: ColumnsRequest) {
  return queryOptions({
    queryKey: ['heatmap', source.id, ...keyOf(request), request.columns],
    queryFn: ({ signal }) => source.latencyHeatmap!(request, { signal }),
    ...SETTLED,
    placeholderData: keepPreviousData,
  });
}

/** Rate, errors, durations over time. */
export function redQuery(source: TraceSource, request: ColumnsRequest) {
  return queryOptions({
    queryKey: ['red', source.id, ...keyOf(request), request.columns],
    queryFn: ({ signal }) => source.redSeries!(request, { signal }),
    ...SETTLED,
    placeholderData: keepPreviousData,
  });
}

/** The slowest, the median and the newest of a box. */
export function cellTracesQuery(source: TraceSource, request: BoxRequest) {
  return queryOptions({
    queryKey: ['cell-traces', source.id, ...keyOf(request), boxKey(request.box)],
    queryFn: ({ signal }) => source.cellTraces!(request, { signal }),
    ...SETTLED,
  });
}

/** What sets a box apart. */
export function differenceQuery(source: TraceSource, request: DifferenceRequest) {
  return queryOptions({
    queryKey: ['difference', source.id, ...keyOf(request), boxKey(request.box), request.baseline],
    queryFn: ({ signal }) => source.difference!(request, { signal }),
    ...SETTLED,
    placeholderData: keepPreviousData,
  });
}

const SETTLED = { structuralSharing: false, staleTime: Number.POSITIVE_INFINITY, gcTime: 120_000 } as const;

function keyOf({ query, of, startUnixNano, endUnixNano }: LatencyRequest): readonly string[] {
  return [query, of, `${startUnixNano}-${endUnixNano}`];
}

function boxKey({ fromUnixNano, toUnixNano, minNs, maxNs }: LatencyBox): string {
  return [fromUnixNano, toUnixNano, minNs, maxNs].map(bound => bound ?? '').join('~');
}
