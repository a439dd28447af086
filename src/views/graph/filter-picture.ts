import type { NodeKind } from '#domain/graph/service-graph.ts';
import type { GraphFocus, GraphHide } from '#state/url/url-state.ts';
import { type Picture, partKey } from './picture.ts';

/** Nodes that a word hides by their kind. Destinations go with the asynchronous calls through them. */
const HIDDEN_KINDS: readonly (readonly [GraphHide, NodeKind])[] = [
  ['stores', 'database'],
  ['external', 'external'],
];

/** What is left of a picture: without what is hidden, and only what is around the focus. */
export function filterPicture(picture: Picture, hide: readonly GraphHide[], focus: GraphFocus | undefined): Picture {
  const hidden = HIDDEN_KINDS.filter(([word]) => hide.includes(word)).map(([, kind]) => kind);
  const isHidden = (node: number): boolean => hidden.includes(picture.nodes[node].kind);
  const edges = picture.edges.filter(edge => {
    if (hide.includes('async') && edge.async) return false;
    if (hide.includes('same') && edge.change === undefined) return false;
    return !isHidden(edge.from) && !isHidden(edge.to);
  });
  const focused = focus === undefined ? -1 : picture.nodes.findIndex(({ key }) => key === partKey(focus.node));
  const near = focus === undefined ? undefined : around({ ...picture, edges }, focused, focus.hops);
  const had = degrees(picture);
  const has = degrees({ ...picture, edges });
  return only(picture, edges, node => {
    if (near !== undefined) return near.has(node);
    // What stands alone now, and did not before, was an end of what is hidden.
    return !isHidden(node) && (has[node] > 0 || (had[node] === 0 && !hide.includes('same')));
  });
}

/** The busiest part with `most` nodes: from the busiest node on along the busiest edges. */
export function busiestPart(picture: Picture, most: number): Picture {
  if (picture.nodes.length <= most) return picture;
  const kept = new Set<number>();
  const byCalls = [...picture.nodes.keys()].sort((a, b) => picture.nodes[b].calls - picture.nodes[a].calls || a - b);
  const byTraffic = [...picture.edges].sort((a, b) => b.calls - a.calls || a.from - b.from || a.to - b.to);
  while (kept.size < most) {
    const next = byTraffic.find(({ from, to }) => kept.has(from) !== kept.has(to));
    if (next !== undefined) kept.add(kept.has(next.from) ? next.to : next.from);
    else kept.add(byCalls.find(node => !kept.has(node))!);
  }
  return only(picture, picture.edges, node => kept.has(node));
}

function only(picture: Picture, edges: Picture['edges'], keeps: (node: number) => boolean): Picture {
  const index = new Int32Array(picture.nodes.length).fill(-1);
  const nodes = picture.nodes.filter((_, node) => keeps(node));
  let count = 0;
  for (let node = 0; node < index.length; node++) if (keeps(node)) index[node] = count++;
  return {
    nodes,
    edges: edges
      .filter(({ from, to }) => index[from] >= 0 && index[to] >= 0)
      .map(edge => ({ ...edge, from: index[edge.from], to: index[edge.to] })),
  };
}

/** Nodes at most `hops` calls up or down. A destination on the way is no step of its own. */
function around(picture: Picture, start: number, hops: number): ReadonlySet<number> {
  const found = new Set<number>(start < 0 ? [] : [start]);
  for (const [near, far] of [
    ['from', 'to'],
    ['to', 'from'],
  ] as const) {
    const seen = new Set(found.has(start) ? [start] : []);
    let edge = [...seen];
    for (let hop = 0; hop < hops && edge.length > 0; hop++) {
      const reached = step(picture, seen, edge, near, far);
      const topics = reached.filter(node => picture.nodes[node].kind === 'messaging');
      edge = [...reached, ...step(picture, seen, topics, near, far)];
    }
    for (const node of seen) found.add(node);
  }
  return found;
}

function step(
  { edges }: Picture,
  seen: Set<number>,
  at: readonly number[],
  near: 'from' | 'to',
  far: 'from' | 'to',
): number[] {
  const here = new Set(at);
  const reached: number[] = [];
  for (const edge of edges) {
    if (!here.has(edge[near]) || seen.has(edge[far])) continue;
    seen.add(edge[far]);
    reached.push(edge[far]);
  }
  return reached;
}

function degrees({ nodes, edges }: Picture): Uint32Array {
  const degree = new Uint32Array(nodes.length);
  for (const { from, to } of edges) {
    degree[from]++;
    degree[to]++;
  }
  return degree;
}
