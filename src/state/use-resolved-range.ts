import { useMemo } from 'react';
import { parseRange, type TimeRange } from '#domain/time/range.ts';
import type { TimeWindow } from '#sources/trace-source.ts';
import { DEFAULT_URL_STATE } from './url/url-state.ts';
import { useUrl } from './url/use-url.ts';
import { useSession } from './use-store.ts';

/** A range at the last refresh: milliseconds for display, nanoseconds for sources. */
export interface ResolvedRange extends TimeRange, TimeWindow {
  /** The instant `now` stood for. */
  readonly nowMs: number;
}

/**
 * The URL's range, resolved once per refresh, so that every request of one refresh asks for the same window. The end of
 * a range that follows the clock is taken at the next full second: what has just arrived is in it.
 */
export function useResolvedRange(): ResolvedRange {
  const { from, to } = useUrl();
  const nowMs = useSession(session => session.nowMs);
  return useMemo(() => resolveRange(from, to, nowMs), [from, to, nowMs]);
}

export function resolveRange(from: string, to: string, nowMs: number): ResolvedRange {
  const second = Math.ceil(nowMs / 1000) * 1000;
  const asked = parseRange(from, to, second);
  const range = asked.ok ? asked : parseRange(DEFAULT_URL_STATE.from, DEFAULT_URL_STATE.to, second);
  if (!range.ok) throw new Error(range.error);
  const { fromMs, toMs } = range.value;
  return { fromMs, toMs, nowMs, startUnixNano: BigInt(fromMs) * 1_000_000n, endUnixNano: BigInt(toMs) * 1_000_000n };
}
