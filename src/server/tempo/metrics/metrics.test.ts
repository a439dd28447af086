import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingestMixedTraces, MIXED_BASE_NS } from '#server/testing/mixed-traces.ts';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';

let server: TempoServer;
beforeAll(async () => {
  server = await tempoServer();
  await ingestMixedTraces(server);
});
afterAll(() => server?.close());

const startS = Number(MIXED_BASE_NS / 1_000_000_000n);
const endS = startS + 40;

interface Answer {
  readonly status?: string;
  readonly message?: string;
  readonly series: readonly {
    readonly labels: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
    readonly samples?: readonly { readonly timestampMs: string; readonly value?: number }[];
    readonly exemplars?: readonly {
      readonly labels: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
      readonly timestampMs: string;
    }[];
    readonly value?: number;
  }[];
}

async function ask(path: string, q: string, params: Record<string, string | number> = {}): Promise<Answer> {
  const { status, text } = await server.get(path, { q, start: startS, end: endS, ...params });
  expect(status, `${q}: ${text}`).toBe(200);
  return JSON.parse(text);
}

const range = (q: string, params?: Record<string, string | number>) =>
  ask('/api/metrics/query_range', q, { step: '5s', ...params });
const instant = (q: string) => ask('/api/metrics/query', q);

/** Series without exemplars and last digits. */
function comparable({ series }: Answer): readonly string[] {
  const round = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value);
  return series.map(({ exemplars: _, ...rest }) => JSON.stringify(rest, round)).sort();
}

const fields = [
  'resource.service.name',
  'name',
  'status',
  'kind',
  'span.a',
  'span.b',
  'span.http.route',
  'span.peer.service',
  '.shared',
  '.service.name',
  'resource.zone',
  'instrumentation.a',
  'instrumentation:name',
  'rootName',
  'rootServiceName',
  'baggage.tenant.id',
  'duration',
  'statusMessage',
  'span:parentID',
];
const functions = [
  'rate()',
  'count_over_time()',
  'min_over_time(duration)',
  'avg_over_time(span.a)',
  'sum_over_time(span.http.route)',
  'max_over_time(duration)',
  'histogram_over_time(duration)',
  'histogram_over_time(span.b)',
  'quantile_over_time(duration, .1, .5, .99)',
  'quantile_over_time(span.http.route, .9)',
];
const filters = ['', 'status = error', 'span.a != nil', 'kind = client || span.peer.service = "x"', 'duration > 1ms'];

