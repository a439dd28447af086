import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingestMixedTraces } from '#server/testing/mixed-traces.ts';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';

let server: TempoServer;
beforeAll(async () => {
  server = await tempoServer();
  await ingestMixedTraces(server);
});
afterAll(() => server?.close());

const TRACE = '0001c0ffeec0ffeec0ffeec0ffeeabcd';

describe('errors are one line of text', () => {
  test.each<[string, Record<string, string | number>, string]>([
    [
      '/api/search',
      { q: '{ foo = "bar" }' },
      'invalid TraceQL query: parse error at line 1, col 3: unknown identifier: foo',
    ],
    [
      '/api/search',
      { q: '{ name = nil }' },
      'invalid TraceQL query: name=nil is not valid because intrinsics cannot be nil',
    ],
    [
      '/api/search',
      { q: '{ name =~ "a{5001}" }' },
      'invalid TraceQL query: invalid regex: invalid repeat count: {5001}',
    ],
    ['/api/search', { q: '({} | rate()) / ({} | rate())' }, 'unsupported: metrics math in a search'],
    ['/api/search', { q: '{}', limit: 0 }, 'invalid limit: must be a positive number'],
    ['/api/search', { q: '{}', limit: -1 }, 'invalid limit: must be a positive number'],
    ['/api/search', { q: '{}', limit: 'x' }, 'invalid limit: "x" is not a number'],
    ['/api/search', { q: '{}', limit: 262_145 }, 'invalid limit: 262145 exceeds the maximum allowed value of 262144'],
    [
      '/api/search',
      { q: '{}', start: 1_000, end: 1_000 + 604_801 },
      'range specified by start and end exceeds 168h0m0s. received start=1000 end=605801',
    ],
    [
      '/api/metrics/query',
      { q: '{} | rate()', start: 1_000, end: 1_000 + 86_401 },
      'metrics query time range exceeds the maximum allowed duration of 24h0m0s',
    ],
    ['/api/search', { q: '{}', spss: 101 }, 'invalid spss: 101 exceeds the maximum allowed value of 100'],
    [
      '/api/search',
      { q: '{}', start: '2026-01-01T00:00:00Z', end: 5 },
      'invalid start: "2026-01-01T00:00:00Z" is not a time in Unix seconds',
    ],
    ['/api/search', { q: '{}', start: 5 }, 'please provide non-zero values for http parameters start and end'],
    ['/api/search', { q: '{}', start: 6, end: 5 }, 'http parameter start must be before end. received start=6 end=5'],
    ['/api/search', { q: '{}', tags: 'a=b' }, 'invalid request: q and tags cannot be combined'],
    ['/api/search', { tags: 'nonsense' }, 'invalid tags: "nonsense" is not of the form key=value'],
    ['/api/search', { minDuration: 'x' }, 'invalid minDuration: "x" is not a duration'],
    ['/api/v2/search/tags', { scope: 'nope' }, 'invalid scope: nope'],
    [
      '/api/v2/search/tag/nope/values',
      {},
      'please provide a valid tagName: failed to parse identifier nope: parse error at line 1, col 3: unknown identifier: nope',
    ],
    [
      '/api/v2/search/tag/service.name/values',
      {},
      'please provide a valid tagName: failed to parse identifier service.name: parse error at line 1, col 3: unknown identifier: service',
    ],
    ['/api/v2/traces/xyz', {}, 'trace IDs can only contain hex characters: trace id "xyz" is not hexadecimal'],
    [
      '/api/metrics/query',
      { q: '{} | topk(2)' },
      'invalid TraceQL query: parse error at line 1, col 6: syntax error: unexpected topk',
    ],
  ])('%s %j: %s', async (path, params, message) => {
    const { status, type, text } = await server.get(path, params);
    expect([status, type, text]).toEqual([400, 'text/plain; charset=utf-8', message]);
  });
});

test('an integer divided by zero is a fault of the run, as in Tempo; durations and floats divide', async () => {
  for (const [path, q] of [
    ['/api/search', '{ span.b / 0 = 1 }'],
    ['/api/search', '{ name != "" } >> { 1 + span.b % 0 > 1 }'],
    ['/api/metrics/query', '{ span.b / 0 = 1 } | rate()'],
  ]) {
    const { status, text } = await server.get(path, { q });
    expect([status, text]).toEqual([500, expect.stringMatching(/^integer divide by zero: span\.b [/%] 0$/)]);
  }
  for (const q of ['{ duration / 0 > 1s }', '{ 1.5 / 0 > 1 }', '{ span.b / 0.5 > 1 }', '{ name = "a/0" }']) {
    expect((await server.get('/api/search', { q })).status, q).toBe(200);
  }
});

