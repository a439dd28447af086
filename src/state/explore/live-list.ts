import type { TraceSummary } from '#domain/search/trace-summary.ts';

/** New rows that the eye can follow. */
export const ROWS_PER_SECOND = 20;
/** One refresh may bring no fewer rows than this, so that a short burst is seen whole. */
const BURST = 40;

/** A list that follows what arrives, and how much of it. */
export interface LiveList {
  /** The answer that it was made from. */
  readonly answer: readonly TraceSummary[];
  readonly atMs: number;
  /** What is shown: the answer without the traces that were left out. */
  readonly shown: readonly TraceSummary[];
  /** Traces of the answer that came too fast to be shown. */
  readonly leftOut: ReadonlySet<string>;
  /** Undefined until a second answer is there. */
  readonly rate: LiveRate | undefined;
}

export interface LiveRate {
  readonly shownPerS: number;
  readonly newPerS: number;
  /** The answer held nothing but new traces: there may have been more than it could hold. */
  readonly isAtLeast: boolean;
}

/** The first answer of a live list: all of it. */
export function startLiveList(answer: readonly TraceSummary[], atMs: number): LiveList {
  return { answer, atMs, shown: answer, leftOut: new Set(), rate: undefined };
}

/**
 * The list after the next answer (newest first). Of what is new the newest are shown, at most 20 a second; what was shown
 * stays as long as it is answered, and what was left out stays out.
 */
export function nextLiveList(before: LiveList, answer: readonly TraceSummary[], atMs: number): LiveList {
  const seconds = Math.max(0.001, (atMs - before.atMs) / 1000);
  const known = new Set<string>(before.answer.map(trace => trace.traceId));
  const fresh = answer.filter(trace => !known.has(trace.traceId));
  const most = Math.max(BURST, Math.round(ROWS_PER_SECOND * seconds));
  const skipped = fresh.slice(most).map(trace => trace.traceId);
  const leftOut = new Set(answer.map(trace => trace.traceId as string).filter(id => before.leftOut.has(id)));
  for (const id of skipped) leftOut.add(id);
  const shown = leftOut.size === 0 ? answer : answer.filter(trace => !leftOut.has(trace.traceId));
  const isAtLeast = known.size > 0 && fresh.length === answer.length && fresh.length > most;
  return {
    answer,
    atMs,
    shown,
    leftOut,
    rate: { shownPerS: (fresh.length - skipped.length) / seconds, newPerS: fresh.length / seconds, isAtLeast },
  };
}

/** `20 of 340 new a second`; undefined while everything that arrives is shown. */
export function rateText(rate: LiveRate | undefined): string | undefined {
  if (rate === undefined || rate.newPerS <= rate.shownPerS) return undefined;
  const all = Math.round(rate.newPerS).toLocaleString('en');
  return `${Math.round(rate.shownPerS)} of ${rate.isAtLeast ? 'at least ' : ''}${all} new a second`;
}
