import { afterAll, expect, test } from 'vitest';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import type { EdgeName } from '#domain/api/graph-api.ts';
import { edgeKey } from '#domain/graph/changes.ts';
import { type Call, countCalls } from '#domain/graph/count-calls.ts';
import { queryOfPart, queryOfPartWithin } from '#domain/graph/edge-query.ts';
import { graphOfCalls } from '#domain/graph/graph-of-calls.ts';
import { randomCalls } from '#domain/graph/testing/random-calls.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';

const open: TempoServer[] = [];
afterAll(async () => {
  for (const server of open) await server.close();
});

async function found(server: TempoServer, q: string): Promise<readonly string[]> {
  const { status, text } = await server.get('/api/search', { q, limit: 100 });
  expect(status, `${q}: ${text}`).toBe(200);
  return (JSON.parse(text).traces as { traceID: string }[]).map(({ traceID }) => traceID.padStart(32, '0')).sort();
}

function edgeOf({ from, to, toKind, async: isAsync, destination }: Call): EdgeName {
  return { from, to, toKind, async: isAsync, destination };
}

// Without links, shared ids and missing parents: TraceQL relates spans by parent ids alone, and none below a missing one.
test('the query of an edge or a peer finds the traces with such a call', async () => {
  for (const seed of [1, 2]) {
    const spans = randomCalls(seed, true);
    const server = await tempoServer();
    open.push(server);
    await server.store.ingest(encodeTraces(spans), 'protobuf');
    const tables = [...Map.groupBy(spans, ({ traceId }) => traceId).values()].map(tableOfSpans);
    const counted = await countCalls(tables);
    const context = { graph: graphOfCalls(counted), spanAttributes: undefined };
    for (const calls of Map.groupBy(counted.calls, call => edgeKey(edgeOf(call))).values()) {
      const edge = edgeOf(calls[0]);
      const traces = [...new Set(calls.map(({ traceId }) => traceId))].sort();
      const query = queryOfPart({ edge }, context);
      expect([seed, query, await found(server, query)]).toEqual([seed, query, traces]);
    }
    const peers = counted.calls.filter(({ toKind }) => toKind !== 'service');
    for (const calls of Map.groupBy(peers, ({ to, toKind }) => `${toKind} ${to}`).values()) {
      const query = queryOfPart({ peer: calls[0].to, kind: calls[0].toKind }, context);
      // A span of another service answers a call even if it says that it is internal; without the caller, none is another.
      const traces = new Set(calls.map(({ traceId }) => traceId));
      const all = await found(server, query);
      expect([seed, query, [...traces].filter(trace => !all.includes(trace))]).toEqual([seed, query, []]);
    }
    const failed = await found(server, '{ status = error }');
    const edge = edgeOf(counted.calls[0]);
    const both = queryOfPartWithin('{ status = error }', { edge }, context) as string;
    const ofEdge = await found(server, queryOfPart({ edge }, context));
    expect(await found(server, both)).toEqual(ofEdge.filter(trace => failed.includes(trace)));
  }
});
