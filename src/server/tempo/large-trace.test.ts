import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';
import { MAX_LOADED_SPANS } from '#server/traceql/load-traces.ts';

const LARGE = 'a'.repeat(32);
const SMALL = 'b'.repeat(32);
const BASE_NS = 1_790_000_000_000_000_000n;
const COUNT = MAX_LOADED_SPANS + 1;
const PER_REQUEST = 30_000;

let server: TempoServer;
beforeAll(async () => {
  server = await tempoServer();
  const send = (spans: readonly unknown[]) =>
    server.ingest([
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'big' } }] },
        scopeSpans: [{ spans }],
      },
    ]);
  for (let from = 0; from < COUNT; from += PER_REQUEST) {
    const count = Math.min(PER_REQUEST, COUNT - from);
    await send(Array.from({ length: count }, (_, i) => span(LARGE, from + i)));
  }
  // The last request comes twice.
  await send([span(LARGE, COUNT - 1), span(SMALL, 0), span(SMALL, 1)]);
}, 120_000);
afterAll(() => server?.close());

function span(traceId: string, i: number): unknown {
  const startNs = BASE_NS + BigInt(i) * 1_000n;
  return {
    traceId,
    spanId: (i + 1).toString(16).padStart(16, '0'),
    ...(i > 0 && { parentSpanId: '0000000000000001' }),
    name: i === 0 ? 'root' : 'step',
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + 1_000n),
    attributes: [{ key: 'n', value: { intValue: String(i % 10) } }],
    status: i === 70_000 ? { code: 2 } : {},
  };
}

async function search(q: string): Promise<{ traceID: string; spanSets: { matched: number; spans: unknown[] }[] }[]> {
  const { status, text } = await server.get('/api/search', { q });
  expect(status, text).toBe(200);
  return JSON.parse(text).traces;
}

test('a trace too large to be held is described all the same', async () => {
  const found = await search('{ span.n = 3 }');
  expect(found).toEqual([
    expect.objectContaining({
      traceID: LARGE,
      rootServiceName: 'big',
      rootTraceName: 'root',
      startTimeUnixNano: String(BASE_NS),
      durationNanos: String(COUNT * 1_000),
      serviceStats: { big: { spanCount: COUNT, errorCount: 1 } },
    }),
  ]);
  const [{ matched, spans }] = found[0].spanSets;
  expect(matched).toBe(Math.ceil((COUNT - 3) / 10));
  expect(spans).toHaveLength(3);
  expect(spans[0]).toMatchObject({
    spanID: '0000000000000004',
    attributes: [{ key: 'n', value: { intValue: '3' } }],
  });
});

test('it stands among others, and redelivered spans count once', async () => {
  const found = await search('{}');
  expect(found.map(t => [t.traceID, t.spanSets[0].matched])).toEqual([
    [SMALL, 2],
    [LARGE, COUNT],
  ]);
  const { text } = await server.get('/api/search/count', { q: '{}' });
  expect(JSON.parse(text)).toEqual({ traces: 2, spans: COUNT + 2 });
  const metrics = await server.get('/api/metrics/query', {
    q: '{} | count_over_time()',
    start: Number(BASE_NS / 1_000_000_000n),
    end: Number(BASE_NS / 1_000_000_000n) + 10,
  });
  expect(JSON.parse(metrics.text).series[0].value).toBe(COUNT + 2);
});

test('a query that needs it whole is refused by its name, one that leaves it out is not', async () => {
  const { status, text } = await server.get('/api/search', { q: '{ name = "root" } >> { span.n = 1 }' });
  expect([status, text]).toEqual([
    400,
    expect.stringContaining(`trace ${LARGE} has more than ${MAX_LOADED_SPANS} spans`),
  ]);
  const others = `{ name = "root" } >> { span.n = 1 && trace:id != "${LARGE}" }`;
  expect((await search(others)).map(t => t.traceID)).toEqual([SMALL]);
});
