/** Values fall into buckets that end at powers of two; a bucket is its exponent, 1 to 63. Smaller values than 2 fall into none. */
export function log2Bucket(value: bigint): number | undefined {
  return value < 2n ? undefined : Math.ceil(Math.log2(Number(value)));
}

/** The same as SQL, for an integer expression that is at least 2. */
export function log2BucketSql(value: string): string {
  return `ceil(log2(${value}))`;
}

/**
 * The value below which the part `p` lies, between the bounds of its bucket by their logarithm. The buckets are those with any
 * value, in order: the elements `from` up to `to` of their exponents and of their counts; the lower bound of one is the upper
 * bound of that before it. 0 if there are none.
 */
export function log2Quantile(
  exponents: Float64Array,
  counts: Float64Array,
  { from, to }: { readonly from: number; readonly to: number },
  p: number,
): number {
  let total = 0;
  for (let i = from; i < to; i++) total += counts[i];
  if (total === 0) return 0;
  const rank = Math.max(1, Math.ceil(p * total));
  let below = 0;
  for (let i = from; i < to; i++) {
    if (below + counts[i] >= rank) {
      const low = i > from ? exponents[i - 1] : exponents[i] - 1;
      return 2 ** (low + ((rank - below) / counts[i]) * (exponents[i] - low));
    }
    below += counts[i];
  }
  return 2 ** exponents[to - 1];
}
