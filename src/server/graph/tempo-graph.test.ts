import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawTraceProto } from '#decoding/testing/draw-trace-proto.ts';
import { graphAsText } from '#domain/graph/testing/graph-as-text.ts';
import { DRAWN_START } from '#domain/testing/drawing.ts';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';
import type { GraphReading } from '#sources/graph-source.ts';
import { tempoGraph } from '#sources/tempo/tempo-graph.ts';
import { SourceError } from '#sources/trace-source.ts';

// The questions that are put to a Tempo, answered by the Tempo API of the embedded store.

let server: TempoServer;
beforeAll(async () => {
  server = await tempoServer();
  const result = await server.store.ingest(
    drawTraceProto(`
      web  GET / @server                                      |----------------|
      web    GET pay @client                                    |------|
      pay      POST /charge @server !                             |---|
      pay        SELECT @client db.system.name=postgresql            ||
      web    GET pay @client                                             |---|
      pay      POST /charge @server                                       |-|
      web    GET cart @client server.address=cart.shop.svc.cluster.local          ||
      web    send @producer messaging.destination.name=orders            |
      cart GET /cart @server ^                                |----|
    `),
    'protobuf',
  );
  expect(result.kind).toBe('stored');
});
afterAll(() => server?.close());

const request = {
  query: '',
  startUnixNano: DRAWN_START - 60_000_000_000n,
  endUnixNano: DRAWN_START + 60_000_000_000n,
  compare: undefined,
  groupBy: '',
};

async function json(path: string): Promise<unknown> {
  const { pathname, searchParams } = new URL(path, 'http://tempo');
  const { status, text } = await server.get(pathname, Object.fromEntries(searchParams));
  if (status !== 200) throw new SourceError('bad-query', text, path);
  return JSON.parse(text);
}

test('one question for each caller makes the graph, part by part', async () => {
  const parts: GraphReading[] = [];
  const { signal } = new AbortController();
  const reading = await tempoGraph(json).graph(request, { signal, onPart: part => parts.push(part) });
  expect(graphAsText(reading.graph)).toMatchInlineSnapshot(`
    [
      "pay -> postgresql (database) 1, p95 0 ms",
      "web -> cart 1, p95 0 ms, 1 seen from the caller alone",
      "web ~> orders (messaging) 1, p95 0 ms, through orders",
      "web -> pay 2, 1 failed, p95 4.19 ms",
      "postgresql (database): 0, postgresql",
      "orders (messaging): 0",
      "cart: 1",
      "pay: 2, 1 failed",
      "web: 1",
    ]
  `);
  expect([reading.done, reading.total]).toEqual([5, 5]);
  expect(parts.map(({ done }) => done)).toEqual([1, 2, 3, 4]);
});

test('what Tempo cannot do is said', async () => {
  const withoutCounts = (path: string) =>
    decodeURIComponent(path).includes('childCount')
      ? Promise.reject(new SourceError('bad-query', 'unknown intrinsic', path))
      : json(path);
  const { signal } = new AbortController();
  const reading = await tempoGraph(withoutCounts).graph({ ...request, query: '{ status = error }' }, { signal });
  expect(reading.covers).toEqual([
    expect.stringContaining('one question for each service'),
    expect.stringContaining('The query is not applied'),
    expect.stringContaining('Databases and other systems are missing'),
  ]);
  expect(reading.graph.edges.calls).not.toEqual([]);
});
