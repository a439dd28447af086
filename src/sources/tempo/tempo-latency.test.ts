import { expect, test } from 'vitest';
import type { LatencySource } from '#sources/latency-of-search.ts';
import { SourceError } from '#sources/trace-source.ts';
import { tempoLatency } from './tempo-latency.ts';

const S = 1_000_000_000n;
const BASE = 1_790_000_000n * S;
const signal = new AbortController().signal;
const REQUEST = { query: '{ name = "x" }', of: 'spans' as const, startUnixNano: BASE, endUnixNano: BASE + 60n * S };
const BOX = { fromUnixNano: undefined, toUnixNano: undefined, minNs: 1_000_000, maxNs: undefined };

type Label = readonly [string, object];
const series = (labels: readonly Label[], samples: readonly (readonly [second: number, value: number])[]) => ({
  labels: labels.map(([key, value]) => ({ key, value })),
  samples: samples.map(([second, value]) => ({
    timestampMs: String(BASE / 1_000_000n + BigInt(second * 1_000)),
    value,
  })),
});
const text = (stringValue: string) => ({ stringValue });

/** Answers by the end of the query. */
function tempo(answers: Readonly<Record<string, unknown>>) {
  const asked: URLSearchParams[] = [];
  const json = async (path: string): Promise<unknown> => {
    const params = new URL(path, 'http://tempo').searchParams;
    asked.push(params);
    const found = Object.entries(answers).find(([part]) => params.get('q')?.includes(part));
    if (found === undefined) throw new SourceError('bad-query', 'metrics are not enabled', path);
    return found[1];
  };
  const search = async () => ({
    traces: [0, 1, 2].map(i => ({
      traceId: `${i}`.repeat(32) as never,
      rootServiceName: 'shop',
      rootName: 'GET /',
      startUnixNano: BASE + BigInt(i) * 20n * S,
      durationNs: 1_000_000 * (i + 1),
      services: [{ name: 'shop', spanCount: 3, errorCount: 0 }],
      spanCount: 3,
      errorCount: i === 2 ? 1 : 0,
      matchedSpans: 1,
    })),
    totalTraces: undefined,
    partial: undefined,
  });
  return { asked, source: tempoLatency(json, search) as LatencySource };
}

test('the heatmap is that of powers of two, in columns that end where the buckets of Tempo do', async () => {
  const bucket = (seconds: number) => ['__bucket', { doubleValue: seconds }] as const;
  const { asked, source } = tempo({
    histogram_over_time: {
      series: [
        series(
          [bucket(1024 / 1e9), ['status', text('unset')]],
          [
            [20, 3],
            [60, 2],
          ],
        ),
        series(
          [bucket(4096 / 1e9), ['status', text('error')]],
          [
            [40, 4],
            [80, 9],
          ],
        ),
      ],
    },
  });
  const map = await source.latencyHeatmap({ ...REQUEST, columns: 3 }, { signal });
  expect(asked[0].get('q')).toBe('{ name = "x" } | histogram_over_time(duration) by (status)');
  expect([asked[0].get('start'), asked[0].get('end'), asked[0].get('step')]).toEqual([
    String(BASE + 20n * S),
    String(BASE + 60n * S),
    '20s',
  ]);
  expect(map).toMatchObject({ rowsPerOctave: 1, upperInclusive: true, firstRow: 9, rows: 3, columns: 3, total: 9 });
  expect(map.counts).toEqual([3, 0, 0, 0, 0, 4, 2, 0, 0]);
  expect(map.errors).toEqual([0, 0, 0, 0, 0, 4, 0, 0, 0]);
  expect(map.covers).toContain('powers of two');
});

