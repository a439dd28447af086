import type { WindowMs } from './url-state.ts';

const MARGIN_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/** The window that a link to a trace carries: a quarter of an hour on both sides of when it ran, in whole minutes. */
export function windowAround(startUnixNano: bigint, durationNs: number): WindowMs {
  const startMs = Number(startUnixNano / 1_000_000n);
  const endMs = startMs + durationNs / 1e6;
  return {
    startMs: Math.max(0, Math.floor((startMs - MARGIN_MS) / MINUTE_MS) * MINUTE_MS),
    endMs: Math.ceil((endMs + MARGIN_MS) / MINUTE_MS) * MINUTE_MS,
  };
}
