import type { SearchResult } from '#domain/search/trace-summary.ts';

/**
 * How many traces match. The count is asked beside the list, and spans arrive between the two: of a list that holds all
 * that match, its length is the count, so that a page says one number. `listed`: undefined where a list holds a part.
 */
export function matchingCount(counted: number | undefined, listed: SearchResult | undefined): number | undefined {
  if (counted === undefined || listed === undefined || listed.partial) return counted;
  return listed.traces.length;
}
