import { describe, expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { DEFAULT_URL_STATE, type UrlState } from '#state/url/url-state.ts';
import { sharedState } from './shared-state.ts';

const nowMs = 1_789_650_000_000;
const live: UrlState = { ...DEFAULT_URL_STATE, q: '{ status = error }', live: true };
const trace: UrlState = { ...live, page: { name: 'trace', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' as TraceId } };
const ran = { startMs: 5, endMs: 9 };

describe('a shared link', () => {
  it('names the clock times that are on screen, and follows nothing', () => {
    expect(sharedState(live, { isAbsolute: true, nowMs })).toEqual({
      ...live,
      from: String(nowMs - 3_600_000),
      to: String(nowMs),
      live: false,
    });
  });

  it('moves with the clock where that is wanted', () => {
    expect(sharedState(live, { isAbsolute: false, nowMs })).toEqual(live);
  });

  it('leaves a range that is no range', () => {
    const wrong = { ...live, from: 'now', to: 'now-1h' };
    expect(sharedState(wrong, { isAbsolute: true, nowMs })).toEqual(wrong);
  });

  it('carries when the trace ran, as it was known or as it is', () => {
    expect(sharedState(trace, { isAbsolute: false, nowMs, traceMs: ran }).at).toEqual(ran);
    const known = { startMs: 1, endMs: 2 };
    expect(sharedState({ ...trace, at: known }, { isAbsolute: false, nowMs, traceMs: ran }).at).toEqual(known);
  });
});
