import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';

/** Which spans a graph is counted from. */
export interface GraphRange {
  /** Unix ns; calls count by the callee's start in [startNs, endNs), those without a callee by the caller's. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** The other half of a call is looked for within these. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** Newest first. */
  readonly segments: readonly SegmentRef[];
}

/** Half a call may lie outside the range by as much. */
const SPREAD_NS = 3_600_000_000_000n;
const MAX_NS = 2n ** 63n - 1n - SPREAD_NS;

/** The range between two times; without them, everything. */
export function graphRange(context: QueryContext, startNs = 0n, endNs = MAX_NS): GraphRange {
  const fromNs = startNs > SPREAD_NS ? startNs - SPREAD_NS : 0n;
  const toNs = (endNs < MAX_NS ? endNs : MAX_NS) + SPREAD_NS;
  return { startNs, endNs, fromNs, toNs, segments: context.segments(fromNs, toNs) };
}
