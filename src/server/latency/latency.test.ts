import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CellTraces, LatencyHeatmap, LatencyUnit, RedSeries } from '#domain/api/latency-api.ts';
import { ROW_FLOORS_NS, rowOfDuration } from '#domain/latency/duration-rows.ts';
import { seededRandom } from '#domain/testing/seeded-random.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';
import { durationRowSql } from './duration-row-sql.ts';

let server: TempoServer;
beforeAll(async () => {
  server = await tempoServer();
  await server.ingest(resources());
});
afterAll(() => server?.close());

const BASE_NS = 1_790_000_000_000_000_000n;
const HOUR_NS = 3_600_000_000_000n;
const YEAR_NS = 365n * 24n * HOUR_NS;

interface Made {
  readonly trace: number;
  readonly span: number;
  readonly isRoot: boolean;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly failed: boolean;
  readonly tenant: string;
  readonly traceState: string;
  readonly sampleRate?: number;
}

/** Durations on, just below and just above the edges of rows; none, reversed, and of a hundred days. */
const DURATIONS: readonly bigint[] = [
  ...[0, 4, 8, 79, 80, 81, 120, 121, 184, 185, 186, 200].flatMap(row => [-1n, 0n, 1n].map(d => ROW_FLOORS_NS[row] + d)),
  0n,
  -5n,
  8_640_000_000_000_000n,
];
const MADE = makeSpans();

function makeSpans(): readonly Made[] {
  const random = seededRandom(5);
  const made: Made[] = [];
  for (let trace = 0; trace < 60; trace++) {
    const tenant = ['acme', 'globex'][trace % 2];
    for (let span = 0; span < 5; span++) {
      const startNs =
        BASE_NS + BigInt(trace) * 60_000_000_000n + BigInt(span) * 20_000_000_000n * (trace === 7 ? 9n : 1n);
      const durationNs = DURATIONS[Math.floor(random() * DURATIONS.length)];
      made.push({
        trace,
        span,
        // One trace has two roots, one has none.
        isRoot: (span === 0 && trace !== 13) || (trace === 9 && span === 3),
        startNs,
        endNs: startNs + durationNs,
        failed: random() < 0.2,
        tenant,
        traceState: '',
      });
    }
  }
  return made;
}

function resources(made: readonly Made[] = MADE, attributes: readonly unknown[] = []): unknown[] {
  return [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }, ...attributes] },
      scopeSpans: [
        {
          spans: made.map(({ trace, span, isRoot, startNs, endNs, failed, tenant, traceState, sampleRate }) => ({
            traceId: traceId(trace),
            spanId: spanId(trace, span),
            ...(!isRoot && { parentSpanId: spanId(trace, 0) }),
            name: `step ${span}`,
            traceState,
            startTimeUnixNano: String(startNs),
            endTimeUnixNano: String(endNs),
            status: failed ? { code: 2 } : {},
            ...(sampleRate && { attributes: [{ key: 'SampleRate', value: { intValue: String(sampleRate) } }] }),
            ...(span === 1 && { attributes: [{ key: 'tenant.id', value: { stringValue: tenant } }] }),
          })),
        },
      ],
    },
  ];
}

const traceId = (trace: number) => (trace + 1).toString(16).padStart(32, '0');
const spanId = (trace: number, span: number) => (trace * 100 + span + 1).toString(16).padStart(16, '0');
const durationOf = ({ startNs, endNs }: Made) => (endNs > startNs ? endNs - startNs : 0n);

