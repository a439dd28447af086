import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { TraceId } from '#domain/ids.ts';
import type { SearchRequest } from '#domain/search/trace-summary.ts';
import type { ServerApi } from '#sources/server-api-client.ts';
import { type FacetRequest, SourceError, type TimeWindow, type TraceSource } from '#sources/trace-source.ts';
import { createLimiter } from './limiter.ts';
import { reportProgress, type TraceProgress } from './trace-progress.ts';

// Keys are functions of URL state: nothing is fetched that a link could not reproduce. bigint times stand in keys as
// decimal strings, because keys are hashed as JSON.

/** The open trace. Tables are columns over large buffers: never walked for structural sharing, kept as long as shown. */
export function traceQuery(source: TraceSource, id: TraceId, window?: TimeWindow) {
  return queryOptions({
    queryKey: ['trace', source.id, id, keyOf(window)],
    queryFn: ({ signal }) => {
      const onProgress = (progress: TraceProgress): void => reportProgress(id, progress);
      return source
        .trace(id, { signal, onProgress, ...(window && { window }) })
        .finally(() => reportProgress(id, undefined));
    },
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** The copy of a trace that a pin keeps: it never changes. */
export function pinnedTraceQuery(server: ServerApi, pin: string, id: TraceId) {
  return queryOptions({
    queryKey: ['pinned-trace', pin, id],
    queryFn: ({ signal }) => {
      const onProgress = (progress: TraceProgress): void => reportProgress(id, progress);
      return server.pinnedTrace(pin, id, { signal, onProgress }).finally(() => reportProgress(id, undefined));
    },
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** A page of results. While a longer page or the next refresh loads, the last answer stays readable. */
export function searchQuery(source: TraceSource, request: SearchRequest) {
  return queryOptions({
    queryKey: ['search', source.id, request.query, keyOf(request), request.limit],
    queryFn: ({ signal }) => source.search(request, { signal }),
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 120_000,
    placeholderData: keepPreviousData,
  });
}

/** How many traces match in the whole range; only asked of sources that can tell. */
export function countQuery(source: TraceSource, request: SearchRequest) {
  return queryOptions({
    queryKey: ['count', source.id, request.query, keyOf(request)],
    queryFn: ({ signal }) => source.count!(request, { signal }),
    enabled: source.capabilities.count && source.count !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

export function tagsQuery(source: TraceSource, window: TimeWindow) {
  return queryOptions({
    queryKey: ['tags', source.id, keyOf(window)],
    queryFn: ({ signal }) => source.tags(window, { signal }),
    structuralSharing: false,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
}

/** Values of a scoped tag among the spans that match `query`. */
export function tagValuesQuery(source: TraceSource, tag: string, query: string, window: TimeWindow) {
  return queryOptions({
    queryKey: ['tag-values', source.id, tag, query, keyOf(window)],
    queryFn: ({ signal }) => source.tagValues(tag, query, window, { signal }),
    structuralSharing: false,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
}

/** Traces per value of several fields; only asked of sources that can tell. */
export function facetsQuery(source: TraceSource, request: FacetRequest) {
  const { query, fields, limit, find } = request;
  return queryOptions({
    queryKey: ['facets', source.id, query, fields, limit, find, keyOf(request)],
    queryFn: ({ signal }) => source.facets!(request, { signal }),
    structuralSharing: false,
    staleTime: 30_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** The fields that hold a text; only asked of sources that can tell. */
export function findValueQuery(source: TraceSource, text: string, window: TimeWindow) {
  return queryOptions({
    queryKey: ['find-value', source.id, text, keyOf(window)],
    queryFn: ({ signal }) => source.findValue!(text, window, { signal }),
    structuralSharing: false,
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
  });
}

const ribbonSlots = createLimiter(4);

/** The shape of one trace for a result row. A trace that has grown (`spanCount`) is read again. */
export function ribbonQuery(source: TraceSource, id: TraceId, spanCount: number) {
  return queryOptions({
    queryKey: ['ribbon', source.id, id, spanCount],
    queryFn: ({ signal }) => ribbonSlots(() => source.ribbon(id, { signal }), signal),
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 600_000,
    retry: false,
  });
}

export function statusQuery(server: ServerApi) {
  return queryOptions({ queryKey: ['status'], queryFn: ({ signal }) => server.status({ signal }), staleTime: 10_000 });
}

/** How the embedded store does, and where its bytes come from; the second is dearer. */
export function storeQuery(server: ServerApi) {
  return queryOptions({ queryKey: ['store'], queryFn: ({ signal }) => server.store({ signal }) });
}

export function storeVolumeQuery(server: ServerApi) {
  return queryOptions({
    queryKey: ['store-volume'],
    queryFn: ({ signal }) => server.storeVolume({ signal }),
    staleTime: 60_000,
  });
}

export function selfCheckQuery(server: ServerApi) {
  return queryOptions({ queryKey: ['self-check'], queryFn: ({ signal }) => server.selfCheck({ signal }) });
}

/** Pins whose note, names or ids contain `find`; of one trace, if it is named. */
export function pinsQuery(server: ServerApi, filter: { find: string; traceId?: TraceId } = { find: '' }) {
  const { find, traceId = '' } = filter;
  return queryOptions({
    queryKey: ['pins', 'list', find, traceId],
    queryFn: ({ signal }) => server.pins(filter, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** One pin, or why it is gone. */
export function pinQuery(server: ServerApi, id: string) {
  return queryOptions({ queryKey: ['pins', 'one', id], queryFn: ({ signal }) => server.pin(id, { signal }) });
}

/** The state that a link names; it never changes. */
export function storedStateQuery(server: ServerApi, id: string) {
  return queryOptions({
    queryKey: ['state', id],
    queryFn: ({ signal }) => server.storedState(id, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Why the embedded store has not got a trace. */
export function traceStateQuery(server: ServerApi, id: TraceId, window: TimeWindow | undefined) {
  return queryOptions({
    queryKey: ['trace-state', id, keyOf(window)],
    queryFn: ({ signal }) => server.traceState(id, window, { signal }),
  });
}

/** What the page is configured with, by the server or, in the static form, by a file. */
export function configQuery({ config }: Pick<ServerApi, 'config'>) {
  return queryOptions({
    queryKey: ['config'],
    queryFn: ({ signal }) => config({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Whether asking again may help: not after an answer that says the question is wrong. */
export function isWorthRetrying(failures: number, error: unknown): boolean {
  if (failures >= 2) return false;
  return error instanceof SourceError && (error.kind === 'unreachable' || error.kind === 'timeout');
}

function keyOf(window: TimeWindow | undefined): string {
  return window ? `${window.startUnixNano}-${window.endUnixNano}` : '';
}
