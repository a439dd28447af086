import { parseRange } from '#domain/time/range.ts';
import type { UrlState, WindowMs } from '#state/url/url-state.ts';

export interface SharedTime {
  /** Whether the range is named by its clock times: who opens the link sees what is seen now. */
  readonly isAbsolute: boolean;
  /** What `now` stands for. */
  readonly nowMs: number;
  /** When the open trace ran, so that its link finds it and, later, says why it is gone. */
  readonly traceMs?: WindowMs | undefined;
}

/** The state that a shared link carries. Nothing of it is a preference: who opens it keeps their own. */
export function sharedState(url: UrlState, { isAbsolute, nowMs, traceMs }: SharedTime): UrlState {
  const state = url.page.name === 'trace' && url.at === undefined ? { ...url, at: traceMs } : url;
  if (!isAbsolute) return state;
  const range = parseRange(url.from, url.to, nowMs);
  // Live follows a range that moves.
  return range.ok ? { ...state, from: String(range.value.fromMs), to: String(range.value.toMs), live: false } : state;
}

/** Whether the range moves with the clock. */
export function isRelative({ from, to }: UrlState): boolean {
  return from.startsWith('now') || to.startsWith('now');
}
