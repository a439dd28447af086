import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BASE_S,
  fixtureRequests,
  hasTempoFixture,
  readTempoFile,
  type TempoServer,
  tempoServer,
} from '#server/testing/tempo-fixture.ts';

interface Goldens {
  readonly search: readonly Golden[];
  readonly metrics: readonly MetricsGolden[];
  readonly instant: readonly MetricsGolden[];
  readonly tags: readonly { readonly scope: string; readonly q: string; readonly scopes: Record<string, string[]> }[];
  readonly values: readonly {
    readonly tag: string;
    readonly q: string;
    readonly status: number;
    readonly values: unknown;
  }[];
  readonly summaries: Record<string, Summary>;
  readonly trace: Record<string, { readonly status: number; readonly body: unknown }>;
}

const NO_GOLDENS: Goldens = { search: [], metrics: [], instant: [], tags: [], values: [], summaries: {}, trace: {} };

interface Golden {
  readonly q: string;
  readonly status?: number;
  readonly expect: Record<string, unknown>;
}

interface MetricsGolden {
  readonly q: string;
  readonly status?: number;
  readonly nSeries: number;
  readonly series: readonly {
    readonly labels: Record<string, unknown>;
    readonly n?: number;
    readonly points?: Record<string, number>;
    readonly value?: number;
  }[];
}

interface MetricsReply {
  readonly series: readonly {
    readonly labels: readonly KeyValue[];
    readonly samples?: readonly { readonly timestampMs: string; readonly value?: number }[];
    readonly value?: number;
  }[];
}

interface Reply {
  readonly traces: readonly {
    readonly traceID: string;
    readonly rootServiceName: string;
    readonly spanSets: readonly SpanSet[];
  }[];
}

interface SpanSet {
  readonly matched: number;
  readonly spans: readonly { readonly spanID: string; readonly attributes?: readonly KeyValue[] }[];
  readonly attributes?: readonly KeyValue[];
}

interface KeyValue {
  readonly key: string;
  readonly value: Record<string, unknown>;
}

const start = BASE_S - 60;
const end = BASE_S + 200;

// The recordings lie beside the repository, not in it.
describe.skipIf(!hasTempoFixture)('as a real Tempo answered', () => {
  let server: TempoServer;
  beforeAll(async () => {
    server = await tempoServer();
    for (const request of fixtureRequests()) await server.ingest(request);
  });
  afterAll(() => server?.close());

  const goldens = hasTempoFixture ? readTempoFile<Goldens>('goldens.json') : NO_GOLDENS;
  const differs = new Set(hasTempoFixture ? readTempoFile<{ search: readonly string[] }>('differs.json').search : []);

  test('searches', async () => {
    const cases = goldens.search.filter(({ q }) => !differs.has(q));
    const failed: string[] = [];
    for (const golden of cases) {
      const { status, text } = await server.get('/api/search', { q: golden.q, start, end, limit: 300, spss: 100 });
      if (golden.status !== undefined) {
        if (status !== golden.status) failed.push(`${golden.q}: ${status} ${text.slice(0, 200)}`);
        continue;
      }
      const actual = status === 200 ? summary(golden.q, JSON.parse(text) as Reply) : text;
      if (stable(actual) !== stable(padded(golden.expect))) failed.push(golden.q);
    }
    // Tempo's order of the groups of by() is that of a Go map: it differs between its own runs.
    expect(failed.filter(q => q !== '{ kind = server } | by(status) | count() >= 1')).toEqual([]);
    expect(cases.length).toBeGreaterThan(150);
  });

  // Ours are counts, not estimates from a sample; and numbers compare by value.
  const otherOnPurpose = ['with (sample=true)', '{ span.mix = 1 }'];
  const metrics = (list: readonly MetricsGolden[]) => list.filter(({ q }) => !otherOnPurpose.some(o => q.includes(o)));

  test('metrics over a range', async () => {
    for (const golden of metrics(goldens.metrics)) {
      const { status, text } = await server.get('/api/metrics/query_range', { q: golden.q, start, end, step: '30s' });
      expect(status, golden.q).toBe(golden.status ?? 200);
      if (status !== 200) continue;
      const actual = (JSON.parse(text) as MetricsReply).series.map(({ labels, samples = [] }) => {
        // The recordings leave zeros out of long series.
        const told = samples.filter(({ value }) => value !== undefined || samples.length < 9);
        const points = told.map(({ timestampMs, value = 0 }) => [String(Number(timestampMs) / 1000 - BASE_S), value]);
        return { labels: labelsOf(labels), n: samples.length, points: Object.fromEntries(points) };
      });
      expect(rounded(actual), golden.q).toEqual(rounded(golden.series));
    }
  });

  test('metrics at an instant', async () => {
    for (const golden of metrics(goldens.instant)) {
      const { status, text } = await server.get('/api/metrics/query', { q: golden.q, start, end });
      expect(status, golden.q).toBe(golden.status ?? 200);
      if (status !== 200) continue;
      const { series } = JSON.parse(text) as MetricsReply;
      const actual = series.map(({ labels, value = 0 }) => ({ labels: labelsOf(labels), value }));
      expect(rounded(actual), golden.q).toEqual(rounded(golden.series));
    }
  });

  test('tag names', async () => {
    for (const { scope, q, scopes } of goldens.tags) {
      const { text } = await server.get('/api/v2/search/tags', {
        start,
        end,
        ...(scope && { scope }),
        ...(q && { q }),
      });
      const reply = JSON.parse(text) as { scopes: { name: string; tags: string[] }[] };
      expect(Object.fromEntries(reply.scopes.map(s => [s.name, s.tags])), `${scope} ${q}`).toEqual(scopes);
    }
  });

  test('tag values', async () => {
    for (const golden of goldens.values) {
      const path = `/api/v2/search/tag/${encodeURIComponent(golden.tag)}/values`;
      const { status, text } = await server.get(path, { start, end, ...(golden.q && { q: golden.q }) });
      expect(status, golden.tag).toBe(golden.status);
      if (status !== 200) continue;
      const reply = JSON.parse(text) as { tagValues: { type: string; value: string }[] };
      expect(reply.tagValues.map(v => [v.type, v.value]).sort(), `${golden.tag} ${golden.q}`).toEqual(golden.values);
    }
  });

  test('numbers of whole traces', async () => {
    for (const [id, { startOffsetNano, ...expected }] of Object.entries(goldens.summaries)) {
      const { text } = await server.get('/api/search', { q: `{ trace:id = "${id}" }`, start, end });
      const [{ traceID, rootServiceName, rootTraceName, durationMs, serviceStats, startTimeUnixNano }] =
        JSON.parse(text).traces;
      expect({ traceID, rootServiceName, rootTraceName, durationMs, serviceStats }).toEqual({
        rootTraceName: undefined,
        durationMs: undefined,
        ...expected,
        traceID: id,
      });
      expect(BigInt(startTimeUnixNano)).toBe(BigInt(BASE_S) * 1_000_000_000n + BigInt(startOffsetNano));
    }
  });

  test('traces by id', async () => {
    const shift = (BASE_S - 1_795_167_660) * 1_000_000_000;
    for (const [id, golden] of Object.entries(goldens.trace)) {
      const { status, text } = await server.get(`/api/v2/traces/${id}`);
      expect(status).toBe(golden.status);
      if (golden.body === '') continue;
      const shifted = JSON.stringify(golden.body).replace(/"(\d{19})"/g, (_, ns) => `"${BigInt(ns) + BigInt(shift)}"`);
      expect(JSON.parse(text).trace).toEqual(JSON.parse(shifted).trace);
    }
  });
});

