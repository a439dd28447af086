import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { WindowMs } from '#state/url/url-state.ts';

const MARGIN_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/** When the trace ran, with a quarter of an hour on both sides, in whole minutes: as links of lists have it. */
export function traceWindow({ baseUnixNano, durationNs }: TraceTable): WindowMs {
  const startMs = Number(baseUnixNano / 1_000_000n);
  return {
    startMs: Math.max(0, Math.floor((startMs - MARGIN_MS) / MINUTE_MS) * MINUTE_MS),
    endMs: Math.ceil((startMs + durationNs / 1e6 + MARGIN_MS) / MINUTE_MS) * MINUTE_MS,
  };
}