async function ask<T>(kind: string, args: object, store = server.store): Promise<T> {
  const answer = await store.query<Answer<T>>({ kind, args });
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

const ALL = { q: '{}', startNs: BASE_NS, endNs: BASE_NS + HOUR_NS, columns: 60, of: 'spans' as LatencyUnit };
const NO_BOX = { fromNs: undefined, toNs: undefined, minNs: undefined, maxNs: undefined };

/** What a plain count of spans or roots gives, by column and row. */
function plainCount(units: readonly Made[], { startNs, endNs, columns }: typeof ALL, failed: (unit: Made) => boolean) {
  const stepNs = (endNs - startNs + BigInt(columns) - 1n) / BigInt(columns);
  const cells = new Map<string, [number, number]>();
  for (const unit of units) {
    if (unit.startNs < startNs || unit.startNs >= endNs) continue;
    const key = `${(unit.startNs - startNs) / stepNs}/${rowOfDuration(durationOf(unit)) ?? 'none'}`;
    const [count, errors] = cells.get(key) ?? [0, 0];
    cells.set(key, [count + 1, errors + (failed(unit) ? 1 : 0)]);
  }
  return cells;
}

function expectSums(map: LatencyHeatmap): void {
  const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
  expect(sum(map.counts) + map.below.count + map.withoutDuration.count).toBe(map.total);
  expect(sum(map.errors) + map.below.errors + map.withoutDuration.errors).toBe(map.totalErrors);
  expect(map.counts).toHaveLength(map.columns * map.rows);
}

/** Every cell as the plain count has it. */
function expectCells(map: LatencyHeatmap, cells: ReturnType<typeof plainCount>): void {
  expectSums(map);
  expect(map.total).toBe([...cells.values()].reduce((sum, [n]) => sum + n, 0));
  for (let column = 0; column < map.columns; column++) {
    for (let row = 0; row < map.rows; row++) {
      const at = column * map.rows + row;
      const [count, errors] = cells.get(`${column}/${row + map.firstRow}`) ?? [0, 0];
      expect([column, row, map.counts[at], map.errors[at]]).toEqual([column, row, count, errors]);
    }
  }
  const none = [...cells].filter(([key]) => key.endsWith('none')).reduce((sum, [, [n]]) => sum + n, 0);
  expect(map.withoutDuration.count).toBe(none);
}

const FILTERS: readonly (readonly [string, (unit: Made) => boolean])[] = [
  ['{}', () => true],
  ['{ status = error }', unit => unit.failed],
  ['{ name = "step 2" }', ({ span }) => span === 2],
  ['{ baggage.tenant.id = "acme" }', ({ tenant }) => tenant === 'acme'],
  ['{ baggage.tenant.id = "acme" && duration > 1ms }', u => u.tenant === 'acme' && durationOf(u) > 1_000_000n],
  // Judged trace by trace.
  [
    '{ name = "step 0" } >> { status = error }',
    u => u.failed && u.span > 0 && u.trace !== 13 && (u.trace !== 9 || u.span !== 3),
  ],
];
const RANGES = [
  { startNs: BASE_NS, endNs: BASE_NS + HOUR_NS, columns: 60 },
  { startNs: BASE_NS + 7n * 60_000_000_000n + 1n, endNs: BASE_NS + 9n * 60_000_000_000n, columns: 7 },
  { startNs: BASE_NS, endNs: BASE_NS + YEAR_NS, columns: 120 },
];

describe('the heatmap', () => {
  test.each(FILTERS)(
    'counts every span of %s once, in the column of its start and the row of its duration',
    async (q, matches) => {
      for (const range of RANGES) {
        const args = { ...ALL, ...range, q };
        const spans = MADE.filter(matches);
        expectCells(
          await ask('heatmap', args),
          plainCount(spans, args, unit => unit.failed),
        );
      }
    },
  );

  test.each(FILTERS)('counts every trace of %s once, by its last root', async (q, matches) => {
    for (const range of RANGES) {
      const args = { ...ALL, ...range, q, of: 'traces' as const };
      const spans = MADE.filter(matches);
      const matched = new Set(spans.map(({ trace }) => trace));
      const failed = new Set(spans.filter(unit => unit.failed).map(({ trace }) => trace));
      const inRange = MADE.filter(u => u.isRoot && u.startNs >= args.startNs && u.startNs < args.endNs);
      const roots = inRange.filter(
        u => matched.has(u.trace) && !inRange.some(other => other.trace === u.trace && other.startNs > u.startNs),
      );
      const map = await ask<LatencyHeatmap>('heatmap', args);
      expectCells(
        map,
        plainCount(roots, args, unit => failed.has(unit.trace)),
      );
      const rootless = spans.some(u => u.trace === 13 && u.startNs >= args.startNs && u.startNs < args.endNs);
      expect(map.withoutRoot).toBe(rootless ? 1 : 0);
    }
  });

  test('puts every whole number of ns beside an edge into its row', async () => {
    const values = ROW_FLOORS_NS.flatMap(floor => [floor - 1n, floor, floor + 1n]).filter(value => value >= 0n);
    const query = `select d, ${durationRowSql('d')} as r from (select unnest([${values.join(', ')}]::bigint[]) as d)`;
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const rows = (await connection.runAndReadAll(query)).getRowsJS();
    expect(rows.map(([d, r]) => [d, r])).toEqual(rows.map(([d]) => [d, rowOfDuration(d as bigint) ?? 255]));
    connection.closeSync();
  });

  test('of an empty window is empty', async () => {
    const map = await ask<LatencyHeatmap>('heatmap', { ...ALL, startNs: BASE_NS - YEAR_NS, endNs: BASE_NS - HOUR_NS });
    expect(map).toMatchObject({ rows: 0, counts: [], errors: [], total: 0, observed: 0, p01Ns: 0, maxNs: 0 });
    expect(map.columns).toBe(60);
  });

  test('of one span is one cell', async () => {
    const one = MADE.find(unit => durationOf(unit) > 1_000_000n)!;
    const map = await ask<LatencyHeatmap>('heatmap', { ...ALL, startNs: one.startNs, endNs: one.startNs + 1n });
    expect(map).toMatchObject({ columns: 1, stepNs: 1, rows: 1, total: 1, maxNs: Number(durationOf(one)) });
    expect(map.counts).toEqual([1]);
  });

  test('starts at the 0.1st percentile', async () => {
    const other = await tempoServer();
    const many = Array.from({ length: 2_500 }, (_, i): Made => {
      const startNs = BASE_NS + BigInt(i);
      return {
        ...MADE[0],
        trace: i,
        span: 0,
        isRoot: true,
        startNs,
        endNs: startNs + (i < 2 ? 3n : 50_000_000n),
        failed: i === 0,
      };
    });
    await other.ingest(resources(many));
    const map = await ask<LatencyHeatmap>('heatmap', ALL, other.store);
    expect(map).toMatchObject({
      rows: 1,
      firstRow: rowOfDuration(50_000_000n),
      below: { count: 2, errors: 1 },
      total: 2_500,
    });
    expectSums(map);
    await other.close();
  });

  test('refuses what it does not understand', async () => {
    const answer = await server.store.query<Answer<unknown>>({ kind: 'heatmap', args: { ...ALL, q: '{ a = }' } });
    expect(answer).toMatchObject({ ok: false });
  });
});

describe('the RED strip', () => {
  test.each(FILTERS)('tells rate, errors and exact quantiles of %s', async (q, matches) => {
    const args = { ...ALL, q, columns: 12 };
    const red = await ask<RedSeries>('red', args);
    const stepNs = BigInt(red.stepNs);
    for (let column = 0; column < 12; column++) {
      const own = MADE.filter(u => matches(u) && (u.startNs - BASE_NS) / stepNs === BigInt(column));
      const sorted = own.map(durationOf).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      const at = (p: number) =>
        sorted.length === 0 ? -1 : Number(sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]);
      expect([red.counts[column], red.errors[column]]).toEqual([own.length, own.filter(u => u.failed).length]);
      expect([red.p50Ns[column], red.p95Ns[column], red.p99Ns[column]]).toEqual([at(0.5), at(0.95), at(0.99)]);
    }
    expect(red.quantiles).toBe('exact');
  });

  test('marks a new version and the way back', async () => {
    const other = await tempoServer();
    const spansOf = (fromMinute: number, toMinute: number) =>
      Array.from({ length: (toMinute - fromMinute) * 20 }, (_, i): Made => {
        const startNs = BASE_NS + BigInt(fromMinute) * 60_000_000_000n + BigInt(i) * 3_000_000_000n;
        return { ...MADE[0], trace: fromMinute * 1_000 + i, startNs, endNs: startNs + 5n };
      });
    const version = (text: string) => [{ key: 'service.version', value: { stringValue: text } }];
    await other.ingest([...resources(spansOf(0, 20), version('1.0')), ...resources(spansOf(20, 40), version('2.0'))]);
    await other.ingest(resources(spansOf(40, 60), version('1.0')));
    const { versions } = await ask<RedSeries>('red', ALL, other.store);
    const minute = (n: number) => String(BASE_NS + BigInt(n) * 60_000_000_000n);
    expect(versions).toEqual([
      { kind: 'deployment', service: 'shop', version: '2.0', previous: '1.0', atUnixNano: minute(20) },
      {
        kind: 'rollback',
        service: 'shop',
        version: '1.0',
        previous: '2.0',
        atUnixNano: String(BigInt(minute(40)) - 3_000_000_000n),
      },
    ]);
    await other.close();
  });
});

