import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { QueryStopped } from '#server/store/store.ts';
import { ingestMixedTraces, MIXED_BASE_NS, MIXED_TRACES } from '#server/testing/mixed-traces.ts';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';
import { registerTempoRoutes } from './routes.ts';

// Requests as Grafana's Tempo data source and Traces Drilldown send them.

let server: TempoServer;
beforeAll(async () => {
  server = await tempoServer();
  await ingestMixedTraces(server);
});
afterAll(() => server?.close());

const start = Number(MIXED_BASE_NS / 1_000_000_000n);
const end = start + 60;

async function json(path: string, params: Record<string, string | number>): Promise<Record<string, never[]>> {
  const { status, type, text } = await server.get(path, { ...params, start, end });
  expect([status, text.slice(0, status === 200 ? 0 : 300)]).toEqual([200, '']);
  expect(type).toMatch(/^application\/json/);
  return JSON.parse(text);
}

describe('the data source', () => {
  test('saves and tests', async () => {
    expect(await server.get('/api/echo')).toMatchObject({ status: 200, text: 'echo' });
    expect(JSON.parse((await server.get('/api/status/buildinfo')).text).version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('offers names and values of tags', async () => {
    const { scopes } = await json('/api/v2/search/tags', { limit: 5_000 });
    expect((scopes as { name: string }[]).map(s => s.name).sort()).toEqual(
      ['event', 'instrumentation', 'intrinsic', 'link', 'resource', 'span'].filter(name =>
        (scopes as { name: string }[]).some(s => s.name === name),
      ),
    );
    const services = await json('/api/v2/search/tag/resource.service.name/values', { limit: 5_000, q: '{}' });
    expect(services.tagValues).toContainEqual({ type: 'string', value: 'cart' });
    const statuses = await json('/api/v2/search/tag/status/values', { q: '{resource.service.name="cart"}' });
    expect(statuses.tagValues).toContainEqual({ type: 'keyword', value: 'error' });
    await json('/api/v2/search/tag/span%3Aname/values', { q: '{resource.service.name="cart" && status=error}' });
  });

  test('searches with what its builder writes, as traces and as spans', async () => {
    const { traces } = await json('/api/search', { q: '{}', limit: 100, spss: 3 });
    expect(traces).toHaveLength(MIXED_TRACES);
    for (const q of [
      '{resource.service.name="cart" && name="GET /" && status=error}',
      '{resource.service.name=~"cart|pay" && duration>1ms && traceDuration>1ms}',
      '{span.a="x" || span.a=~"y" || event:name="exception"} | select(span.http.route, resource.service.name)',
      '{.shared != nil} | count() > 1 | by(resource.service.name)',
      '{kind=server} >> {status=error}',
    ]) {
      const found = (await json('/api/search', { q, limit: 20, spss: 10 })).traces as { spanSets: unknown[] }[];
      for (const trace of found) expect(trace.spanSets.length).toBeGreaterThan(0);
    }
  });

  test('opens a found trace by the id as it was told', async () => {
    const traces = (await json('/api/search', { q: '{}', limit: 1, spss: 3 })).traces as { traceID: string }[];
    const { status, type, bytes } = await server.get(
      `/api/v2/traces/${traces[0].traceID}`,
      { start, end },
      { accept: 'application/protobuf' },
    );
    expect([status, type, bytes.length > 50]).toEqual([200, 'application/protobuf', true]);
  });
});

describe('Drilldown', () => {
  const primary = ['nestedSetParent<0', 'kind=server', 'true'];
  const range = { step: '15s', exemplars: 100 };
  interface Series {
    readonly labels: { key: string; value: { stringValue?: string; doubleValue?: number } }[];
    readonly samples: { timestampMs: string; value?: number }[];
  }
  const series = async (q: string) => (await json('/api/metrics/query_range', { q, ...range })).series as Series[];
  const total = (one: Series) => one.samples.reduce((sum, sample) => sum + (sample.value ?? 0), 0);

  test.each(primary)('draws rate, errors and duration of {%s}', async signal => {
    const [rate] = await series(`{${signal} && true} | rate() with(sample=true)`);
    const errors = await series(`{${signal} && true && status=error} | rate() with(sample=true)`);
    expect(errors).toHaveLength(1);
    expect(total(errors[0])).toBeLessThanOrEqual(total(rate));
    const buckets = await series(`{${signal} && true} | histogram_over_time(duration) with(sample=true)`);
    expect(buckets.every(one => one.labels[0].key === '__bucket' && (one.labels[0].value.doubleValue ?? 0) > 0)).toBe(
      true,
    );
    const { spans } = JSON.parse((await server.get('/api/search/count', { q: `{${signal} && duration > 1ns}` })).text);
    expect(buckets.reduce((sum, one) => sum + total(one), 0)).toBe(spans);
    const [p90] = await series(`{${signal} && true} | quantile_over_time(duration, 0.9)`);
    expect(p90.labels).toEqual([{ key: 'p', value: { doubleValue: 0.9 } }]);
  });

  test('breaks down by an attribute', async () => {
    for (const key of ['resource.service.name', 'span.http.route', 'rootName', 'status', 'kind', 'name']) {
      const guard = key.includes('.') ? ` && ${key} != nil` : '';
      const broken = await series(`{nestedSetParent<0${guard}} | rate() by(${key}) with(sample=true)`);
      const [whole] = await series(`{nestedSetParent<0${guard}} | rate()`);
      expect(new Set(broken.map(one => one.labels[0].key))).toEqual(new Set([key]));
      expect(broken.reduce((sum, one) => sum + total(one), 0)).toBeCloseTo(total(whole), 6);
    }
  });

  test('compares', async () => {
    const q = `{nestedSetParent<0 && true} | compare({status = error}, 10, ${start}000000000, ${end}000000000)`;
    const { series: compared } = await json('/api/metrics/query', { q });
    const types = new Set((compared as Series[]).map(one => one.labels[0].value.stringValue));
    expect(types).toEqual(new Set(['baseline', 'baseline_total', 'selection', 'selection_total']));
  });

  test('shows structure, exceptions and spans', async () => {
    const structure =
      '({nestedSetParent<0 && true} &>> {status = error}) || ({nestedSetParent<0 && true && status = error}) | select(status, resource.service.name, name, nestedSetParent, nestedSetLeft, nestedSetRight)';
    const found = (await json('/api/search', { q: structure, limit: 200, spss: 20 })).traces as {
      spanSets: { spans: { attributes: { key: string }[] }[] }[];
    }[];
    expect(found.length).toBeGreaterThan(2);
    const keys = found[0].spanSets[0].spans[0].attributes.map(a => a.key);
    expect(keys).toEqual(expect.arrayContaining(['status', 'service.name', 'nestedSetParent', 'nestedSetLeft']));
    await json('/api/search', {
      q: '{true && status = error} | select(resource.service.name, event.exception.message, event.exception.stacktrace, event.exception.type) with(most_recent=true)',
      limit: 400,
      spss: 10,
    });
    await json('/api/search', { q: '{nestedSetParent<0 && true} | select(span.http.route, name, status)', limit: 200 });
  });
});

describe('a query', () => {
  async function listening(query: (signal: AbortSignal) => Promise<unknown>): Promise<[FastifyInstance, string]> {
    const app = Fastify();
    const store = {
      ...server.store,
      query: (_request: unknown, options?: { signal?: AbortSignal }) => query(options?.signal as AbortSignal),
    };
    registerTempoRoutes(app, store as never);
    return [app, await app.listen({ port: 0, host: '127.0.0.1' })];
  }

  test.each([
    '/api/search?q={}',
    '/api/metrics/query_range?q={}|rate()',
    '/api/metrics/query?q={}|rate()',
    '/api/v2/search/tags',
    '/api/v2/search/tag/name/values',
  ])('%s stops when its client goes away', async path => {
    const begun = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    const [app, url] = await listening(signal => {
      begun.resolve();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          stopped.resolve();
          reject(new QueryStopped('aborted'));
        });
      });
    });
    const client = new AbortController();
    const reply = fetch(url + path, { signal: client.signal });
    await begun.promise;
    client.abort();
    await expect(reply).rejects.toThrow();
    await stopped.promise;
    await app.close();
  });

  test('that takes too long, needs too much, or comes while too many wait, is told so', async () => {
    for (const [reason, status, told] of [
      ['deadline', 504, 'the query took too long: narrow its time range or its conditions'],
      ['memory', 422, 'the query needs more memory than the server gives it: narrow its time range or its conditions'],
      ['busy', 429, 'too many queries are waiting: try again'],
    ] as const) {
      const [app, url] = await listening(() => Promise.reject(new QueryStopped(reason)));
      const reply = await fetch(`${url}/api/metrics/query?q={}|rate()`);
      expect([reply.status, await reply.text()]).toEqual([status, told]);
      await app.close();
    }
  });

  test('of the store ends at its deadline', async () => {
    const args = { q: '{} >> {}', startNs: undefined, endNs: undefined, limit: 20, spansPerSpanset: 3 };
    await expect(server.store.query({ kind: 'search', args }, { deadlineMs: 0 })).rejects.toMatchObject({
      reason: 'deadline',
    });
  });
});
