/**
 * Where the points of a metrics query lie. Range: buckets (t − step, t], each labelled by its right edge, on multiples of the
 * step. Instant: one bucket from start to end, both counted. Unix ns.
 */
export interface TimeGrid {
  /** Spans that count start between these, both included. */
  readonly lowNs: bigint;
  readonly highNs: bigint;
  readonly stepNs: bigint;
  /** Label of the first bucket. */
  readonly firstNs: bigint;
  readonly count: number;
}

export function rangeGrid(startNs: bigint, endNs: bigint, stepNs: bigint): TimeGrid {
  const firstNs = startNs - (startNs % stepNs);
  const lastNs = endNs % stepNs === 0n ? endNs : endNs - (endNs % stepNs) + stepNs;
  const count = Number((lastNs - firstNs) / stepNs) + 1;
  return { lowNs: firstNs - stepNs + 1n, highNs: lastNs, stepNs, firstNs, count };
}

export function instantGrid(startNs: bigint, endNs: bigint): TimeGrid {
  return { lowNs: startNs, highNs: endNs, stepNs: endNs - startNs, firstNs: endNs, count: 1 };
}

/** The bucket of a span by its start, as SQL over the column `s.start_ns`. */
export function bucketSql(grid: TimeGrid): string {
  return grid.count === 1 ? '0' : `((s.start_ns - ${grid.lowNs}) // ${grid.stepNs})::integer`;
}

/** The bucket of a span by its start; undefined outside the grid. */
export function bucketAt(grid: TimeGrid, startNs: bigint): number | undefined {
  if (startNs < grid.lowNs || startNs > grid.highNs) return undefined;
  return grid.count === 1 ? 0 : Number((startNs - grid.lowNs) / grid.stepNs);
}

export function labelMs(grid: TimeGrid, bucket: number): bigint {
  return (grid.firstNs + BigInt(bucket) * grid.stepNs) / 1_000_000n;
}
