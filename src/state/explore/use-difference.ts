import { useQuery } from '@tanstack/react-query';
import type { CellTraces } from '#domain/api/latency-api.ts';
import { cellTracesQuery, differenceQuery } from '#state/latency-queries.ts';
import { useSource } from '#state/source-context.ts';
import type { LatencyBox } from '#state/url/url-state.ts';
import { useUrl } from '#state/url/use-url.ts';
import { useCalmWindow } from './use-calm-window.ts';

/** What sets a box apart from the URL's baseline; `canTell` is false where the source does not compare. */
export function useDifference(query: string, box: LatencyBox) {
  const source = useSource();
  const { of, vs } = useUrl();
  const request = { query, of, box, baseline: vs, ...useCalmWindow() };
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    ...differenceQuery(source, request),
    enabled: source.difference !== undefined,
  });
  return {
    difference: data,
    error,
    isFetching,
    isOutdated: isPlaceholderData,
    canTell: source.difference !== undefined,
    retry: () => void refetch(),
  };
}

/** The slowest, the median and the newest trace of a box; undefined until known, or where the source cannot tell. */
export function useCellTraces(query: string, box: LatencyBox | undefined): CellTraces | undefined {
  const source = useSource();
  const { of } = useUrl();
  const request = { query, of, box: box ?? EVERYWHERE, ...useCalmWindow() };
  const isAsked = box !== undefined && source.cellTraces !== undefined;
  const { data } = useQuery({ ...cellTracesQuery(source, request), enabled: isAsked });
  return isAsked ? data : undefined;
}

const EVERYWHERE: LatencyBox = { fromUnixNano: undefined, toUnixNano: undefined, minNs: undefined, maxNs: undefined };