describe('a box', () => {
  test('is shown by its slowest, median and newest span', async () => {
    const box = {
      fromNs: BASE_NS + HOUR_NS / 4n,
      toNs: BASE_NS + HOUR_NS / 2n,
      minNs: 1_000n,
      maxNs: ROW_FLOORS_NS[121],
    };
    const own = MADE.filter(
      u => u.startNs >= box.fromNs && u.startNs < box.toNs && durationOf(u) >= box.minNs && durationOf(u) < box.maxNs,
    );
    const sorted = own.map(durationOf).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const found = await ask<CellTraces>('cellTraces', { ...ALL, box });
    expect([found.count, found.errors]).toEqual([own.length, own.filter(u => u.failed).length]);
    expect(found.slowest?.durationNs).toBe(Number(sorted.at(-1)));
    expect(found.median?.durationNs).toBe(Number(sorted[Math.ceil(sorted.length / 2) - 1]));
    const newest = own.reduce((a, b) => (b.startNs > a.startNs ? b : a));
    expect(found.newest).toMatchObject({ traceId: traceId(newest.trace), spanId: spanId(newest.trace, newest.span) });
  });

  test('of traces gives their roots', async () => {
    const found = await ask<CellTraces>('cellTraces', { ...ALL, q: '{ name = "step 2" }', of: 'traces', box: NO_BOX });
    expect(found.newest).toMatchObject({
      traceId: traceId(59),
      spanId: spanId(59, 0),
      service: 'shop',
      name: 'step 0',
    });
  });

  test('without anything in it gives nothing', async () => {
    const found = await ask<CellTraces>('cellTraces', { ...ALL, box: { ...NO_BOX, minNs: 5n, maxNs: 5n } });
    expect(found).toMatchObject({ count: 0, observed: 0 });
    expect(found.slowest).toBeUndefined();
  });
});

