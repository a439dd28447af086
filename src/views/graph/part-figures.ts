import type { EdgeChange, EdgeName, GraphPart } from '#domain/api/graph-api.ts';
import { edgeKey } from '#domain/graph/changes.ts';
import type { NodeKind, ServiceGraph } from '#domain/graph/service-graph.ts';

/** What a graph tells of one of its parts. */
export interface PartFigures {
  readonly calls: number;
  readonly errors: number;
  /** 0 where nothing is told. */
  readonly p50Ns: number;
  readonly p95Ns: number;
  readonly p99Ns: number;
  readonly queueP50Ns: number;
  readonly queueP95Ns: number;
  readonly clientOnly: number;
  readonly unnamedCalls: number;
  readonly unknownCallers: number;
  /** Of the database or messaging system; '' for none. */
  readonly system: string;
}

/** The figures of a part; undefined if the graph has no such part. */
export function partFigures(graph: ServiceGraph, part: GraphPart): PartFigures | undefined {
  if ('edge' in part) {
    const i = graph.edges.from.findIndex((_, edge) => edgeKey(edgeNameOf(graph, edge)) === edgeKey(part.edge));
    return i === -1 ? undefined : edgeFigures(graph, i);
  }
  const i = nodeIndex(graph, 'service' in part ? part.service : part.peer, 'service' in part ? 'service' : part.kind);
  return i === -1 ? undefined : nodeFigures(graph, i);
}

/** An edge by the names of its ends. */
export function edgeNameOf({ nodes, edges }: ServiceGraph, edge: number): EdgeName {
  const to = edges.to[edge]!;
  return {
    from: nodes.name[edges.from[edge]!]!,
    to: nodes.name[to]!,
    toKind: nodes.kind[to]!,
    async: edges.async[edge]!,
    destination: edges.destination[edge]!,
  };
}

/** A node as something that can be selected. */
export function nodePart({ nodes }: ServiceGraph, node: number): GraphPart {
  const [name, kind] = [nodes.name[node]!, nodes.kind[node]!];
  return kind === 'service' ? { service: name } : { peer: name, kind };
}

/** Names a part in maps and keys. */
export function keyOfPart(part: GraphPart): string {
  return 'edge' in part ? edgeKey(part.edge) : JSON.stringify(part);
}

/** Changes of a part: of an edge its own; a node has none. */
export function changesOfPart(changes: readonly EdgeChange[], part: GraphPart): readonly EdgeChange[] {
  if (!('edge' in part)) return [];
  const key = edgeKey(part.edge);
  return changes.filter(({ edge }) => edgeKey(edge) === key);
}

function nodeIndex({ nodes }: ServiceGraph, name: string, kind: NodeKind): number {
  return nodes.name.findIndex((other, i) => other === name && nodes.kind[i] === kind);
}

function edgeFigures({ nodes, edges }: ServiceGraph, i: number): PartFigures {
  return {
    calls: edges.calls[i]!,
    errors: edges.errors[i]!,
    p50Ns: edges.p50Ns[i]!,
    p95Ns: edges.p95Ns[i]!,
    p99Ns: edges.p99Ns[i]!,
    queueP50Ns: edges.queueP50Ns[i]!,
    queueP95Ns: edges.queueP95Ns[i]!,
    clientOnly: edges.clientOnly[i]!,
    unnamedCalls: 0,
    unknownCallers: 0,
    system: nodes.system[edges.to[i]!]!,
  };
}

function nodeFigures({ nodes }: ServiceGraph, i: number): PartFigures {
  return {
    calls: nodes.calls[i]!,
    errors: nodes.errors[i]!,
    p50Ns: nodes.p50Ns[i]!,
    p95Ns: nodes.p95Ns[i]!,
    p99Ns: nodes.p99Ns[i]!,
    queueP50Ns: 0,
    queueP95Ns: 0,
    clientOnly: 0,
    unnamedCalls: nodes.unnamedCalls[i]!,
    unknownCallers: nodes.unknownCallers[i]!,
    system: nodes.system[i]!,
  };
}
