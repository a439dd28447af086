import { afterEach, describe, expect, test } from 'vitest';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import type { CallsAnswer, ServiceGraphAnswer } from '#domain/api/graph-api.ts';
import { countCalls } from '#domain/graph/count-calls.ts';
import { graphOfCalls } from '#domain/graph/graph-of-calls.ts';
import type { ServiceGraph } from '#domain/graph/service-graph.ts';
import { graphAsText } from '#domain/graph/testing/graph-as-text.ts';
import { randomCalls } from '#domain/graph/testing/random-calls.ts';
import { DRAWN_START, readDrawing } from '#domain/testing/drawing.ts';
import { seededRandom } from '#domain/testing/seeded-random.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';
import type { ServiceGraphArgs } from './query-graph.ts';

const open: TempoServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serverWith(...requests: readonly (readonly PlainSpan[])[]): Promise<TempoServer> {
  const server = await tempoServer();
  open.push(server);
  for (const spans of requests) {
    const result = await server.store.ingest(encodeTraces(spans), 'protobuf');
    expect(result).toMatchObject({ kind: 'stored', rejected: 0 });
  }
  return server;
}

async function graph(server: TempoServer, args: Partial<ServiceGraphArgs> = {}): Promise<ServiceGraph> {
  const all = { q: '', startNs: 0n, endNs: 2n ** 62n, compare: undefined, groupBy: '', ...args };
  const answer = await server.store.query<Answer<ServiceGraphAnswer>>({ kind: 'serviceGraph', args: all });
  if (!answer.ok) throw new Error(answer.message);
  return answer.value.graph;
}

const SHOP = `
  gateway   GET /checkout @server                                   |---------------------|
  gateway     POST cart @client server.address=cart                  |-----|
  cart          POST /cart @server                                     |--|
  cart            GET k @client db.system.name=redis server.address=redis-1:6379  ||
  gateway     POST pay @client !                                            |------|
  pay           POST /charge @server                                         |----|
  pay             charge @client server.address=psp.example.com:443 !         |--|
  gateway     POST audit @client server.address=audit.shop.svc.cluster.local       |-|
  gateway     orders publish @producer messaging.system=kafka messaging.destination.name=orders |
  mail          orders process @consumer                                                  |-----|
`;

/** The same, counted from the traces one by one. */
async function counted(spans: readonly PlainSpan[]): Promise<ServiceGraph> {
  const traces = Map.groupBy(spans, ({ traceId }) => traceId);
  return graphOfCalls(await countCalls([...traces.values()].map(tableOfSpans)));
}