test('the strip adds up statuses and marks versions', async () => {
  const version = (name: string) =>
    [
      ['resource.service.name', text('pay')],
      ['resource.service.version', text(name)],
    ] as const;
  const { source } = tempo({
    'by (status)': {
      series: [
        series(
          [['status', text('unset')]],
          [
            [20, 5],
            [40, 6],
            [60, 7],
          ],
        ),
        series([['status', text('error')]], [[40, 1]]),
      ],
    },
    quantile: { series: [series([['p', { doubleValue: 0.95 }]], [[20, 0.25]])] },
    'service.version': {
      series: [
        series(version('1'), [[20, 5]]),
        series(version('2'), [
          [40, 7],
          [60, 7],
        ]),
      ],
    },
  });
  const red = await source.redSeries({ ...REQUEST, columns: 3 }, { signal });
  expect(red).toMatchObject({
    counts: [5, 7, 7],
    errors: [0, 1, 0],
    p95Ns: [250_000_000, -1, -1],
    quantiles: 'buckets',
  });
  expect(red.versions).toMatchObject([{ kind: 'deployment', service: 'pay', previous: '1', version: '2' }]);
});

test('the difference is that of compare(), with the values that one side does not list', async () => {
  const compared = (side: string, field: string, value: object, count: number) => ({
    labels: [
      { key: '__meta_type', value: text(side) },
      { key: field, value },
    ],
    value: count,
  });
  const nil = { stringValue: 'nil' };
  const { asked, source } = tempo({
    compare: {
      series: [
        compared('selection', 'span.tenant', text('acme'), 90),
        compared('baseline', 'span.tenant', text('globex'), 900),
        compared('baseline', 'span.tenant', text('acme'), 50),
        compared('selection_total', 'span.tenant', nil, 100),
        compared('baseline_total', 'span.tenant', nil, 950),
        compared('selection', 'name', text('x'), 100),
        compared('baseline', 'name', text('x'), 1_000),
        compared('selection_total', 'name', nil, 100),
        compared('baseline_total', 'name', nil, 1_000),
      ],
    },
  });
  const found = await source.difference({ ...REQUEST, box: BOX, baseline: 'rest' }, { signal });
  expect(asked[0].get('q')).toBe(
    `{ name = "x" } | compare({ duration >= 1000000ns }, 100, ${BASE}, ${BASE + 60n * S})`,
  );
  expect(found).toMatchObject({
    verdict: 'differs',
    selection: { count: 100 },
    rest: { count: 1_000 },
    alike: ['name'],
  });
  const [tenant] = found.attributes;
  expect(tenant).toMatchObject({ field: 'span.tenant', missing: { selectionCount: 0, restCount: 50 } });
});

test('a Tempo without metrics is asked for its newest traces', async () => {
  const { source } = tempo({});
  const map = await source.latencyHeatmap({ ...REQUEST, columns: 3 }, { signal });
  expect(map).toMatchObject({ of: 'traces', total: 3, totalErrors: 1, rowsPerOctave: 4, maxNs: 3_000_000 });
  expect(map.covers).toContain('3 matching traces that were loaded');
  const red = await source.redSeries({ ...REQUEST, columns: 3 }, { signal });
  expect(red).toMatchObject({ counts: [1, 1, 1], errors: [0, 0, 1], p50Ns: [1_000_000, 2_000_000, 3_000_000] });
  const box = { ...BOX, minNs: 2_000_000 };
  const cell = await source.cellTraces({ ...REQUEST, box }, { signal });
  expect(cell).toMatchObject({
    count: 2,
    errors: 1,
    slowest: { durationNs: 3_000_000 },
    median: { durationNs: 2_000_000 },
  });
  expect(await source.difference({ ...REQUEST, box, baseline: 'rest' }, { signal })).toMatchObject({
    verdict: 'too-few',
  });
});

test('whole traces come from the newest ones, and an earlier baseline is refused', async () => {
  const { asked, source } = tempo({});
  expect((await source.latencyHeatmap({ ...REQUEST, of: 'traces', columns: 3 }, { signal })).of).toBe('traces');
  expect(asked).toEqual([]);
  const earlier = source.difference({ ...REQUEST, box: BOX, baseline: '1d' }, { signal });
  await expect(earlier).rejects.toThrow('compares with the rest of the query only');
});
