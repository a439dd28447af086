import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';

const TRACES = 2_010;
const SPANS = 100;
const TRACES_PER_REQUEST = 201;
const BASE_NS = 1_790_000_000_000_000_000n;

let server: TempoServer;
beforeAll(async () => {
  server = await tempoServer();
  for (let from = 1; from <= TRACES; from += TRACES_PER_REQUEST) {
    const spans = Array.from({ length: TRACES_PER_REQUEST * SPANS }, (_, i) =>
      span(from + Math.floor(i / SPANS), i % SPANS),
    );
    await server.ingest([{ scopeSpans: [{ spans }] }]);
  }
}, 120_000);
afterAll(() => server?.close());

function span(trace: number, i: number): unknown {
  const startNs = BASE_NS + BigInt(trace) * 1_000_000n + BigInt(i);
  return {
    traceId: trace.toString(16).padStart(32, '0'),
    spanId: (trace * SPANS + i).toString(16).padStart(16, '0'),
    name: 'step',
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + 1_000n),
  };
}

test('an answer that would be too large says so, and how to make it smaller', async () => {
  const all = { q: '{}', limit: TRACES, spss: SPANS };
  expect(await server.get('/api/search', all)).toMatchObject({
    status: 400,
    text: 'the answer would hold more than 200000 spans: lower limit or spss',
  });
  const fewer = await server.get('/api/search', { ...all, spss: 1 });
  expect(JSON.parse(fewer.text).traces).toHaveLength(TRACES);
});
