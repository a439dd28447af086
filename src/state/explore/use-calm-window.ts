import { useRef } from 'react';
import type { TimeWindow } from '#sources/trace-source.ts';
import { useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';

const LIVE_MS = 10_000;

/** The range; while it follows live mode, taken anew every ten seconds only, as counting costs more than listing. */
export function useCalmWindow(question: string): TimeWindow {
  const { live } = useUrl();
  const { startUnixNano, endUnixNano, nowMs } = useResolvedRange();
  const last = useRef<{ question: string; nowMs: number; window: TimeWindow }>(undefined);
  const kept = last.current;
  const isKept = live && kept !== undefined && kept.question === question && nowMs - kept.nowMs < LIVE_MS;
  if (!isKept && kept?.window.startUnixNano === startUnixNano && kept.window.endUnixNano === endUnixNano) {
    return kept.window;
  }
  if (!isKept) last.current = { question, nowMs, window: { startUnixNano, endUnixNano } };
  return last.current!.window;
}
