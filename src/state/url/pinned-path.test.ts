import { expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { parseSearch, parseUrl, printUrl } from './codecs.ts';
import { pinnedPath } from './pinned-path.ts';
import { DEFAULT_URL_STATE } from './url-state.ts';

const id = '9f2c4b7d1e8a4c3f9b6d2e7a1c5f8b03';
const traceId = '7f3c9a1e5b2d48c0a6e4d91b03f7e91a' as TraceId;

it('opens the view that was pinned, on the copy of the pin', () => {
  const seen = {
    ...DEFAULT_URL_STATE,
    page: { name: 'trace', traceId } as const,
    q: 'a=b&c',
    find: '#100 %',
    path: false,
  };
  const { path, search } = printUrl(seen);
  const { pathname, search: found } = new URL(pinnedPath({ id, traceId, view: { path, search } }), 'https://x.test');
  expect(parseUrl(pathname, parseSearch(found))).toEqual({ ...seen, pin: id });
});

it('keeps what a later version has yet to upgrade, and takes the trace from the pin', () => {
  expect(pinnedPath({ id, traceId, view: { path: '/elsewhere', search: '?v=1&zoom=1~2' } })).toBe(
    `/trace/${traceId}?v=1&zoom=1%7E2&pin=${id}`,
  );
});
