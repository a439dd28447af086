import { useQuery } from '@tanstack/react-query';
import type { LatencyHeatmap, RedSeries } from '#domain/api/latency-api.ts';
import type { ColumnsRequest, TimeWindow } from '#sources/trace-source.ts';
import { heatmapQuery, redQuery } from '#state/latency-queries.ts';
import { useSource } from '#state/source-context.ts';
import { useUrl } from '#state/url/use-url.ts';
import { type ResolvedRange, useResolvedRange } from '#state/use-resolved-range.ts';

export const LIVE_MS = 5_000;

export interface Latency {
  /** The last answer; undefined until the first, or where the source cannot tell. */
  readonly heatmap: LatencyHeatmap | undefined;
  readonly red: RedSeries | undefined;
  readonly canTell: boolean;
  /** What is shown answers another question than the one asked now. */
  readonly isOutdated: boolean;
  readonly isFetching: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** Durations over time of a query in the URL's range. `columns` undefined asks nothing yet. */
export function useLatency(query: string, columns: number | undefined, enabled: boolean): Latency {
  const source = useSource();
  const { live } = useUrl();
  const request = { query, ...useColumns(columns ?? 1) };
  const isAsked = enabled && columns !== undefined;
  const options = { refetchInterval: live && LIVE_MS } as const;
  const heatmap = useQuery({
    ...heatmapQuery(source, request),
    ...options,
    enabled: isAsked && source.latencyHeatmap !== undefined,
  });
  const red = useQuery({
    ...redQuery(source, request),
    ...options,
    enabled: isAsked && source.redSeries !== undefined,
  });
  return {
    heatmap: heatmap.data,
    red: red.data,
    canTell: source.latencyHeatmap !== undefined,
    isOutdated: heatmap.isPlaceholderData || red.isPlaceholderData,
    isFetching: heatmap.isFetching || red.isFetching,
    error: heatmap.error ?? red.error,
    retry: () => {
      void heatmap.refetch();
      void red.refetch();
    },
  };
}

/** Columns over the URL's range, and what is counted in them. */
export function useColumns(columns: number): Omit<ColumnsRequest, 'query'> {
  const { of, live } = useUrl();
  const range = useResolvedRange();
  return { of, columns, ...(live ? steadyWindow(range, columns) : windowOf(range)) };
}

function windowOf({ startUnixNano, endUnixNano }: ResolvedRange): TimeWindow {
  return { startUnixNano, endUnixNano };
}

/**
 * A window around the range whose columns begin at whole multiples of their width: while time goes on, spans stay in the
 * column they were drawn in, and the same question is asked until a column is full.
 */
export function steadyWindow({ startUnixNano, endUnixNano }: TimeWindow, columns: number): TimeWindow {
  const step = (endUnixNano - startUnixNano) / BigInt(columns) || 1n;
  const last = (endUnixNano + step - 1n) / step;
  return { startUnixNano: (last - BigInt(columns)) * step, endUnixNano: last * step };
}
