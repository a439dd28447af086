import type { StoreStatus } from '#domain/api/server-api.ts';
import type { SegmentDetails } from '#domain/api/store-api.ts';
import type { Segment } from './segment-catalog.ts';

type Bounds = NonNullable<Segment['bounds']>;

/** What the status page says of all segments together. */
export function figuresOf(
  segments: readonly Segment[],
): Pick<StoreStatus, 'spans' | 'oldestUnixNano' | 'newestUnixNano' | 'sample'> {
  const filled = segments.filter(({ spanCount }) => spanCount > 0);
  const sample = filled.filter(({ origin }) => origin === 'sample');
  const bounds = filled.reduce<Segment['bounds']>((all, segment) => union(all, segment.bounds), undefined);
  return {
    spans: spansOf(filled),
    oldestUnixNano: bounds?.minStartNs.toString(),
    newestUnixNano: bounds?.maxEndNs.toString(),
    sample: sample.length === 0 ? undefined : { spans: spansOf(sample) },
  };
}

/** One segment, for the store page. */
export function detailsOf(segment: Segment): SegmentDetails {
  const { id, origin, openedUnixMs, closedUnixMs, bounds, spanCount } = segment;
  return {
    id,
    origin,
    state: stateOf(segment),
    openedUnixMs,
    closedUnixMs,
    fromUnixNano: bounds?.minStartNs.toString(),
    toUnixNano: bounds?.maxEndNs.toString(),
    spans: spanCount,
  };
}

function stateOf({ isDamaged, closedUnixMs, compactedUnixMs }: Segment): SegmentDetails['state'] {
  if (isDamaged) return 'damaged';
  if (compactedUnixMs !== undefined) return 'compacted';
  return closedUnixMs === undefined ? 'open' : 'closed';
}

/** The smallest interval that holds both; undefined is empty. */
export function union(a: Bounds | undefined, b: Bounds | undefined): Bounds | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const first = a.minStartNs < b.minStartNs ? a : b;
  const last = a.maxEndNs > b.maxEndNs ? a : b;
  return { minStartNs: first.minStartNs, maxEndNs: last.maxEndNs };
}

function spansOf(segments: readonly Segment[]): number {
  return segments.reduce((total, { spanCount }) => total + spanCount, 0);
}
