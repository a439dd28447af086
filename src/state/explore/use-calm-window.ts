import { useMemo } from 'react';
import type { TimeWindow } from '#sources/trace-source.ts';
import { useUrl } from '#state/url/use-url.ts';
import { resolveRange, useResolvedRange } from '#state/use-resolved-range.ts';

const LIVE_MS = 10_000;

/** The range; while it follows live mode, another one every ten seconds only, as counting costs more than listing. */
export function useCalmWindow(): TimeWindow {
  const { from, to, live } = useUrl();
  const { nowMs } = useResolvedRange();
  const atMs = live ? calmMs(nowMs) : nowMs;
  return useMemo(() => {
    const { startUnixNano, endUnixNano } = resolveRange(from, to, atMs);
    return { startUnixNano, endUnixNano };
  }, [from, to, atMs]);
}

/** The next of the instants that all who count share, so that they ask the same question. What has arrived is before it. */
export function calmMs(nowMs: number): number {
  return Math.ceil(nowMs / LIVE_MS) * LIVE_MS;
}
