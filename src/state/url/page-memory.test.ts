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
});
