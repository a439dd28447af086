import { useQueries } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { LatencyHeatmap } from '#domain/api/latency-api.ts';
import { heatmapQuery } from '#state/latency-queries.ts';
import { useSource } from '#state/source-context.ts';
import { useUrl } from '#state/url/use-url.ts';
import { LIVE_MS, useColumns } from './use-latency.ts';

export interface Heatmaps {
  /** One per query, in their order; undefined until first known. */
  readonly heatmaps: readonly (LatencyHeatmap | undefined)[];
  readonly isFetching: boolean;
  /** Some answer another range than the one asked now. */
  readonly isOutdated: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** Counts by time and duration of several queries in the URL's range, over the same columns. */
export function useHeatmaps(queries: readonly string[], columns: number): Heatmaps {
  const source = useSource();
  const { live } = useUrl();
  const request = useColumns(columns);
  const answers = useQueries({
    queries: queries.map(query => {
      // Kept by query below: in a list, what was in the same place before may be of another value.
      const { placeholderData: _, ...options } = heatmapQuery(source, { query, ...request });
      return { ...options, refetchInterval: live && LIVE_MS };
    }),
  });
  const kept = useRef<ReadonlyMap<string, LatencyHeatmap>>(new Map());
  const keyOf = (query: string) => [source.id, request.of, query].join(' ');
  const heatmaps = queries.map((query, i) => answers[i]?.data ?? kept.current.get(keyOf(query)));
  useEffect(() => {
    kept.current = new Map(heatmaps.flatMap((heatmap, i) => (heatmap ? [[keyOf(queries[i]!), heatmap] as const] : [])));
  });
  return {
    heatmaps,
    isFetching: answers.some(({ isFetching }) => isFetching),
    isOutdated: answers.some(({ data }, i) => data === undefined && heatmaps[i] !== undefined),
    error: answers.find(({ error }) => error)?.error ?? null,
    retry: () => {
      for (const { error, refetch } of answers) if (error) void refetch();
    },
  };
}
