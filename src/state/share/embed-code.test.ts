import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { parseSearch, parseUrl } from '#state/url/codecs.ts';
import { DEFAULT_URL_STATE, type UrlState } from '#state/url/url-state.ts';
import { embedCode, embedPath, panelsOf } from './embed-code.ts';

const explore: UrlState = { ...DEFAULT_URL_STATE, q: '{ name = "a&b" }', from: '1', to: '2' };
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736' as TraceId;

describe('the address of a panel', () => {
  it('carries the view, and the theme where it is not that of who looks', () => {
    const path = embedPath(explore, { panel: 'heatmap', theme: 'dark' });
    const { pathname, search } = new URL(path, 'https://x.test');
    expect(pathname).toBe('/embed/heatmap');
    expect(parseUrl('/', parseSearch(search))).toEqual(explore);
    expect(parseSearch(search).theme).toBe('dark');
    expect(embedPath(DEFAULT_URL_STATE, { panel: 'search', theme: 'auto' })).toBe('embed/search');
  });

  it('of a trace names it', () => {
    const trace: UrlState = { ...DEFAULT_URL_STATE, page: { name: 'trace', traceId }, path: false };
    expect(embedPath(trace, { panel: 'trace', theme: 'auto' })).toBe(`embed/trace/${traceId}?path=0`);
    expect(panelsOf(trace)).toEqual(['trace']);
  });
});

it('the code of a frame stays within its attributes, whatever the names are', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (src, title) => {
      const code = embedCode(src, title, { width: 640, height: 360 });
      expect(code.match(/"/g)).toHaveLength(10);
      expect(code.match(/[<>]/g)).toHaveLength(4);
    }),
  );
});
