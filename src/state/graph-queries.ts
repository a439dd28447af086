import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { GraphPart } from '#domain/api/graph-api.ts';
import type { GraphReading, GraphRequest, GraphSource } from '#sources/graph-source.ts';
import type { TraceSource } from '#sources/trace-source.ts';

// Only asked of sources that have a graph. Answers are columns of numbers: never walked for structural sharing.

/** What calls what. While another range loads, the last graph stays in sight. Parts are in `useGraphPart`. */
export function graphQuery(source: TraceSource, request: GraphRequest) {
  return queryOptions({
    queryKey: ['service-graph', ...keyOf(source, request)],
    queryFn: ({ signal }) => {
      const key = partKey(source, request);
      const onPart = (reading: GraphReading): void => {
        if (!signal.aborted) notePart(key, reading);
      };
      return (source.graph as GraphSource).graph(request, { signal, onPart }).finally(() => notePart(key, undefined));
    },
    ...SETTLED,
    placeholderData: keepPreviousData,
  });
}

/** What an edge or a node is made of; only asked where `source.graph.calls` is there. */
export function callsQuery(source: TraceSource, request: GraphRequest, part: GraphPart) {
  return queryOptions({
    queryKey: ['service-graph-calls', ...keyOf(source, request), JSON.stringify(part)],
    queryFn: ({ signal }) => source.graph!.calls!(request, part, { signal }),
    ...SETTLED,
  });
}

const SETTLED = { structuralSharing: false, staleTime: Number.POSITIVE_INFINITY, gcTime: 120_000 } as const;

const parts = new Map<string, GraphReading>();
const listeners = new Set<() => void>();

/** What is known so far of a graph that is being put together; undefined before the first part, and when it is whole. */
export function useGraphPart(source: TraceSource, request: GraphRequest): GraphReading | undefined {
  const key = partKey(source, request);
  return useSyncExternalStore(subscribe, () => parts.get(key));
}

function notePart(key: string, reading: GraphReading | undefined): void {
  if (reading === undefined) parts.delete(key);
  else parts.set(key, reading);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function partKey(source: TraceSource, request: GraphRequest): string {
  return JSON.stringify(keyOf(source, request));
}

function keyOf(source: TraceSource, { query, compare, groupBy, startUnixNano, endUnixNano }: GraphRequest) {
  return [source.id, query, compare ?? '', groupBy, `${startUnixNano}-${endUnixNano}`] as const;
}
