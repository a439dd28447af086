import type { EdgeChange, EdgeName } from '#domain/api/graph-api.ts';
import type { NodeKind, ServiceGraph } from '#domain/graph/service-graph.ts';
import type { GraphNode } from '#state/url/url-state.ts';

/** A graph as it is drawn: an asynchronous call with a destination goes through a node of that name. */
export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

export interface PictureNode {
  /** The same for the same node in every answer. */
  readonly key: string;
  readonly part: GraphNode;
  readonly name: string;
  readonly kind: NodeKind;
  readonly system: string;
  /** Value of the attribute that the graph is grouped by; '' for none. */
  readonly group: string;
  readonly calls: number;
  readonly errors: number;
  /** 0 where there is none to tell. */
  readonly p95Ns: number;
}

export interface PictureEdge {
  readonly key: string;
  /** Indices of the nodes. */
  readonly from: number;
  readonly to: number;
  readonly async: boolean;
  /** Into a destination: at least as many messages as the consumer that took most of them got. */
  readonly calls: number;
  readonly errors: number;
  /** 0 where several calls are one line. */
  readonly p95Ns: number;
  readonly clientOnly: number;
  /** The calls that this line stands for, those with most traffic first. */
  readonly names: readonly EdgeName[];
  /** What got worst on them. */
  readonly change: EdgeChange | undefined;
}

/** Key of a node of any answer. */
export function nodeKey(kind: NodeKind, name: string): string {
  return `${kind} ${name}`;
}

export function partKey(part: GraphNode): string {
  return 'service' in part ? nodeKey('service', part.service) : nodeKey(part.kind, part.peer);
}

/** Names a call in any answer. */
export function edgeNameKey({ from, to, toKind, async, destination }: EdgeName): string {
  return JSON.stringify([from, toKind, to, async, destination]);
}

type Draft = { -readonly [K in keyof PictureEdge]: PictureEdge[K] } & { names: EdgeName[]; most: number };

/** The picture of a graph; `changes` are its changed edges, the worst first. */
export function pictureOf({ nodes, edges }: ServiceGraph, changes: readonly EdgeChange[]): Picture {
  const drawn: { -readonly [K in keyof PictureNode]: PictureNode[K] }[] = [];
  const index = new Map<string, number>();
  const add = (kind: NodeKind, name: string, system: string, group = ''): number => {
    const key = nodeKey(kind, name);
    const known = index.get(key);
    if (known !== undefined) return known;
    index.set(key, drawn.length);
    const part: GraphNode = kind === 'service' ? { service: name } : { peer: name, kind };
    drawn.push({ key, part, name, kind, system, group, calls: 0, errors: 0, p95Ns: 0 });
    return drawn.length - 1;
  };
  for (let i = 0; i < nodes.name.length; i++) {
    const node = drawn[add(nodes.kind[i], nodes.name[i], nodes.system[i], nodes.group[i])];
    node.calls = nodes.calls[i];
    node.errors = nodes.errors[i];
    node.p95Ns = nodes.p95Ns[i];
  }
  const worst = new Map<string, EdgeChange>();
  for (const change of changes) {
    const key = edgeNameKey(change.edge);
    if (!worst.has(key)) worst.set(key, change);
  }

  const lines = new Map<string, Draft>();
  const line = (from: number, to: number, async: boolean): Draft => {
    const key = `${drawn[from].key}\n${drawn[to].key}\n${async}`;
    const found = lines.get(key);
    if (found !== undefined) return found;
    const fresh: Draft = {
      ...{ key, from, to, async, calls: 0, errors: 0, p95Ns: 0, clientOnly: 0, names: [], change: undefined, most: 0 },
    };
    lines.set(key, fresh);
    return fresh;
  };
  const order = [...edges.calls.keys()].sort((a, b) => edges.calls[b] - edges.calls[a] || a - b);
  for (const e of order) {
    const [from, to] = [edges.from[e], edges.to[e]];
    const destination = edges.destination[e];
    const name: EdgeName = {
      from: nodes.name[from],
      to: nodes.name[to],
      toKind: nodes.kind[to],
      async: edges.async[e],
      destination,
    };
    const change = worst.get(edgeNameKey(name));
    const fill = (draft: Draft): void => {
      draft.p95Ns = draft.names.length === 0 ? edges.p95Ns[e] : 0;
      draft.names.push(name);
      draft.clientOnly += edges.clientOnly[e];
      if (change !== undefined && (draft.change === undefined || (change.worse && !draft.change.worse))) {
        draft.change = change;
      }
    };
    const isThrough = edges.async[e] && destination !== '' && nodes.kind[to] === 'service';
    if (!isThrough) {
      const whole = line(from, to, edges.async[e]);
      fill(whole);
      whole.calls += edges.calls[e];
      whole.errors += edges.errors[e];
      continue;
    }
    const topic = add('messaging', destination, '');
    const sent = line(from, topic, true);
    // Each consumer gets each message: what was sent is what the busiest of them got.
    const more = Math.max(0, edges.calls[e] - sent.most);
    sent.most += more;
    sent.calls += more;
    fill(sent);
    sent.p95Ns = 0;
    const taken = line(topic, to, true);
    fill(taken);
    taken.calls += edges.calls[e];
    taken.errors += edges.errors[e];
  }
  const topics = drawn.filter(({ kind }) => kind === 'messaging');
  for (const topic of topics) topic.calls = 0;
  for (const { to, calls } of lines.values()) if (drawn[to].kind === 'messaging') drawn[to].calls += calls;
  return { nodes: drawn, edges: [...lines.values()].map(({ most: _, ...edge }) => edge) };
}
