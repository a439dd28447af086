import { decodeSearch } from '#decoding/tempo/search.ts';
import { decodeTags, decodeTagValues } from '#decoding/tempo/tags.ts';
import type { FacetCounts, FoundValues, SearchCount, SourceConfig } from '#domain/api/server-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { SearchRequest } from '#domain/search/trace-summary.ts';
import { baggageTest } from '#domain/trace/baggage.ts';
import { sharedTraceClients, type TraceClients } from '#sources/trace-clients.ts';
import type { LoadRequest } from '#sources/trace-protocol.ts';
import type { FacetRequest, TagScope, TimeWindow, TraceSource } from '#sources/trace-source.ts';
import { embeddedGraph } from './embedded-graph.ts';
import { embeddedLatency } from './embedded-latency.ts';
import { getJson, type HttpOptions } from './http.ts';
import { graphOnDemand, latencyOnDemand } from './on-demand.ts';

export interface TempoSourceOptions {
  readonly config: SourceConfig;
  /** Path that the page is served under, with a trailing slash. */
  readonly base: string;
  /** Keys that count as baggage. A source that is not embedded is asked for them as span attributes. */
  readonly baggageKeys: readonly string[];
  /** Called when work begins; what it returns, when the work is done. */
  readonly onWork: () => () => void;
  readonly clients?: TraceClients;
  readonly fetch?: typeof globalThis.fetch;
  /** Longest silence of the source before it counts as a timeout. */
  readonly silenceMs?: number;
}

/** A back end that speaks Tempo's HTTP API: the embedded store, or a Tempo behind the server's proxy. */
export function createTempoSource(options: TempoSourceOptions): TraceSource {
  const { config, base, onWork, silenceMs = 30_000, clients = sharedTraceClients() } = options;
  const { embedded } = config;
  const root = `${base}${config.tempoPath}`;
  const fetch: typeof globalThis.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
  const http = (signal: AbortSignal): HttpOptions => ({ sourceName: config.name, signal, silenceMs, fetch });
  const json = (path: string, signal: AbortSignal) => getJson(`${root}${path}`, http(signal));
  const load = (traceId: TraceId, window?: TimeWindow): Omit<LoadRequest, 'as'> => {
    const params = window === undefined ? '' : `?${windowParams(window)}`;
    const tempo = { root, params, tryVersion1: !embedded, silenceMs };
    return { traceId, sourceName: config.name, tempo };
  };
  const working = <T>(work: Promise<T>): Promise<T> => work.finally(onWork());

  const search: TraceSource['search'] = async (request, { signal }) => {
    const params = searchParams(request, embedded ? request.query : await tempoQuery(request.query));
    params.set('limit', String(request.limit));
    params.set('spss', '1');
    return decodeSearch(await json(`/api/search?${params}`, signal));
  };

  return {
    id: config.id,
    name: config.name,
    capabilities: { baggageScope: embedded, count: embedded, embedded },

    trace: (id, { signal, window, onProgress }) =>
      working(clients.traces.table(load(id, window), { signal, onProgress })),

    ribbon: (id, { signal }) => working(clients.ribbons.ribbon(load(id), { signal })),

    search,

    async tags(window, { signal }) {
      const path = `/api/v2/search/tags?${windowParams(window)}`;
      if (!embedded) return withBaggage(decodeTags(await json(path, signal)), options.baggageKeys);
      // Tempo's clients do not know the baggage scope, so it has to be asked for.
      const replies = await Promise.all([json(path, signal), json(`${path}&scope=baggage`, signal)]);
      return replies.flatMap(decodeTags);
    },

    async tagValues(tag, query, window, { signal }) {
      const params = windowParams(window);
      if (query !== '') params.set('q', embedded ? query : await rewritten(query));
      const known = encodeURIComponent(embedded ? tag : tag.replace(/^baggage\./, 'span.'));
      return decodeTagValues(await json(`/api/v2/search/tag/${known}/values?${params}`, signal));
    },

    graph: embedded ? embeddedGraph((path, signal) => getJson(`${base}${path}`, http(signal))) : graphOnDemand(json),

    ...(embedded
      ? embeddedLatency((path, signal) => getJson(`${base}${path}`, http(signal)))
      : latencyOnDemand(json, search)),

    ...(embedded && {
      async count(request: SearchRequest, { signal }: { signal: AbortSignal }) {
        const params = searchParams(request, request.query);
        return (await getJson(`${base}api/search/count?${params}`, http(signal))) as SearchCount;
      },
      async facets({ query, fields, limit, find, ...window }: FacetRequest, { signal }: { signal: AbortSignal }) {
        const params = windowParams(window);
        params.set('q', query);
        params.set('fields', fields.join(','));
        params.set('limit', String(limit));
        if (find !== '') params.set('find', find);
        return (await getJson(`${base}api/facets?${params}`, http(signal))) as FacetCounts;
      },
      async findValue(text: string, window: TimeWindow, { signal }: { signal: AbortSignal }) {
        const params = windowParams(window);
        params.set('text', text);
        return (await getJson(`${base}api/find-value?${params}`, http(signal))) as FoundValues;
      },
    }),
  };
}

/** Starts the worker that reads traces before anybody asks: while the configuration and the page's code are fetched. */
export function warmTraceWorker(): void {
  sharedTraceClients().traces.warm();
}

/** Has it read a made-up trace, for a reader who has not opened one yet. */
export function warmUpTraceWorker(): void {
  sharedTraceClients().traces.warmUp();
}

/** Plain Tempo stops at the first matches it meets unless it is told to look for the newest. */
async function tempoQuery(query: string): Promise<string> {
  const asked = await rewritten(query);
  return /\bwith\s*\(/.test(asked) ? asked : `${asked} with (most_recent=true)`;
}

/** Fetched when first needed: parser and printer are no part of the page's first script. */
async function rewritten(query: string): Promise<string> {
  const { rewriteForTempo } = await import('#domain/search/rewrite-for-tempo.ts');
  return rewriteForTempo(query).query;
}

function searchParams(request: SearchRequest, query: string): URLSearchParams {
  const params = windowParams(request);
  params.set('q', query);
  return params;
}

/** Whole unix seconds around the window: Tempo takes no finer ones. */
function windowParams({ startUnixNano, endUnixNano }: TimeWindow): URLSearchParams {
  const start = startUnixNano / NS_PER_S;
  const end = (endUnixNano + NS_PER_S - 1n) / NS_PER_S;
  return new URLSearchParams({ start: String(start), end: String(end) });
}

const NS_PER_S = 1_000_000_000n;

/** Plain Tempo knows no baggage: span attributes whose keys count as baggage are offered as such too. */
function withBaggage(scopes: readonly TagScope[], baggageKeys: readonly string[]): readonly TagScope[] {
  const isBaggage = baggageTest(baggageKeys);
  const tags = scopes.find(scope => scope.name === 'span')?.tags.filter(isBaggage) ?? [];
  return tags.length === 0 ? scopes : [...scopes, { name: 'baggage', tags }];
}
