import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpanId, TraceId } from '#domain/ids.ts';
import { parseSearch, parseUrl, printUrl, stringifySearch } from './codecs.ts';
import { DEFAULT_URL_STATE, GRAPH_ORDERS, RESULT_COLUMNS, type UrlState } from './url-state.ts';

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits })
    .map(chars => chars.join(''))
    .filter(id => /[1-9a-f]/.test(id));

const bound = fc.oneof(
  fc.constant('now'),
  fc
    .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('s', 'm', 'h', 'd', 'w'))
    .map(([n, unit]) => `now-${n}${unit}`),
  fc.integer({ min: 0, max: 253_402_300_799_999 }).map(String),
);
const windowMs = fc
  .tuple(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 0, max: 1e9 }))
  .map(([startMs, width]) => ({ startMs, endMs: startMs + width }));
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('12e45', '007', 'true', '{"a":1}', 'a+b c&d=e#f%20'),
);
const common = {
  src: fc.constantFrom('', 'local', 'prod-eu', '0'),
  q: text,
  from: bound,
  to: bound,
  tz: fc.constantFrom('', 'local', 'utc', 'Europe/Berlin'),
  sort: fc.record({
    column: fc.constantFrom('start', 'duration', 'spans', 'errors', 'services', 'name'),
    descending: fc.boolean(),
  }),
};
const edges = <T>(edge: fc.Arbitrary<T>) =>
  fc.tuple(fc.option(edge, { nil: undefined }), fc.option(edge, { nil: undefined }));
const box = fc
  .tuple(edges(fc.bigInt(0n, 9_999_999_999_999_999_999n)), edges(fc.integer({ min: 0, max: 999_999_999_999_999 })))
  .map(([[fromUnixNano, toUnixNano], [minNs, maxNs]]) => ({ fromUnixNano, toUnixNano, minNs, maxNs }))
  .filter(({ fromUnixNano: from, toUnixNano: to, minNs: min, maxNs: max }) => {
    const isOrdered = (from ?? 0n) < (to ?? 2n ** 64n) && (min ?? 0) < (max ?? 1e15);
    return isOrdered && [from, to, min, max].some(edge => edge !== undefined);
  });
const fieldWords = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom('span.http.route', 'resource.service.name', '.a', 'span."a~b!"', '-', 'baggage'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map(name => `span.${name}`),
  ),
  { maxLength: 6 },
);
const noExplore = {
  cols: fc.constant([...RESULT_COLUMNS]),
  form: fc.constant('chips'),
  facets: fc.constant(undefined),
  shut: fc.constant([]),
  value: fc.constant(''),
  chart: fc.constant(''),
};
const noTrace = {
  pin: fc.constant(''),
  at: fc.constant(undefined),
  span: fc.constant(undefined),
  nth: fc.constant(1),
  t: fc.constant(undefined),
  mark: fc.constant(undefined),
  find: fc.constant(''),
  only: fc.constant(false),
  folds: fc.constant({ base: 'first', flipped: [] }),
  group: fc.constant(true),
  path: fc.constant(true),
  tab: fc.constant('details'),
  look: fc.constant(''),
  named: fc.constant(''),
};
const noGraph = {
  focus: fc.constant(undefined),
  than: fc.constant('previous'),
  view: fc.constant('graph'),
  hide: fc.constant([]),
  pick: fc.constant(undefined),
  all: fc.constant(false),
  by: fc.constant(''),
  cam: fc.constant(undefined),
  rows: fc.constant('edges'),
  order: fc.constant({ key: 'rate', isDescending: true }),
};
const explore = fc.record({
  ...common,
  page: fc.constant({ name: 'explore' }),
  cols: fc.subarray([...RESULT_COLUMNS]),
  live: fc.boolean(),
  of: fc.constantFrom('traces', 'spans'),
  box: fc.option(box, { nil: undefined }),
  vs: fc.constantFrom('rest', '1h', '1d', '1w'),
  split: text,
  form: fc.constantFrom('chips', 'text'),
  // One that is '-' alone would say none: it is no field.
  facets: fc.option(
    fieldWords.filter(words => words.join() !== '-'),
    { nil: undefined },
  ),
  shut: fieldWords,
  value: text,
  chart: fc.constantFrom('shown', 'hidden', 'table', ''),
  ...noGraph,
  ...noTrace,
});
const graphNode = fc.oneof(
  fc.record({ service: text }),
  fc.record({ peer: text, kind: fc.constantFrom('database', 'messaging', 'external') }),
);
const graphEdge = fc
  .record({
    from: text,
    to: text,
    toKind: fc.constantFrom('service', 'database', 'messaging', 'external'),
    async: fc.boolean(),
    destination: text,
  })
  .map(edge => ({ edge: { ...edge, destination: edge.async ? edge.destination : '' } }));
