/** Values fall into buckets that end at powers of two; a bucket is its exponent, 1 to 63. Smaller values than 2 fall into none. */
export function log2Bucket(value: bigint): number | undefined {
  return value < 2n ? undefined : Math.ceil(Math.log2(Number(value)));
}

/** The same as SQL, for an integer expression that is at least 2. */
export function log2BucketSql(value: string): string {
  return `ceil(log2(${value}))::integer`;
}

/**
 * The value below which the part `p` lies, between the bounds of its bucket by their logarithm. `buckets` are those with any
 * value, in order; the lower bound of one is the upper bound of that before it. 0 if there are none.
 */
export function log2Quantile(buckets: readonly (readonly [exponent: number, count: number])[], p: number): number {
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return 0;
  const rank = Math.max(1, Math.ceil(p * total));
  let below = 0;
  let lower: number | undefined;
  for (const [exponent, count] of buckets) {
    if (below + count >= rank) {
      const low = lower ?? exponent - 1;
      return 2 ** (low + ((rank - below) / count) * (exponent - low));
    }
    below += count;
    lower = exponent;
  }
  return 2 ** (lower ?? 0);
}
