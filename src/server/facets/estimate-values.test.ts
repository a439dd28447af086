import { afterAll, beforeAll, expect, test } from 'vitest';
import type { QueryContext } from '#server/store/query-context.ts';
import { ingest, makeTempDir, openCore, removeDir, type TestCore } from '#server/store/testing/open-core.ts';
import { NOW_NS, request, resource, span, text } from '#server/store/testing/spans.ts';
import { searchRange } from '#server/tempo/search.ts';
import { estimateValues } from './estimate-values.ts';
import { fieldValuesSql } from './field-values.ts';
import { matchingSpans } from './matching-spans.ts';

const TRACES = 3_000;
const CITIES = ['rome', 'oslo', 'lima'];
let dir: string;
let store: TestCore;

beforeAll(async () => {
  dir = makeTempDir();
  store = await openCore(dir, { maxSegmentSpans: 2_000 });
  await send(0, TRACES);
});
afterAll(async () => {
  await store.core.close();
  removeDir(dir);
});

/** Traces of two spans in Rome, Oslo or Lima; those of Lima fail. */
async function send(from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += 500) {
    const spans = Array.from({ length: 500 }, (_, i) => {
      const n = first + i;
      const traceId = (BigInt(n + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n).toString(16).slice(-32).padStart(32, '1');
      const more = {
        traceId,
        startUnixNano: NOW_NS + BigInt(n),
        resource: resource('shop', text('city', CITIES[n % 3])),
        statusCode: n % 3 === 2 ? 2 : 0,
      };
      return [span('1', more), span('2', { ...more, parentSpanId: '0000000000000001' })];
    });
    await ingest(store.core, request(...spans.flat()));
    await store.core.maintain();
  }
}

let statements = 0;

function estimate() {
  return store.core.run(9_000 + statements, async context => {
    const counting: QueryContext = {
      ...context,
      columns: (sql, params) => {
        statements++;
        return context.columns(sql, params);
      },
    };
    const spans = await matchingSpans(counting, '{}', searchRange(counting, { startNs: undefined, endNs: undefined }));
    const field = { type: 'attribute', scope: 'resource', key: 'city', from: 0, to: 0 } as const;
    const parts = spans.parts.flatMap(part => fieldValuesSql(field, { ...spans, parts: [part] }) ?? []);
    return {
      segments: parts.length,
      ...(await estimateValues(counting, { sql: spans.sql, parts, condition: 'true' })),
    };
  });
}

function expectNear(actual: number, expected: number): void {
  expect(Math.abs(actual - expected) / expected).toBeLessThan(0.15);
}

test('estimates are close, over all segments, failed traces too', async () => {
  const { segments, values, listed } = await estimate();
  expect(segments).toBeGreaterThan(2);
  expect(listed).toBe(3);
  expect(values.map(({ value }) => value).sort()).toEqual(['lima', 'oslo', 'rome']);
  for (const { value, traces, errorTraces } of values) {
    expectNear(traces, TRACES / 3);
    if (value === 'lima') expectNear(errorTraces, TRACES / 3);
    else expect(errorTraces).toBe(0);
  }
});

test('segments are read once, and again when spans were added to them', async () => {
  const first = await estimate();
  const before = statements;
  expect(await estimate()).toEqual(first);
  expect(statements).toBe(before);
  await send(TRACES, TRACES + 1_500);
  const more = await estimate();
  expectNear(
    more.values.reduce((sum, { traces }) => sum + traces, 0),
    TRACES + 1_500,
  );
  expect(statements).toBeGreaterThan(before);
  // What was full stays as it was.
  expect(statements - before).toBeLessThan(more.segments);
});
