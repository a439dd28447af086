import { useQuery } from '@tanstack/react-query';
import type { GraphReading, GraphRequest } from '#sources/graph-source.ts';
import { graphQuery, useGraphPart } from '#state/graph-queries.ts';
import { useSource } from '#state/source-context.ts';
import { useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';

export type { GraphReading, GraphRequest };

export interface ServiceGraphState {
  readonly request: GraphRequest;
  /** The last answer, or what is known of the coming one; undefined until there is any. */
  readonly reading: GraphReading | undefined;
  /** What the source heeds; undefined where it has no graphs at all. */
  readonly capabilities: { readonly compare: boolean; readonly groupBy: boolean; readonly query: boolean } | undefined;
  /** What is shown answers another question than the one asked now. */
  readonly isOutdated: boolean;
  readonly isFetching: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** The service graph of the URL's query and range. */
export function useServiceGraph(): ServiceGraphState {
  const source = useSource();
  const { q, than, by } = useUrl();
  const { startUnixNano, endUnixNano } = useResolvedRange();
  const request: GraphRequest = {
    query: q,
    compare: than === 'nothing' ? undefined : than,
    groupBy: source.graph?.capabilities.groupBy ? by : '',
    startUnixNano,
    endUnixNano,
  };
  const { data, isPlaceholderData, isFetching, error, refetch } = useQuery({
    ...graphQuery(source, request),
    enabled: source.graph !== undefined,
  });
  const part = useGraphPart(source, request);
  const isWhole = data !== undefined && !isPlaceholderData;
  return {
    request,
    reading: isWhole ? data : (part ?? data),
    capabilities: source.graph?.capabilities,
    isOutdated: isPlaceholderData && part === undefined,
    isFetching,
    error,
    retry: () => void refetch(),
  };
}