test('counts are weighted by the threshold in tracestate and by SampleRate', async () => {
  const other = await tempoServer();
  const spans = Array.from({ length: 40 }, (_, i): Made => {
    const startNs = BASE_NS + BigInt(i);
    const traceState = i < 10 ? 'ot=th:c' : i < 20 ? 'vendor=x,ot=rv:00000000000001;th:8' : '';
    const rate = i === 39 ? { sampleRate: 100 } : {};
    return {
      ...MADE[0],
      trace: i,
      startNs,
      endNs: startNs + (i < 10 ? 1_000n : 9_000n),
      failed: i < 5,
      traceState,
      ...rate,
    };
  });
  await other.ingest(resources(spans));
  const map = await ask<LatencyHeatmap>('heatmap', ALL, other.store);
  expect(map).toMatchObject({ estimated: true, observed: 40, total: 10 * 4 + 10 * 2 + 19 + 100, totalErrors: 20 });
  expectSums(map);
  const red = await ask<RedSeries>('red', { ...ALL, columns: 1 }, other.store);
  expect([red.counts, red.errors, red.estimated]).toEqual([[179], [20], true]);
  expect([red.p50Ns, red.p95Ns]).toEqual([[9_000], [9_000]]);
  const traces = await ask<LatencyHeatmap>('heatmap', { ...ALL, of: 'traces' }, other.store);
  expect(traces).toMatchObject({ estimated: true, total: 179 });
  await other.close();
});
