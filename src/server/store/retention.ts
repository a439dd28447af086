import type { Segment, SegmentCatalog } from './segment-catalog.ts';

const MAX_SEGMENT_SPANS = 2_000_000;
const MIN_SEGMENT_SPANS = 1_000;
const MIN_SEGMENT_MS = 10 * 60_000;
/** Segments into which age and size are divided: so much at once is dropped. */
const SEGMENTS = 24;
/** A span on disk, roughly; only to divide a size into segments. */
const SPAN_BYTES = 150;

export interface RetentionSettings {
  readonly retentionMs: number;
  readonly maxBytes?: number | undefined;
  readonly maxSegmentSpans?: number;
}

/** Whether the open segment is to be closed. Also after a clock that was set back: none stays open until it has caught up. */
export function isDue(segment: Segment, settings: RetentionSettings, nowMs: number): boolean {
  const maxAgeMs = Math.max(settings.retentionMs / SEGMENTS, MIN_SEGMENT_MS);
  return Math.abs(nowMs - segment.openedUnixMs) > maxAgeMs || segment.spanCount >= maxSpans(settings);
}

function maxSpans({ maxBytes, maxSegmentSpans = MAX_SEGMENT_SPANS }: RetentionSettings): number {
  if (maxBytes === undefined) return maxSegmentSpans;
  const share = Math.floor(maxBytes / SEGMENTS / SPAN_BYTES);
  return Math.min(maxSegmentSpans, Math.max(share, MIN_SEGMENT_SPANS));
}

/** Closed live segments that are older than retention, oldest first. */
export function expired(catalog: SegmentCatalog, { retentionMs }: RetentionSettings, nowMs: number): Segment[] {
  return closedLive(catalog).filter(({ closedUnixMs = nowMs }) => closedUnixMs < nowMs - retentionMs);
}

/** The oldest closed live segment. */
export function oldest(catalog: SegmentCatalog): Segment | undefined {
  return closedLive(catalog)[0];
}

function closedLive(catalog: SegmentCatalog): Segment[] {
  return catalog.all.filter(({ origin, closedUnixMs }) => origin === 'live' && closedUnixMs !== undefined);
}