interface Summary {
  readonly startOffsetNano: number;
  readonly rootServiceName: string;
}

/** A reply in the form of the recordings: trace → span ids, or its spansets where they say more. */
function summary(q: string, { traces }: Reply): Record<string, unknown> {
  const selects = q.includes('select(');
  const found: Record<string, unknown> = {};
  for (const { traceID, spanSets } of traces) {
    const isPlain = spanSets.length === 1 && !spanSets[0].attributes?.length && !selects;
    found[traceID.padStart(32, '0')] = isPlain
      ? spanSets[0].spans.map(s => s.spanID).sort()
      : spanSets.map(set => spanset(set, selects));
  }
  const numbered = Object.keys(found)
    .filter(id => id.startsWith('7'))
    .sort();
  if (numbered.length > 6) {
    for (const id of numbered.slice(2)) delete found[id];
    found['#traces_7'] = numbered.length;
  }
  return found;
}

function spanset({ matched, spans, attributes }: SpanSet, selects: boolean): unknown {
  const valueOfAny = (value: Record<string, unknown>) => Object.values(value)[0];
  const shown = spans.filter(s => s.attributes?.length);
  return {
    matched,
    spans: spans.map(s => s.spanID).sort(),
    ...(attributes?.length && { attrs: Object.fromEntries(attributes.map(a => [a.key, valueOfAny(a.value)])) }),
    ...(selects && {
      spanAttrs: Object.fromEntries(
        shown.map(s => [s.spanID, Object.fromEntries((s.attributes ?? []).map(a => [a.key, a.value]))]),
      ),
    }),
  };
}

function labelsOf(labels: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(labels.map(({ key, value }) => [key, value]));
}

/** Sums of floats differ in their last digits by the order of adding. */
function rounded(series: readonly { readonly labels: Record<string, unknown> }[]): readonly string[] {
  const round = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value);
  return series.map(one => stable(JSON.parse(JSON.stringify(one, round)))).sort();
}

function padded(expected: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(expected).map(([id, value]) => [id.startsWith('#') ? id : id.padStart(32, '0'), value]),
  );
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, v) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}
