import type { LatencyUnit } from '#domain/api/latency-api.ts';

/** What an answer of the store counts, for the reader. */
export function coversOf(of: LatencyUnit, estimated: boolean): string {
  const what =
    of === 'spans'
      ? 'All matching spans that start in the range'
      : 'All traces with a matching span whose root starts in the range, by the duration of the root';
  return estimated ? `${what}; estimated from what sampling kept` : what;
}
