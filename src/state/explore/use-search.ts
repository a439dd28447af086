import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { SearchResult } from '#domain/search/trace-summary.ts';
import type { TimeWindow } from '#sources/trace-source.ts';
import { countQuery, searchQuery } from '#state/queries.ts';
import { useSource } from '#state/source-context.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { matchingCount } from './matching-count.ts';

/** Traces asked for at first, and the most that a list may grow to. */
const PAGE = 200;
const MOST = 6400;

export interface Search {
  /** The latest answer; after a failure the one before it. Undefined until the first. */
  readonly result: SearchResult | undefined;
  /** `result` answers another query, range or source than the one that is asked now. */
  readonly isOutdated: boolean;
  readonly isFetching: boolean;
  readonly error: Error | null;
  readonly answeredAtMs: number;
  /** Matching traces in the whole range, where the source knows. */
  readonly total: number | undefined;
  /** As `total`, without the part that the list is narrowed to. */
  readonly totalOfAll: number | undefined;
  /** Undefined when there is no more, or no more may be asked for. */
  readonly loadMore: (() => void) | undefined;
  /** The list has reached the most it may hold, and there is more. */
  readonly isCapped: boolean;
  readonly retry: () => void;
}

/** What a list is narrowed to: a query of its own and, open where undefined, times. */
export interface Part {
  readonly query: string;
  readonly fromUnixNano: bigint | undefined;
  readonly toUnixNano: bigint | undefined;
}

/**
 * The traces of a query in the URL's range, or of a part of them. `enabled` false asks nothing (a query that does not
 * parse).
 */
export function useSearch(query: string, enabled: boolean, part?: Part): Search {
  const source = useSource();
  const { startUnixNano, endUnixNano } = useResolvedRange();
  const whole = { query, startUnixNano, endUnixNano };
  const asked = part ? partOf(whole, part) : whole;
  const limit = useLimit(`${source.id} ${asked.query}`);
  const search = useQuery({ ...searchQuery(source, { ...asked, limit: limit.value }), enabled });
  const count = useQuery({
    ...countQuery(source, { ...whole, limit: limit.value }),
    ...(!enabled && { enabled: false }),
  });
  const last = useLastGood(source.id, search.isPlaceholderData ? undefined : search.data, search.dataUpdatedAt);

  const result = search.data ?? last.data;
  const isFull = !search.isPlaceholderData && (search.data?.traces.length ?? 0) >= limit.value;
  const listed = part || isFull || search.isPlaceholderData ? undefined : search.data;
  const counted = count.isPlaceholderData ? undefined : matchingCount(count.data?.traces, listed);
  const total = part ? undefined : (counted ?? result?.totalTraces);
  const isAll = total !== undefined && (result?.traces.length ?? 0) >= total;
  return {
    result,
    isOutdated: search.data === undefined || search.isPlaceholderData,
    isFetching: search.isFetching,
    error: search.error,
    answeredAtMs: search.data ? search.dataUpdatedAt : last.atMs,
    total,
    totalOfAll: counted ?? total,
    loadMore: isFull && !isAll && limit.value < MOST ? limit.double : undefined,
    isCapped: isFull && !isAll && limit.value >= MOST,
    retry: () => void search.refetch(),
  };
}

function partOf(whole: TimeWindow, { query, fromUnixNano, toUnixNano }: Part): TimeWindow & { readonly query: string } {
  const startUnixNano = fromUnixNano ?? whole.startUnixNano;
  const endUnixNano = toUnixNano ?? whole.endUnixNano;
  return { query, startUnixNano, endUnixNano };
}

/** How many traces to ask for; starts anew with another question, but not with another moment of the same. */
function useLimit(question: string): { value: number; double: () => void } {
  const [state, setState] = useState({ question, value: PAGE });
  const value = state.question === question ? state.value : PAGE;
  return { value, double: () => setState({ question, value: Math.min(MOST, value * 2) }) };
}

/** Keeps what was last answered, so that it stays readable while its successor fails. */
function useLastGood(
  sourceId: string,
  data: SearchResult | undefined,
  atMs: number,
): { data: SearchResult | undefined; atMs: number } {
  const last = useRef<{ sourceId: string; data: SearchResult; atMs: number }>(undefined);
  useEffect(() => {
    if (data) last.current = { sourceId, data, atMs };
  }, [sourceId, data, atMs]);
  const kept = last.current?.sourceId === sourceId ? last.current : undefined;
  return { data: data ?? kept?.data, atMs: data ? atMs : (kept?.atMs ?? 0) };
}
