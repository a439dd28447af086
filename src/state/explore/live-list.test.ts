import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { type LiveList, nextLiveList, rateText, startLiveList } from './live-list.ts';

/** Traces numbered by age: the newest first, as an answer lists them. */
const answer = (newest: number, count: number): TraceSummary[] =>
  Array.from({ length: count }, (_, i) => ({ traceId: String(newest - i) }) as TraceSummary);
const ids = (list: LiveList) => list.shown.map(trace => Number(trace.traceId));

describe('a live list', () => {
  it('shows a few new ones all, on top', () => {
    const first = startLiveList(answer(100, 50), 0);
    const next = nextLiveList(first, answer(105, 50), 2000);
    expect(ids(next).slice(0, 6)).toEqual([105, 104, 103, 102, 101, 100]);
    expect(next.rate).toEqual({ shownPerS: 2.5, newPerS: 2.5, isAtLeast: false });
    expect(rateText(next.rate)).toBeUndefined();
  });

  it('shows the newest of many, keeps what was shown, and says how many there were', () => {
    const first = startLiveList(answer(1000, 200), 0);
    const next = nextLiveList(first, answer(1150, 200), 2000);
    expect(ids(next).slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, i) => 1150 - i));
    expect(ids(next)[40]).toBe(1000);
    expect(rateText(next.rate)).toBe('20 of 75 new a second');
    const later = nextLiveList(next, answer(1151, 200), 4000);
    expect(ids(later).slice(0, 3)).toEqual([1151, 1150, 1149]);
    expect(ids(later)).not.toContain(1100);
  });

  it('does not claim to know more than the answer could hold', () => {
    const next = nextLiveList(startLiveList(answer(1000, 200), 0), answer(5000, 200), 1000);
    expect(rateText(next.rate)).toBe('40 of at least 200 new a second');
  });

  it('after a pause shows as many more', () => {
    const next = nextLiveList(startLiveList(answer(1000, 200), 0), answer(1150, 200), 10_000);
    expect(rateText(next.rate)).toBeUndefined();
    expect(next.shown).toHaveLength(200);
  });

  it('never drops a row that was shown and is still answered, nor reorders', () => {
    const steps = fc.array(fc.record({ more: fc.nat(400), ms: fc.integer({ min: 1, max: 9000 }) }), { maxLength: 12 });
    fc.assert(
      fc.property(steps, list => {
        let newest = 1000;
        let atMs = 0;
        let state = startLiveList(answer(newest, 200), atMs);
        for (const { more, ms } of list) {
          newest += more;
          atMs += ms;
          const next = nextLiveList(state, answer(newest, 200), atMs);
          const now = ids(next);
          expect(now).toEqual([...now].sort((a, b) => b - a));
          const answered = new Set(next.answer.map(trace => Number(trace.traceId)));
          for (const id of ids(state)) if (answered.has(id)) expect(now).toContain(id);
          state = next;
        }
      }),
    );
  });
});
