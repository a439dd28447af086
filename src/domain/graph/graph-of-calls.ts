import type { Call, CountedCalls, Request } from './count-calls.ts';
import { type EdgeRow, graphOfRows, type NodeRow, nodeKey } from './graph-rows.ts';
import { ladderOf, readQuantiles } from './quantiles.ts';
import type { ServiceGraph } from './service-graph.ts';

/** Adds calls up into a graph; where the store does it, in SQL, the numbers are the same. */
export function graphOfCalls(counted: CountedCalls, maxEdges = Number.POSITIVE_INFINITY): ServiceGraph {
  const edges = [...Map.groupBy(counted.calls, edgeKey).values()].map(edgeRow);
  const requests = Map.groupBy(counted.requests, ({ service }) => service);
  const unnamed = Map.groupBy(counted.unnamed, service => service);
  const unknown = Map.groupBy(counted.unknownCallers, service => service);
  const services = new Set([...requests.keys(), ...unnamed.keys(), ...unknown.keys()]);
  const nodes = [...services].map((name): NodeRow => {
    const row = nodeRow(name, requests.get(name) ?? []);
    return { ...row, unnamedCalls: unnamed.get(name)?.length ?? 0, unknownCallers: unknown.get(name)?.length ?? 0 };
  });
  const peers = Map.groupBy(
    counted.calls.filter(({ toKind }) => toKind !== 'service'),
    ({ to, toKind }) => nodeKey(to, toKind),
  );
  for (const calls of peers.values()) {
    const [{ to, toKind, toSystem }] = calls;
    nodes.push({ ...nodeRow(to, calls), kind: toKind, system: toSystem });
  }
  return graphOfRows(nodes, edges, maxEdges);
}

function edgeKey({ from, to, toKind, async: isAsync, destination }: Call): string {
  return JSON.stringify([from, to, toKind, isAsync, destination]);
}

function edgeRow(calls: readonly Call[]): EdgeRow {
  const [{ from, to, toKind, toSystem, async: isAsync, destination }] = calls;
  const traces = new Set(calls.map(({ traceId }) => traceId)).size;
  const queues = ladderOf(calls.flatMap(({ queueNs }) => queueNs ?? []));
  return {
    from,
    to,
    toKind,
    toSystem,
    async: isAsync,
    destination,
    calls: calls.length,
    errors: failures(calls),
    ...readQuantiles(ladderOf(calls.map(({ durationNs }) => durationNs)), traces),
    queueP50Ns: queues[0],
    queueP95Ns: queues[6],
    clientOnly: calls.filter(({ half }) => half === 'client').length,
    traces,
  };
}

function nodeRow(name: string, requests: readonly Pick<Request, 'failed' | 'durationNs'>[]): NodeRow {
  const ladder = ladderOf(requests.map(({ durationNs }) => durationNs));
  const { p50Ns, p95Ns, p99Ns } = readQuantiles(ladder, requests.length);
  const numbers = { calls: requests.length, errors: failures(requests), p50Ns, p95Ns, p99Ns };
  return { name, kind: 'service', system: '', group: '', ...numbers, unnamedCalls: 0, unknownCallers: 0 };
}

function failures(calls: readonly { readonly failed: boolean }[]): number {
  return calls.reduce((n, { failed }) => n + Number(failed), 0);
}
