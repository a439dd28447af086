import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSearch, readUrl } from '#state/url/codecs.ts';
import { PANEL_PARTS } from './panel-look.ts';
import { placeInHash, readPanel } from './read-panel.ts';

const ID = '7f3c9a1e5b2d48c0a6e4d91b03f7e91a';

describe('addresses of panels', () => {
  test.each([
    [`/embed/trace/${ID}`, 'trace', `/trace/${ID}`],
    [`/embed/trace/${ID}/`, 'trace', `/trace/${ID}`],
    ['/embed/search', 'search', '/'],
    ['/embed/heatmap/', 'heatmap', '/'],
    ['/embed/graph', 'graph', '/graph'],
    ['/embed/store', undefined, '/'],
    ['/embed/trace/', undefined, '/'],
    ['/embed/', undefined, '/'],
    [`/trace/${ID}`, undefined, '/'],
  ] as const)('%s', async (path, kind, shown) => {
    expect(await readPanel(path, '')).toMatchObject({ kind, path: shown, search: '' });
  });

  test('parameters are those of the page that shows the same, and those of the look', async () => {
    const { search, look } = await readPanel(
      `/embed/trace/${ID}`,
      '?span=00f067aa0ba902b7&find=pay&theme=dark&hide=header,footer&height=auto&open=host',
    );
    expect(look).toEqual({
      theme: 'dark',
      hidden: new Set(['header', 'footer']),
      height: 'auto',
      opens: 'host',
    });
    const { state, left } = readUrl(`/trace/${ID}`, parseSearch(search));
    expect([state.span, state.find, left]).toEqual(['00f067aa0ba902b7', 'pay', []]);
  });

  test('what is not understood has its default', async () => {
    const { look } = await readPanel('/embed/search', '?theme=pink&hide=everything,~,&height=12px&open=popup');
    expect(look).toEqual({ theme: 'auto', hidden: new Set(), height: 'fill', opens: 'tab' });
  });

  test('of a parameter that is given twice the first counts, as on the server', async () => {
    const { look, search } = await readPanel('/embed/search', '?theme=dark&q=a&theme=light&q=b');
    expect([look.theme, parseSearch(search).q]).toEqual(['dark', 'a']);
  });

  test('any address is read without a fault', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), fc.boolean(), async (path, search, jaeger) => {
        const { look } = await readPanel(`/embed/${path}`, `?${search}${jaeger ? '&uiEmbed=v0' : ''}`);
        expect([...look.hidden].every(part => PANEL_PARTS.includes(part))).toBe(true);
      }),
    );
  });
});

describe('addresses of Jaeger’s embeds', () => {
  const jaeger = async (path: string, params: Record<string, string>) => {
    const { kind, search, look } = await readPanel(path, `?${new URLSearchParams({ uiEmbed: 'v0', ...params })}`);
    return { kind, params: parseSearch(search), hidden: [...look.hidden].sort() };
  };

  test.each([
    [{}, []],
    [{ uiTimelineCollapseTitle: '1' }, ['minimap', 'summary']],
    [{ uiTimelineHideMinimap: '1' }, ['minimap']],
    [{ uiTimelineHideSummary: '1' }, ['summary']],
    [{ uiTimelineHideSummary: '0', uiTimelineHideMinimap: 'true' }, []],
    [{ uiTimelineHideSummary: '1', hide: 'footer' }, ['footer', 'summary']],
  ] as const)('of a trace: %j', async (params, hidden) => {
    const read = await jaeger(`/trace/${ID}`, params);
    expect([read.kind, read.hidden]).toEqual(['trace', hidden]);
    expect(Object.keys(read.params).filter(key => key.startsWith('ui'))).toEqual([]);
  });

  test('what is looked for in a trace is found', async () => {
    expect((await jaeger(`/trace/${ID}`, { uiFind: 'charge' })).params.find).toBe('charge');
  });

  test('a search becomes TraceQL', async () => {
    const { kind, params, hidden } = await jaeger('/search', {
      service: 'payment',
      operation: 'POST /pay',
      tags: '{"http.status_code":"500","error":"true","retry":"false"}',
      minDuration: '1.2s',
      maxDuration: '',
      start: '1543917759557000',
      end: '1543921359557000',
      limit: '20',
      lookback: '1h',
      uiSearchHideGraph: '1',
    });
    expect([kind, hidden]).toEqual(['search', ['minimap']]);
    expect(params).toMatchObject({ from: '1543917759557', to: '1543921359557' });
    expect(params.limit).toBeUndefined();
    for (const part of ['"payment"', '"POST /pay"', 'duration >= 1200ms', 'http.status_code', '500', 'status = error'])
      expect(params.q).toContain(part);
    expect(readUrl('/', params).left).toEqual([]);
  });

  test('only a look back is a range that ends now', async () => {
    expect((await jaeger('/search', { service: 'a', lookback: '2d' })).params).toMatchObject({ from: 'now-2d' });
    expect((await jaeger('/search', { service: 'a', lookback: 'custom' })).params.from).toBeUndefined();
  });

  test.each(['{', '[]', 'null', '1', '"a"'])('tags that are no object (%s) are none', async tags => {
    expect((await jaeger('/search', { tags })).params.q).toBeUndefined();
  });
});

test('behind a # the first question mark parts path and parameters, others belong to values', () => {
  expect(placeInHash('#/embed/search?q={ name =~ "colou?r" }')).toEqual({
    path: '/embed/search',
    search: '?q={ name =~ "colou?r" }',
  });
  expect(placeInHash('#/embed/graph')).toEqual({ path: '/embed/graph', search: '' });
  expect(placeInHash('')).toEqual({ path: '', search: '' });
});