describe('the service graph of the store', () => {
  test('counts each call once, from whichever halves are there', async () => {
    const server = await serverWith(readDrawing(SHOP));
    expect(graphAsText(await graph(server))).toMatchInlineSnapshot(`
      [
        "cart -> redis-1 (database) 1, p95 1 ms",
        "gateway -> audit.shop.svc.cluster.local (external) 1, p95 2 ms",
        "gateway -> cart 1, p95 3 ms",
        "gateway ~> mail 1, p95 6 ms, through orders",
        "gateway -> pay 1, 1 failed, p95 5 ms",
        "pay -> psp.example.com (external) 1, 1 failed, p95 3 ms",
        "redis-1 (database): 1, redis",
        "audit.shop.svc.cluster.local (external): 1",
        "psp.example.com (external): 1, 1 failed",
        "cart: 1",
        "gateway: 1",
        "mail: 1",
        "pay: 1",
      ]
    `);
  });

  test('is what counting the traces one by one gives', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const spans = randomCalls(seed);
      // In two requests, halves of calls apart.
      const server = await serverWith(
        spans.filter((_, i) => i % 2 === 0),
        spans.filter((_, i) => i % 2 === 1),
      );
      expect([seed, graphAsText(await graph(server))]).toEqual([seed, graphAsText(await counted(spans))]);
    }
  });

  test('leaves redelivered spans out', async () => {
    const spans = readDrawing(SHOP);
    const server = await serverWith(spans, spans);
    expect(graphAsText(await graph(server))).toEqual(graphAsText(await counted(spans)));
  });

  test('counts the traces that a query finds, whole', async () => {
    const other = { traceId: 'f'.repeat(32) };
    const lonely = readDrawing('pay  POST /refund @server |--|', other);
    const server = await serverWith([...readDrawing(SHOP), ...lonely]);
    const found = await graph(server, { q: '{ name = "GET k" }' });
    expect(graphAsText(found)).toEqual(graphAsText(await counted(readDrawing(SHOP))));
    expect((await graph(server, { q: '{ name = "no such" }' })).nodes.name).toEqual([]);
    await expect(graph(server, { q: '{ name = ' })).rejects.toThrow(/line 1|expected/i);
  });

  test('counts a call in the range in which it was taken', async () => {
    const server = await serverWith(readDrawing(SHOP));
    const at = (ms: number) => DRAWN_START + BigInt(ms) * 1_000_000n;
    const until = await graph(server, { startNs: at(0), endNs: at(10) });
    const from = await graph(server, { startNs: at(10), endNs: at(1000) });
    const calls = ({ edges }: ServiceGraph) => edges.calls.reduce((a, b) => a + b, 0);
    const all = calls(await graph(server));
    expect(calls(until)).toBeGreaterThan(0);
    expect(calls(from)).toBeGreaterThan(0);
    expect(calls(until) + calls(from)).toBe(all);
  });

  test('tells what changed against the window before, and since when', async () => {
    const minute = 60_000_000_000n;
    const load = (from: bigint, minutes: number, meanMs: number, failing: number, random = seededRandom(7)) =>
      Array.from({ length: minutes * 20 }, (_, i) =>
        readDrawing(
          `web  GET pay @client |---|
           pay    GET /pay @server${random() < failing ? ' !' : ''} |${'-'.repeat(Math.round(meanMs * (0.5 + random())))}|`,
          {
            traceId: (from + BigInt(i)).toString(16).padStart(32, '0'),
            startUnixNano: from + (BigInt(i) * minute) / 20n,
          },
        ),
      ).flat();
    const start = DRAWN_START;
    const server = await serverWith(
      load(start, 60, 20, 0),
      load(start + 60n * minute, 30, 20, 0),
      load(start + 90n * minute, 30, 80, 0.3),
    );
    const args = {
      q: '',
      startNs: start + 60n * minute,
      endNs: start + 120n * minute,
      compare: 'previous',
      groupBy: '',
    };
    const answer = await server.store.query<Answer<ServiceGraphAnswer>>({ kind: 'serviceGraph', args });
    if (!answer.ok) throw new Error(answer.message);
    const { before, changes } = answer.value;
    expect(before).toMatchObject({
      startUnixNano: String(start),
      endUnixNano: String(start + 60n * minute),
      isWhole: true,
    });
    expect(changes?.map(({ what, worse, edge }) => `${edge.from} ${edge.to} ${what} ${worse}`)).toEqual([
      'web pay errors true',
      'web pay p95 true',
    ]);
    for (const { firstBadUnixNano } of changes ?? []) {
      const minutes = Number((BigInt(firstBadUnixNano ?? 0) - start) / minute);
      expect(minutes).toBeGreaterThanOrEqual(89);
      expect(minutes).toBeLessThanOrEqual(92);
    }
    const edge = { from: 'web', to: 'pay', toKind: 'service', async: false, destination: '' };
    const calls = await server.store.query<Answer<CallsAnswer>>({
      kind: 'graphCalls',
      args: { ...args, of: { edge } },
    });
    if (!calls.ok) throw new Error(calls.message);
    const { now, operations, exemplars } = calls.value;
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect([now.calls, calls.value.before?.calls, calls.value.before?.errors]).toEqual([1200, 1200, 0]);
    expect([sum(now.series.calls), sum(now.histogram.counts), sum(now.series.errors)]).toEqual([
      1200,
      1200,
      now.errors,
    ]);
    expect(operations).toEqual([{ name: 'GET /pay', calls: 1200, errors: now.errors, p95Ns: now.p95Ns }]);
    expect(exemplars.map(({ why }) => why)).toEqual(['slowest', 'failing', 'typical'].flatMap(why => [why, why, why]));
  });

  test('compares no rates with a time that is not stored', async () => {
    const server = await serverWith(
      Array.from({ length: 40 }, (_, i) =>
        readDrawing('web  GET / @client |---|\npay    GET / @server |-|', { traceId: `${i + 1}`.padStart(32, '0') }),
      ).flat(),
    );
    const hour = 3_600_000_000_000n;
    const args = {
      q: '',
      startNs: DRAWN_START - 60_000_000_000n,
      endNs: DRAWN_START + hour,
      compare: 'day',
      groupBy: '',
    };
    const answer = await server.store.query<Answer<ServiceGraphAnswer>>({ kind: 'serviceGraph', args });
    expect(answer).toMatchObject({ ok: true, value: { before: { isWhole: false }, changes: [] } });
  });

  test('groups services by an attribute of their resources', async () => {
    const server = await serverWith(
      readDrawing(`
        web  GET / @server resource.service.namespace=front |-----|
        api    GET /x @server resource.service.namespace=back |--|
      `),
    );
    const { nodes } = await graph(server, { groupBy: 'service.namespace' });
    expect(nodes.name.map((name, i) => [name, nodes.group[i]])).toEqual([
      ['api', 'back'],
      ['web', 'front'],
    ]);
  });
});