describe('a trace by id', () => {
  test('is found padded, stripped and in capitals', async () => {
    const bodies = await Promise.all(
      [TRACE, TRACE.slice(3), TRACE.toUpperCase()].map(id => server.get(`/api/v2/traces/${id}`)),
    );
    expect(new Set(bodies.map(b => b.text)).size).toBe(1);
    expect(JSON.parse(bodies[0].text).trace.resourceSpans[0].scopeSpans[0].spans[0].traceId).toBe(
      'AAHA/+7A/+7A/+7A/+6rzQ==',
    );
  });

  test('comes as OTLP protobuf on demand, wrapped in v2, bare in v1', async () => {
    const accept = (path: string) => server.get(path, {}, { accept: 'application/protobuf' });
    const bare = await accept(`/api/traces/${TRACE}`);
    const stored = await server.store.trace(TRACE as never);
    expect([bare.type, bare.bytes.equals(stored ?? new Uint8Array(0))]).toEqual(['application/protobuf', true]);
    const wrapped = await accept(`/api/v2/traces/${TRACE}`);
    expect(wrapped.bytes[0]).toBe(0x0a);
    expect(wrapped.bytes.subarray(-bare.bytes.length - 2, -2).equals(bare.bytes)).toBe(true);
  });

  test('v1 has batches', async () => {
    expect(Object.keys(JSON.parse((await server.get(`/api/traces/${TRACE}`)).text))).toEqual(['batches']);
  });

  test('that nobody stored is empty in v2 and 404 in v1', async () => {
    const missing = 'd'.repeat(32);
    expect((await server.get(`/api/v2/traces/${missing}`)).text).toBe('{"trace":{},"metrics":{}}');
    expect(await server.get(`/api/traces/${missing}`)).toMatchObject({ status: 404, text: '' });
  });
});

describe('the rest of the API', () => {
  test('answers health checks', async () => {
    expect((await server.get('/api/echo')).text).toBe('echo');
    expect((await server.get('/ready')).status).toBe(200);
    expect(Object.keys(JSON.parse((await server.get('/api/status/buildinfo')).text))).toEqual([
      'version',
      'revision',
      'branch',
      'buildUser',
      'buildDate',
      'goVersion',
    ]);
  });

  test('older search: tags as logfmt, durations of traces', async () => {
    const find = async (params: Record<string, string>) => {
      const { status, text } = await server.get('/api/search', { limit: 100, ...params });
      expect(status, text).toBe(200);
      return JSON.parse(text).traces.map((t: { traceID: string }) => t.traceID);
    };
    const same = async (params: Record<string, string>, q: string) => {
      const found = await find(params);
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(await find({ q }));
    };
    await same({ tags: 'service.name=cart name="GET /"' }, '{ resource.service.name = "cart" && name = "GET /" }');
    await same({ tags: 'a=5' }, '{ .a = "5" || .a = 5 }');
    await same(
      { tags: 'error=true', minDuration: '10ms', maxDuration: '1h' },
      '{ status = error && traceDuration >= 10ms && traceDuration <= 1h }',
    );
    await same({}, '{}');
  });

  test('older tag names and values are bare', async () => {
    const { tagNames } = JSON.parse((await server.get('/api/search/tags')).text);
    expect(tagNames).toEqual([...tagNames].sort());
    expect(tagNames).toEqual(expect.arrayContaining(['a', 'service.name', 'http.route']));
    expect(JSON.parse((await server.get('/api/search/tag/service.name/values')).text).tagValues).toEqual([
      '',
      'cart',
      'pay',
    ]);
    expect(JSON.parse((await server.get('/api/search/tag/status/values')).text).tagValues).toEqual([
      'error',
      'ok',
      'unset',
    ]);
  });

  test('baggage names and values are told on demand', async () => {
    const scopes = JSON.parse((await server.get('/api/v2/search/tags', { scope: 'baggage' })).text).scopes;
    expect(scopes).toEqual([{ name: 'baggage', tags: ['tenant.id'] }]);
    const { tagValues } = JSON.parse((await server.get('/api/v2/search/tag/baggage.tenant.id/values')).text);
    expect(tagValues.map((v: { value: string }) => v.value).sort()).toEqual(['acme', 'globex']);
  });

  test('values follow the part of an unfinished query that makes sense', async () => {
    const values = async (q: string) =>
      JSON.parse((await server.get('/api/v2/search/tag/name/values', { q })).text)
        .tagValues.map((v: { value: string }) => v.value)
        .sort();
    const whole = await values('{ resource.service.name = "cart" && status = error }');
    expect(await values('{ resource.service.name = "cart" && status = error && span.')).toEqual(whole);
    expect(await values('{ (resource.service.name = "cart" && status = error) && (span.a = 1 || ')).toEqual(whole);
    const all = await values('');
    expect(whole.length).toBeLessThan(all.length);
    expect(await values('{ status = error } >> { name = "x" }')).toEqual(all);
    expect(await values('nonsense')).toEqual(all);
  });

  test('limits cut names and values', async () => {
    expect(
      JSON.parse((await server.get('/api/v2/search/tags', { scope: 'span', limit: 2 })).text).scopes[0].tags,
    ).toHaveLength(2);
    expect(
      JSON.parse((await server.get('/api/v2/search/tag/span.a/values', { limit: 1 })).text).tagValues,
    ).toHaveLength(1);
  });
});
