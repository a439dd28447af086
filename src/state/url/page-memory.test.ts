import { describe, expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { asItWasLeft, rememberPage } from './page-memory.ts';
import { DEFAULT_URL_STATE, type UrlState } from './url-state.ts';

const box = { fromUnixNano: 1n, toUnixNano: 2n, minNs: undefined, maxNs: undefined };
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736' as TraceId;
const explore: UrlState = { ...DEFAULT_URL_STATE, q: '{ status = error }', box, shut: ['span.http.route'] };
const trace: UrlState = { ...DEFAULT_URL_STATE, q: explore.q, page: { name: 'trace', traceId } };

describe('going to a page that was left', () => {
  it('finds it as it was', () => {
    rememberPage(explore);
    expect(asItWasLeft(trace, { page: { name: 'explore' } })).toMatchObject({ box, shut: ['span.http.route'] });
  });

  it('keeps closed facets but no box where another question is asked', () => {
    rememberPage(explore);
    const change = asItWasLeft(trace, { page: { name: 'explore' }, q: '{}' });
    expect(change).toMatchObject({ q: '{}', shut: ['span.http.route'] });
    expect(change.box).toBeUndefined();
  });

  it('leaves alone what the change names, changes within a page, and traces', () => {
    rememberPage(explore);
    expect(asItWasLeft(trace, { page: { name: 'explore' }, shut: [] }).shut).toEqual([]);
    expect(asItWasLeft(explore, { shut: [] })).toEqual({ shut: [] });
    expect(asItWasLeft(explore, { page: trace.page })).toEqual({ page: trace.page });
  });

  it('leaves the pin behind for another trace, and keeps it for the same', () => {
    const pinned: UrlState = { ...trace, pin: '9f2c4b7d1e8a4c3f9b6d2e7a1c5f8b03' };
    const other = { name: 'trace', traceId: '7f3c9a1e5b2d48c0a6e4d91b03f7e91a' as TraceId } as const;
    expect(asItWasLeft(pinned, { page: other })).toEqual({ page: other, pin: '' });
    expect(asItWasLeft(pinned, { page: trace.page })).toEqual({ page: trace.page });
  });
});
