/**
 * Quantiles that are counted for every edge: the three that are shown, and around the 95th those from which its error is
 * read. They are elements of the sample (rank ⌈q·n⌉), as DuckDB's `quantile_disc` gives them.
 */
export const LADDER = [0.5, 0.8, 0.85, 0.9, 0.925, 0.94, 0.95, 0.96, 0.975, 0.99, 1] as const;

export interface ReadQuantiles {
  readonly p50Ns: number;
  readonly p95Ns: number;
  readonly p99Ns: number;
  readonly p95LowNs: number;
  readonly p95HighNs: number;
}

const STANDARD_ERRORS = 3.3;

/**
 * What the ladder says of `n` independent calls. The rank of a quantile is binomial, so the true one lies between those at
 * q ± z·√(q(1−q)/n), whatever the distribution: the next rungs outwards are taken. `n` is the number of traces, because
 * calls of one trace are alike.
 */
export function readQuantiles(ladder: readonly number[], n: number): ReadQuantiles {
  const spread = STANDARD_ERRORS * Math.sqrt((0.95 * 0.05) / Math.max(1, n));
  let low = LADDER.findLastIndex(q => q <= 0.95 - spread);
  if (low === -1) low = 0;
  let high = LADDER.findIndex(q => q >= 0.95 + spread);
  if (high === -1) high = LADDER.length - 1;
  return {
    p50Ns: ladder[0],
    p95Ns: ladder[6],
    p99Ns: ladder[9],
    p95LowNs: ladder[low],
    p95HighNs: ladder[high],
  };
}

/** The ladder of a sample, which is sorted in place; zeros for an empty one. */
export function ladderOf(values: number[]): number[] {
  values.sort((a, b) => a - b);
  return LADDER.map(q => values[Math.max(0, Math.ceil(q * values.length) - 1)] ?? 0);
}