const graph = explore.map(state => ({
  ...state,
  page: { name: 'graph' },
  cols: [...RESULT_COLUMNS],
  live: false,
  of: 'traces',
  box: undefined,
  vs: 'rest',
  split: '',
  form: 'chips',
  facets: undefined,
  shut: [],
  value: '',
  chart: '',
}));
const graphState = fc
  .tuple(
    graph,
    fc.record({
      focus: fc.option(fc.record({ node: graphNode, hops: fc.integer({ min: 1, max: 9 }) }), { nil: undefined }),
      than: fc.constantFrom('previous', 'day', 'week', 'nothing'),
      view: fc.constantFrom('graph', 'table'),
      hide: fc.subarray(['async', 'stores', 'external', 'same']),
      pick: fc.option(fc.oneof(graphNode, graphEdge), { nil: undefined }),
      all: fc.boolean(),
      by: text,
      cam: fc.option(
        fc.record({
          x: fc.integer({ min: -9_999_999, max: 9_999_999 }),
          y: fc.integer({ min: -9_999_999, max: 9_999_999 }),
          scale: fc.integer({ min: 1, max: 9999 }),
        }),
        { nil: undefined },
      ),
      rows: fc.constantFrom('edges', 'nodes'),
      order: fc.record({ key: fc.constantFrom(...GRAPH_ORDERS), isDescending: fc.boolean() }),
    }),
  )
  .map(([state, own]) => ({ ...state, ...own }));
const timeSpan = fc.record({ startUnixNano: fc.bigInt(0n, 2n ** 63n), widthNs: fc.integer({ min: 1, max: 1e15 }) });
const pinId = hex(32);
const trace = fc.record({
  ...common,
  page: hex(32).map(traceId => ({ name: 'trace', traceId: traceId as TraceId })),
  live: fc.constant(false),
  of: fc.constant('traces'),
  box: fc.constant(undefined),
  vs: fc.constant('rest'),
  split: fc.constant(''),
  ...noExplore,
  ...noGraph,
  pin: fc.oneof(fc.constant(''), pinId),
  at: fc.option(windowMs, { nil: undefined }),
  span: fc.option(
    hex(16).map(id => id as SpanId),
    { nil: undefined },
  ),
  t: fc.option(timeSpan, { nil: undefined }),
  mark: fc.option(timeSpan, { nil: undefined }),
  find: text,
  only: fc.boolean(),
  folds: fc.record({
    base: fc.oneof(fc.constantFrom('first', 'all'), fc.integer({ min: 1, max: 999_999 })),
    flipped: fc.array(
      fc.record({ kind: fc.constantFrom('span', 'repeats', 'missing', 'root'), id: hex(16).map(id => id as SpanId) }),
      { maxLength: 5 },
    ),
  }),
  group: fc.boolean(),
  path: fc.boolean(),
  tab: fc.constantFrom('details', 'json'),
  nth: fc.integer({ min: 1, max: 999_999 }),
  look: text,
  named: fc.constant(''),
});
const elsewhere = fc.record({
  ...common,
  live: fc.constant(false),
  of: fc.constant('traces'),
  box: fc.constant(undefined),
  vs: fc.constant('rest'),
  split: fc.constant(''),
  ...noExplore,
  ...noGraph,
  ...noTrace,
});
const pins = fc.tuple(elsewhere, text).map(([state, named]) => ({ ...state, page: { name: 'pins' }, named }));
const pin = fc.tuple(elsewhere, pinId).map(([state, id]) => ({ ...state, page: { name: 'pin', id } }));
const anyState = fc.oneof(explore, graphState, trace, pins, pin) as fc.Arbitrary<UrlState>;

const roundTrip = (state: UrlState): UrlState => {
  const { path, search } = printUrl(state);
  return parseUrl(path, parseSearch(search));
};