describe('SQL and the evaluation of whole traces add up to the same', () => {
  test('over a range and at an instant, redelivered spans once', async () => {
    const by = fc.uniqueArray(fc.constantFrom(...fields), { maxLength: 3 });
    const query = fc.tuple(fc.constantFrom(...filters), fc.constantFrom(...functions), by);
    await fc.assert(
      fc.asyncProperty(query, async ([filter, fn, keys]) => {
        const metrics = ` | ${fn}${keys.length === 0 ? '' : ` by (${keys.join(', ')})`}`;
        const [plain, judged] = [`{ ${filter} }${metrics}`, `{ ${filter} } && { ${filter} }${metrics}`];
        expect(comparable(await range(plain))).toEqual(comparable(await range(judged)));
        expect(comparable(await instant(plain))).toEqual(comparable(await instant(judged)));
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

describe('the answer', () => {
  test('counts the spans that a search finds', async () => {
    const { text } = await server.get('/api/search/count', { q: '{ status = error }' });
    const [{ value }] = (await instant('{ status = error } | count_over_time()')).series;
    expect(value).toBe(JSON.parse(text).spans);
    const [{ samples = [] }] = (await range('{ status = error } | count_over_time()')).series;
    expect(samples.reduce((sum, sample) => sum + (sample.value ?? 0), 0)).toBe(value);
  });

  test('labels buckets by their right edge, on multiples of the step', async () => {
    const [{ samples = [] }] = (await range('{} | rate()')).series;
    const stepsMs = samples.map(({ timestampMs }) => Number(timestampMs));
    expect(stepsMs[0]).toBe(startS * 1_000);
    expect(stepsMs.at(-1)).toBe(endS * 1_000);
    expect(new Set(stepsMs.map(ms => ms % 5_000))).toEqual(new Set([0]));
  });

  test('has exemplars that are spans of their buckets, as many as asked for', async () => {
    const { series } = await range('{ status = error } | rate() by (resource.service.name)');
    const exemplars = series.flatMap(one => one.exemplars ?? []);
    expect(exemplars.length).toBeGreaterThan(2);
    for (const { labels, timestampMs } of exemplars) {
      expect(labels.map(label => label.key)).toEqual(['trace:id', 'duration']);
      const q = `{ status = error && trace:id = "${labels[0].value.stringValue}" }`;
      const [trace] = JSON.parse((await server.get('/api/search', { q, spss: 100 })).text).traces;
      const starts = trace.spanSets[0].spans.map((span: { startTimeUnixNano: string }) =>
        Number(BigInt(span.startTimeUnixNano) / 1_000_000n),
      );
      expect(starts).toContain(Number(timestampMs));
    }
    const count = async (params: Record<string, number>, hint = '') =>
      (await range(`{} | rate()${hint}`, params)).series.flatMap(one => one.exemplars ?? []).length;
    expect([await count({ exemplars: 2 }), await count({ exemplars: 0 })]).toEqual([2, 0]);
    expect([await count({}, ' with (exemplars=false)'), await count({}, ' with (exemplars=1)')]).toEqual([0, 1]);
  });

  test('says when it leaves series out', async () => {
    const whole = await range('{} | rate() by (span:id)');
    expect([whole.status, whole.series.length > 20]).toEqual([undefined, true]);
    const cut = await range('{} | rate() by (span:id)', { maxSeries: 7 });
    expect([cut.status, cut.series.length]).toEqual(['PARTIAL', 7]);
    expect(cut.message).toMatch(/^Response exceeds maximum series limit of 7,/);
  });

  test('of nothing is nothing: no least, no sum; only a rate is zero then', async () => {
    const none = '{ status = error && kind = server && duration < 0s }';
    for (const fn of ['min_over_time(duration)', 'avg_over_time(span.a)', 'sum_over_time(span.http.route)']) {
      expect((await instant(`${none} | ${fn}`)).series, fn).toEqual([]);
      expect((await range(`${none} | ${fn}`)).series, fn).toEqual([]);
    }
    expect((await instant(`${none} | rate()`)).series).toEqual([
      { labels: [{ key: '__name__', value: { stringValue: 'rate' } }] },
    ]);
  });

  test('compares a selection with the rest, value by value', async () => {
    const { series } = await instant('{} | compare({ status = error }, 50)');
    const value = (type: string, key: string, text: string) =>
      series.find(({ labels: [meta, label] }) => {
        const [own] = Object.values(label.value);
        return meta.value.stringValue === type && label.key === key && own === text;
      })?.value ?? 0;
    const spans = async (q: string) => JSON.parse((await server.get('/api/search/count', { q })).text).spans;
    expect(value('selection', 'status', 'error')).toBe(await spans('{ status = error }'));
    expect(value('baseline_total', 'name', 'nil')).toBe(await spans('{ status != error && name != "" }'));
    expect(value('selection', 'resource.service.name', 'cart')).toBe(
      await spans('{ status = error && resource.service.name = "cart" }'),
    );
    expect(value('baseline', 'span.a', 'y')).toBe(await spans('{ status != error && span.a = "y" }'));
    expect(value('baseline', 'event.a', 'y')).toBe(await spans('{ status != error && event.a = "y" }'));
    for (const key of ['event:name', 'instrumentation:name', 'instrumentation.a', 'link.rel']) {
      const found = series.find(({ labels: [meta, label] }) => {
        const isText = typeof label.value.stringValue === 'string';
        return isText && meta.value.stringValue === 'baseline' && label.key === key;
      });
      const own = found?.labels[1].value.stringValue;
      expect(found?.value, key).toBe(await spans(`{ status != error && ${key} = "${own}" }`));
    }
    const kinds = (await instant('{} | compare({ status = error }, 2)')).series.filter(
      ({ labels: [meta, label] }) => meta.value.stringValue === 'baseline' && label.key === 'kind',
    );
    expect(kinds).toHaveLength(2);
    const over = (await range('{} | compare({ status = error }, 50)')).series;
    expect(over.map(one => one.labels)).toEqual(series.map(one => one.labels));
    expect(over.map(one => (one.samples ?? []).reduce((sum, s) => sum + (s.value ?? 0), 0))).toEqual(
      series.map(one => one.value ?? 0),
    );
  });

  test('compares within a window of the selection, and what only whole traces tell', async () => {
    const whole = await instant('{} && { kind = client } | compare({ status = error })');
    expect(whole.series.length).toBeGreaterThan(5);
    const spans = async (q: string) => JSON.parse((await server.get('/api/search/count', { q })).text).spans;
    for (const selection of ['span:childCount > 0', 'event:name != nil && event.a = "x"', 'traceDuration > 5ms']) {
      const { series } = await instant(`{ name != "" } | compare({ ${selection} }, 1)`);
      const total = (type: string) =>
        series.find(({ labels }) => labels[0].value.stringValue === type && labels[1].key === 'name')?.value ?? 0;
      expect(total('selection_total'), selection).toBe(await spans(`{ name != "" && (${selection}) }`));
      expect(total('baseline_total') + total('selection_total')).toBe(await spans('{ name != "" }'));
    }
    const never = await instant('{} | compare({ status = error }, 10, 1, 2)');
    const types = new Set(never.series.map(one => one.labels[0].value.stringValue));
    expect(types).toEqual(new Set(['baseline', 'baseline_total']));
  });

  test('ranks each moment, and calculates', async () => {
    const all = (await range('{} | count_over_time() by (name)')).series;
    const top = (await range('{} | count_over_time() by (name) | topk(1)')).series;
    all[0].samples?.forEach(({ timestampMs }) => {
      const at = (one: Answer['series'][number]) => one.samples?.find(s => s.timestampMs === timestampMs);
      const kept = top.flatMap(one => (at(one) === undefined ? [] : [at(one)?.value ?? 0]));
      expect(kept).toEqual([Math.max(...all.map(one => at(one)?.value ?? 0))]);
    });
    const [half] = (await instant('({} | count_over_time()) / 2')).series;
    const [ratio] = (await instant('({} | count_over_time()) / ({} | rate())')).series;
    expect(half.value).toBe(((await instant('{} | count_over_time()')).series[0].value ?? 0) / 2);
    expect(ratio.labels[0].value.stringValue).toBe('(count_over_time / rate)');
    expect(ratio.value).toBeCloseTo(endS - startS, 9);
  });
});

describe('times', () => {
  test('come in seconds, with a fraction, in ns, as RFC 3339; or as a stretch before the end', async () => {
    const expected = comparable(await range('{} | rate()'));
    const iso = (s: number) => new Date(s * 1_000).toISOString();
    const forms: Record<string, string>[] = [
      { start: `${startS}.000`, end: `${endS}.0` },
      { start: `${startS}000000000`, end: `${endS}000000000` },
      { start: iso(startS), end: iso(endS).replace('.000Z', '+00:00') },
    ];
    for (const form of forms) expect(comparable(await range('{} | rate()', form))).toEqual(expected);
    for (const step of ['5', '5.0', '5000ms']) {
      expect(comparable(await range('{} | rate()', { step }))).toEqual(expected);
    }
    expect(
      comparable(await ask('/api/metrics/query_range', '{} | rate()', { step: '5s', start: '', since: '40s' })),
    ).toEqual(expected);
  });

  test.each([
    ['10s', 50],
    ['30s', 100],
    ['2m', 1_000],
    ['5m', 1_000],
    ['20m', 5_000],
    ['1h', 15_000],
    ['3h', 45_000],
    ['6h', 60_000],
    ['24h', 300_000],
  ])('without a step, %s has points every %d ms', async (since, stepMs) => {
    const { series } = await ask('/api/metrics/query_range', '{} | rate()', { start: '', since });
    const [first, second] = series[0].samples ?? [];
    expect(Number(second.timestampMs) - Number(first.timestampMs)).toBe(stepMs);
  });
});
