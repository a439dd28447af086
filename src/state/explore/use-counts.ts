import { useQueries } from '@tanstack/react-query';
import { countQuery } from '#state/queries.ts';
import { useSource } from '#state/source-context.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';

/** Matching traces of several queries in the URL's range; undefined per query until known or where it cannot be told. */
export function useCounts(queries: readonly string[]): readonly (number | undefined)[] {
  const source = useSource();
  const { startUnixNano, endUnixNano } = useResolvedRange();
  return useQueries({
    queries: queries.map(query => countQuery(source, { query, startUnixNano, endUnixNano, limit: 1 })),
    combine: answers => answers.map(answer => (answer.isPlaceholderData ? undefined : answer.data?.traces)),
  });
}