describe('links', () => {
  it('restore exactly what was shown', () => {
    fc.assert(
      fc.property(anyState, state => {
        expect(roundTrip(state)).toEqual(state);
      }),
    );
  });

  it('are the same text for the same state, however often they are read', () => {
    fc.assert(
      fc.property(anyState, state => {
        expect(printUrl(roundTrip(state))).toEqual(printUrl(state));
      }),
    );
  });

  it('do not write defaults', () => {
    expect(printUrl(DEFAULT_URL_STATE)).toEqual({ path: '/', search: '' });
  });

  it('keep an all-digit span id and one that looks like a number in exponent form', () => {
    const path = '/trace/00000000000000000000000000000001';
    expect(parseUrl(path, { span: '1234567890123456' }).span).toBe('1234567890123456');
    expect(parseUrl(path, { span: '12e4500000000000' }).span).toBe('12e4500000000000');
  });

  it('read each key alone: a bad value yields its default and keeps the rest', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('src', 'from', 'to', 'tz', 'sort', 'live', 'v'), fc.string()), bad => {
        const state = parseUrl('/', { ...bad, q: '{ status = error }' });
        expect(state.q).toBe('{ status = error }');
      }),
    );
    const state = parseUrl('/', {
      from: 'yesterday',
      to: 'now',
      sort: 'colour',
      live: 'yes',
      tz: 'Mars/Base',
      q: '{}',
    });
    expect(state).toEqual({ ...DEFAULT_URL_STATE, q: '{}' });
  });

  it('take a band of the heatmap, and no box that holds nothing', () => {
    const band = { fromUnixNano: undefined, toUnixNano: undefined, minNs: 200_000_000, maxNs: 2_000_000_000 };
    expect(parseUrl('/', { box: '~~200000000~2000000000' }).box).toEqual(band);
    for (const bad of ['~~~', '', '2~1~~', '1~1~~', '~~9~8', '1~2', '1~2~3~4~5', 'a~b~c~d', '-1~2~~']) {
      expect(parseUrl('/', { box: bad }).box).toBeUndefined();
    }
  });

  it('name parts of the service graph, whatever they are called', () => {
    const edge = { from: 'a~b', to: 'x!', toKind: 'service', async: true, destination: '' };
    expect(
      printUrl({ ...DEFAULT_URL_STATE, page: { name: 'graph' }, pick: { edge: { ...edge, toKind: 'service' } } }),
    ).toEqual({
      path: '/graph',
      search: '?pick=a%7Ea%21%7Eb%7Es%7Ex%21%21%7E',
    });
    for (const bad of ['', 's', 'z~x', 'c~a~s', 'c~a~q~b', 'a~a~s~b', 's~a~b']) {
      expect(parseUrl('/graph', { pick: bad, focus: `2~${bad}` })).toMatchObject({ pick: undefined, focus: undefined });
    }
    expect(parseUrl('/graph', { focus: '0~s~web' }).focus).toBeUndefined();
    expect(parseUrl('/graph', { hide: 'same~colour~async' }).hide).toEqual(['async', 'same']);
  });

  it('ignore keys of other pages and unknown keys', () => {
    const state = parseUrl('/', { span: '00f067aa0ba902b7', find: 'x', utm: '1', __proto__: 'x' } as Record<
      string,
      string
    >);
    expect(state).toEqual(DEFAULT_URL_STATE);
  });

  it('take trace ids as people write them', () => {
    expect(parseUrl('/trace/0x4BF92F3577B34DA6A3CE929D0E0E4736', {}).page).toEqual({
      name: 'trace',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    });
    expect(parseUrl('/store', {}).page).toEqual({ name: 'store' });
    expect(printUrl(parseUrl('/store/', { q: '{}' }))).toMatchObject({ path: '/store' });
    expect(parseUrl('/trace/not-an-id', {}).page).toEqual({ name: 'unknown', path: '/trace/not-an-id' });
    expect(parseUrl('/trace/%E0%A4%A', {}).page.name).toBe('unknown');
  });

  it('from a later version are still read', () => {
    expect(parseUrl('/', { v: '9', q: '{ kind = server }' }).q).toBe('{ kind = server }');
  });
});

describe('search text', () => {
  it('holds strings and nothing else', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), params => {
        const wellFormed = Object.fromEntries(
          Object.entries(params)
            .filter(([key]) => key !== '__proto__')
            .map(([key, value]) => [key.toWellFormed(), value.toWellFormed()]),
        );
        expect(parseSearch(stringifySearch(wellFormed))).toEqual(wellFormed);
      }),
    );
    expect(parseSearch('?a=1&a=2&b=%7B%7D')).toEqual({ a: '1', b: '{}' });
  });
});
