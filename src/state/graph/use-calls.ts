import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { CallsAnswer, GraphPart } from '#domain/api/graph-api.ts';
import { type PartContext, queryOfPartWithin } from '#domain/graph/edge-query.ts';
import type { ServiceGraph } from '#domain/graph/service-graph.ts';
import type { GraphRequest } from '#sources/graph-source.ts';
import { useTags } from '#state/explore/use-tags.ts';
import { callsQuery } from '#state/graph-queries.ts';
import { useSource } from '#state/source-context.ts';

export interface CallsState {
  /** Undefined while it is read, and where the source cannot tell. */
  readonly answer: CallsAnswer | undefined;
  readonly canTell: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** What an edge or a node of the graph is made of. */
export function useCalls(request: GraphRequest, part: GraphPart): CallsState {
  const source = useSource();
  const canTell = source.graph?.calls !== undefined;
  const { data, error, refetch } = useQuery({ ...callsQuery(source, request, part), enabled: canTell });
  return { answer: data, canTell, error, retry: () => void refetch() };
}

/** TraceQL for the traces of a part, within a query; undefined where that takes no condition. */
export function usePartQuery(query: string, part: GraphPart, graph: ServiceGraph): string | undefined {
  const tags = useTags(true);
  return useMemo(() => {
    const span = tags.find(({ name }) => name === 'span');
    const context: PartContext = { graph, spanAttributes: span && new Set(span.tags) };
    return queryOfPartWithin(query, part, context);
  }, [query, part, graph, tags]);
}
