import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import type { TraceId } from '#domain/ids.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { pinnedTraceQuery, traceQuery } from './queries.ts';
import { type Sources, sourceNamed, useSources } from './source-context.ts';
import type { UrlState, WindowMs } from './url/url-state.ts';
import { useUrl } from './url/use-url.ts';

export interface OpenTrace {
  readonly table: TraceTable | undefined;
  /** Why there is no table, or why the last refresh of one failed. */
  readonly error: unknown;
  /** While it is young. */
  readonly young: YoungTrace | undefined;
  readonly retry: () => void;
}

/** A trace whose spans may still be arriving: it is read again and again. Unix ms. */
export interface YoungTrace {
  /** When that was done last. */
  readonly readAtMs: number;
  /** When it ends, unless later spans arrive. */
  readonly untilMs: number;
}

/** Spans of a trace keep arriving for a while: it is read again while its newest end is younger than this. */
const YOUNG_MS = 30_000;
const REFRESH_MS = 5_000;

/**
 * The trace that the page shows: that of the source, or the copy of the pin in the link. A young one is refreshed; a refresh
 * that brought nothing new keeps the old table.
 */
export function useOpenTrace(id: TraceId, at: WindowMs | undefined): OpenTrace {
  const sources = useSources();
  const { src, pin } = useUrl();
  const query = useQuery({
    ...openTraceQuery(sources, id, { src, pin, at }),
    refetchInterval: ({ state: { data } }) => (pin === '' && data !== undefined && isYoung(data) ? REFRESH_MS : false),
  });
  const shown = useRef<TraceTable>(undefined);
  if (query.data === undefined || !sameSpans(shown.current, query.data)) shown.current = query.data;
  const table = shown.current;
  return {
    table,
    error: query.error,
    young:
      pin === '' && table !== undefined && isYoung(table)
        ? { readAtMs: query.dataUpdatedAt, untilMs: endMs(table) + YOUNG_MS }
        : undefined,
    retry: () => void query.refetch(),
  };
}

/** What tells one trace to be opened from another. */
export type TraceAddress = Pick<UrlState, 'page' | 'src' | 'pin' | 'at'>;

/** For what is about to open a trace: asks for it as `beginTrace` does. */
export function useBeginTrace(): (url: TraceAddress) => void {
  const queries = useQueryClient();
  const sources = useSources();
  return useCallback(url => beginTrace(queries, sources, url), [queries, sources]);
}

/** Asks for the trace of a link before its page is there. */
export function beginTrace(queries: QueryClient, sources: Sources, url: TraceAddress): void {
  if (url.page.name !== 'trace' || sources.all.length === 0) return;
  void queries.prefetchQuery<TraceTable, Error, TraceTable, string[]>(openTraceQuery(sources, url.page.traceId, url));
}

function openTraceQuery(sources: Sources, id: TraceId, { src, pin, at }: Pick<UrlState, 'src' | 'pin' | 'at'>) {
  if (pin !== '') return pinnedTraceQuery(sources.server, pin, id);
  const window = at && {
    startUnixNano: BigInt(at.startMs) * 1_000_000n,
    endUnixNano: BigInt(at.endMs) * 1_000_000n,
  };
  return traceQuery(sourceNamed(sources, src), id, window);
}

function isYoung(table: TraceTable): boolean {
  return Math.abs(Date.now() - endMs(table)) < YOUNG_MS;
}

function endMs({ baseUnixNano, durationNs }: TraceTable): number {
  return Number(baseUnixNano / 1_000_000n) + durationNs / 1e6;
}

/** Whether a later load of a trace says the same. Spans are only ever added. */
function sameSpans(before: TraceTable | undefined, after: TraceTable): boolean {
  return (
    before?.traceId === after.traceId && before.length === after.length && before.baseUnixNano === after.baseUnixNano
  );
}
