import type { NodeKind, ServiceGraph } from './service-graph.ts';

/** One edge on its way into a graph: what the columns of `GraphEdges` say, by the names of its ends. */
export interface EdgeRow {
  readonly from: string;
  readonly to: string;
  readonly toKind: NodeKind;
  readonly toSystem: string;
  readonly async: boolean;
  readonly destination: string;
  readonly calls: number;
  readonly errors: number;
  readonly p50Ns: number;
  readonly p95Ns: number;
  readonly p99Ns: number;
  readonly p95LowNs: number;
  readonly p95HighNs: number;
  readonly queueP50Ns: number;
  readonly queueP95Ns: number;
  readonly clientOnly: number;
  readonly traces: number;
}

/** One node on its way into a graph. */
export interface NodeRow {
  readonly name: string;
  readonly kind: NodeKind;
  readonly system: string;
  readonly group: string;
  readonly calls: number;
  readonly errors: number;
  readonly p50Ns: number;
  readonly p95Ns: number;
  readonly p99Ns: number;
  readonly unnamedCalls: number;
  readonly unknownCallers: number;
}

/** Services and peers are apart even if they share a name. */
export function nodeKey(name: string, kind: NodeKind): string {
  return `${kind === 'service' ? 's' : kind === 'database' ? 'd' : kind === 'messaging' ? 'm' : 'e'} ${name}`;
}

/**
 * The graph of these rows, at most `maxEdges` of the busiest edges. Ends that are no row of `nodes` become nodes without
 * calls of their own. Nodes by name, edges by their ends: the same graph always reads the same.
 */
export function graphOfRows(nodes: readonly NodeRow[], edges: readonly EdgeRow[], maxEdges: number): ServiceGraph {
  const kept = [...edges].sort((a, b) => b.calls - a.calls || compareEdges(a, b)).slice(0, maxEdges);
  const leftOut = { edges: edges.length - kept.length, calls: sum(edges) - sum(kept) };
  kept.sort(compareEdges);
  const rows = new Map(nodes.map(node => [nodeKey(node.name, node.kind), node]));
  for (const edge of kept) {
    for (const end of [silentNode(edge.from, 'service', ''), silentNode(edge.to, edge.toKind, edge.toSystem)]) {
      const key = nodeKey(end.name, end.kind);
      if (!rows.has(key)) rows.set(key, end);
    }
  }
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const index = new Map(sorted.map(([key], i) => [key, i]));
  const column = <K extends keyof NodeRow>(key: K): NodeRow[K][] => sorted.map(([, node]) => node[key]);
  const edgeColumn = <K extends keyof EdgeRow>(key: K): EdgeRow[K][] => kept.map(edge => edge[key]);
  return {
    nodes: {
      name: column('name'),
      kind: column('kind'),
      system: column('system'),
      group: column('group'),
      calls: column('calls'),
      errors: column('errors'),
      p50Ns: column('p50Ns'),
      p95Ns: column('p95Ns'),
      p99Ns: column('p99Ns'),
      unnamedCalls: column('unnamedCalls'),
      unknownCallers: column('unknownCallers'),
    },
    edges: {
      from: kept.map(edge => index.get(nodeKey(edge.from, 'service'))!),
      to: kept.map(edge => index.get(nodeKey(edge.to, edge.toKind))!),
      async: edgeColumn('async'),
      destination: edgeColumn('destination'),
      calls: edgeColumn('calls'),
      errors: edgeColumn('errors'),
      p50Ns: edgeColumn('p50Ns'),
      p95Ns: edgeColumn('p95Ns'),
      p99Ns: edgeColumn('p99Ns'),
      p95LowNs: edgeColumn('p95LowNs'),
      p95HighNs: edgeColumn('p95HighNs'),
      queueP50Ns: edgeColumn('queueP50Ns'),
      queueP95Ns: edgeColumn('queueP95Ns'),
      clientOnly: edgeColumn('clientOnly'),
      traces: edgeColumn('traces'),
    },
    leftOut,
  };
}

function silentNode(name: string, kind: NodeKind, system: string): NodeRow {
  const none = { calls: 0, errors: 0, p50Ns: 0, p95Ns: 0, p99Ns: 0, unnamedCalls: 0, unknownCallers: 0 };
  return { name, kind, system, group: '', ...none };
}

function compareEdges(a: EdgeRow, b: EdgeRow): number {
  return (
    compare(a.from, b.from) ||
    compare(a.to, b.to) ||
    compare(a.toKind, b.toKind) ||
    Number(a.async) - Number(b.async) ||
    compare(a.destination, b.destination)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sum(edges: readonly EdgeRow[]): number {
  return edges.reduce((calls, edge) => calls + edge.calls, 0);
}
