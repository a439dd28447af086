/** One comparison: its p, and the smallest that it could have had by its margins alone. */
export interface Comparison {
  readonly p: number;
  readonly smallestP: number;
}

/**
 * The factor by which every p is multiplied so that the chance of calling anything significant at `alpha` where nothing
 * differs stays below `alpha`, however the comparisons depend on each other (Bonferroni), counting only those that could be
 * significant at all. Source: R. E. Tarone, A modified Bonferroni method for discrete data, Biometrics 46, 1990.
 */
export function correctionFactor(comparisons: readonly Comparison[], alpha: number): number {
  const smallest = Float64Array.from(comparisons, each => each.smallestP).sort();
  let possible = smallest.length;
  for (let factor = 1; ; factor++) {
    while (possible > 0 && smallest[possible - 1] > alpha / factor) possible--;
    if (possible <= factor) return factor;
  }
}
