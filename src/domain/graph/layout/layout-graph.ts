import { backEdges, type EdgeColumns } from './acyclic.ts';
import { centresOf } from './coordinates.ts';
import { layersOf, splitLongEdges } from './layers.ts';
import { orderLayers } from './order.ts';

export interface LayoutInput extends EdgeColumns {
  /** Number of nodes. */
  readonly nodes: number;
  /** How important a node is: of nodes that nothing else places, more important ones stand higher. */
  readonly weight: Float64Array;
  /** Where nodes stood before: their vertical centres, NaN for new ones. They keep their order. */
  readonly before: Float64Array | undefined;
  readonly size: LayoutSize;
}

/** px. */
export interface LayoutSize {
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  readonly columnGap: number;
  readonly rowGap: number;
}

/** Everything in px; the picture begins at 0, 0. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** Left upper corner of each node. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly layer: Int32Array;
  /** Edge e goes through the points `pointOffset[e] … pointOffset[e + 1]` of (x, y) in `points`, caller first. */
  readonly pointOffset: Int32Array;
  readonly points: Float64Array;
}

const PLAIN_SWEEPS = 0;

/**
 * Lays a graph out in layers from left to right: callers left of those they call (Sugiyama's method). Parts that hang
 * together stand apart, the largest on top; what has no edges stands below. Deterministic. 1,000 nodes and 10,000 edges
 * take less than a second.
 */
export function layoutGraph(input: LayoutInput): GraphLayout {
  const { nodes, from, to, size } = input;
  const parts = partsOf(input);
  const x = new Float64Array(nodes);
  const y = new Float64Array(nodes);
  const layer = new Int32Array(nodes);
  const routes: number[][] = Array.from({ length: from.length }, () => []);
  let [width, height] = [0, 0];
  for (const part of parts) {
    const laid = layPart(input, part);
    for (const [i, node] of part.nodes.entries()) {
      x[node] = laid.x[i];
      y[node] = laid.y[i] + height;
      layer[node] = laid.layer[i];
    }
    for (const [i, edge] of part.edges.entries()) {
      routes[edge] = laid.routes[i].map((value, j) => (j % 2 === 0 ? value : value + height));
    }
    width = Math.max(width, laid.width);
    height += laid.height + size.rowGap * 2;
  }
  const lonely = lonelyNodes(input);
  const perRow = Math.max(
    1,
    Math.floor((Math.max(width, 5 * size.nodeWidth) + size.rowGap) / (size.nodeWidth + size.rowGap)),
  );
  for (const [i, node] of lonely.entries()) {
    x[node] = (i % perRow) * (size.nodeWidth + size.rowGap);
    y[node] = height + Math.floor(i / perRow) * (size.nodeHeight + size.rowGap);
    width = Math.max(width, x[node] + size.nodeWidth);
  }
  if (lonely.length > 0) height += Math.ceil(lonely.length / perRow) * (size.nodeHeight + size.rowGap) + size.rowGap;
  // Self-calls of a node that has no other edges.
  for (let e = 0; e < from.length; e++) if (routes[e].length === 0) routes[e] = straight(x, y, from[e], to[e], size);
  const pointOffset = new Int32Array(from.length + 1);
  for (let e = 0; e < from.length; e++) pointOffset[e + 1] = pointOffset[e] + routes[e].length / 2;
  const points = new Float64Array(2 * pointOffset[from.length]);
  for (let e = 0; e < from.length; e++) points.set(routes[e], 2 * pointOffset[e]);
  return { width, height: Math.max(0, height - 2 * size.rowGap), x, y, layer, pointOffset, points };
}

interface Part {
  readonly nodes: readonly number[];
  /** Without self-calls. */
  readonly edges: readonly number[];
}

/** Parts that hang together by edges, those with the most nodes first. */
function partsOf({ nodes, from, to, weight }: LayoutInput): readonly Part[] {
  const above = Int32Array.from({ length: nodes }, (_, i) => i);
  const top = (node: number): number => {
    let at = node;
    while (above[at] !== at) {
      above[at] = above[above[at]];
      at = above[at];
    }
    return at;
  };
  for (let e = 0; e < from.length; e++) above[top(from[e])] = top(to[e]);
  const parts = new Map<number, { nodes: number[]; edges: number[]; weight: number }>();
  for (let e = 0; e < from.length; e++) {
    if (from[e] === to[e]) continue;
    const key = top(from[e]);
    const part = parts.get(key) ?? { nodes: [], edges: [], weight: 0 };
    parts.set(key, part);
    part.edges.push(e);
  }
  for (let node = 0; node < nodes; node++) {
    const part = parts.get(top(node));
    if (part === undefined) continue;
    part.nodes.push(node);
    part.weight += weight[node];
  }
  return [...parts.values()].sort(
    (a, b) => b.nodes.length - a.nodes.length || b.weight - a.weight || a.nodes[0] - b.nodes[0],
  );
}

function lonelyNodes({ nodes, from, to, weight }: LayoutInput): readonly number[] {
  const has = new Uint8Array(nodes);
  for (let e = 0; e < from.length; e++) if (from[e] !== to[e]) has[from[e]] = has[to[e]] = 1;
  const lonely = Array.from(has.keys()).filter(node => has[node] === 0);
  return lonely.sort((a, b) => weight[b] - weight[a] || a - b);
}

function layPart({ from, to, weight, before, size }: LayoutInput, part: Part) {
  const index = new Map(part.nodes.map((node, i) => [node, i]));
  const ends = {
    from: Int32Array.from(part.edges, e => index.get(from[e])!),
    to: Int32Array.from(part.edges, e => index.get(to[e])!),
  };
  const nodes = part.nodes.length;
  const back = backEdges(ends, nodes);
  const forward = {
    from: ends.from.map((node, e) => (back[e] === 1 ? ends.to[e] : node)),
    to: ends.to.map((node, e) => (back[e] === 1 ? ends.from[e] : node)),
  };
  const layer = layersOf(forward, nodes);
  const graph = splitLongEdges(forward, layer);
  const known = before === undefined ? [] : part.nodes.filter(node => !Number.isNaN(before[node]));
  // The picture that the reader knows stays; only what is new is fitted in.
  const keeps = before !== undefined && 2 * known.length >= nodes;
  const rank = rankOf(graph, nodes, i => (keeps ? before[part.nodes[i]] : -weight[part.nodes[i]]));
  const order = orderLayers(graph, rank, keeps ? PLAIN_SWEEPS : undefined);
  const point = size.rowGap;
  const sizeOf = (vertex: number) => (vertex < nodes ? size.nodeHeight + size.rowGap : point);
  const centres = centresOf(graph, order, nodes, sizeOf);
  let [least, most, layers] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let vertex = 0; vertex < centres.length; vertex++) {
    const half = vertex < nodes ? size.nodeHeight / 2 : 0;
    least = Math.min(least, centres[vertex] - half);
    most = Math.max(most, centres[vertex] + half);
    layers = Math.max(layers, graph.layer[vertex] + 1);
  }
  const left = (vertex: number) => graph.layer[vertex] * (size.nodeWidth + size.columnGap);
  const routes = part.edges.map((_, e) => {
    const passed = graph.through.subarray(graph.throughOffset[e], graph.throughOffset[e + 1]);
    const route: number[] = [];
    for (let i = 0; i < passed.length; i++) {
      const vertex = passed[i];
      const y = centres[vertex] - least;
      if (i === 0) route.push(left(vertex) + size.nodeWidth, y);
      else if (i === passed.length - 1) route.push(left(vertex), y);
      // A point is as wide as a node, so that the line is level where it passes others.
      else route.push(left(vertex), y, left(vertex) + size.nodeWidth, y);
    }
    return back[e] === 1 ? turned(route) : route;
  });
  return {
    x: part.nodes.map((_, i) => left(i)),
    y: part.nodes.map((_, i) => centres[i] - least - size.nodeHeight / 2),
    layer,
    routes,
    width: layers * (size.nodeWidth + size.columnGap) - size.columnGap,
    height: most - least,
  };
}

/** Ranks of all vertices: points between take those of the ends of their edge. */
function rankOf(
  { layer, throughOffset, through }: { layer: Int32Array; throughOffset: Int32Array; through: Int32Array },
  nodes: number,
  rankOfNode: (node: number) => number,
): Float64Array {
  const rank = new Float64Array(layer.length);
  for (let node = 0; node < nodes; node++) {
    const known = rankOfNode(node);
    rank[node] = Number.isNaN(known) ? Number.MAX_VALUE : known;
  }
  for (let e = 0; e + 1 < throughOffset.length; e++) {
    const [first, last] = [throughOffset[e], throughOffset[e + 1] - 1];
    for (let i = first + 1; i < last; i++) {
      const share = (i - first) / (last - first);
      rank[through[i]] = rank[through[first]] * (1 - share) + rank[through[last]] * share;
    }
  }
  return rank;
}

/** The same way from its other end. */
function turned(route: readonly number[]): number[] {
  const back: number[] = [];
  for (let i = route.length - 2; i >= 0; i -= 2) back.push(route[i], route[i + 1]);
  return back;
}

function straight(x: Float64Array, y: Float64Array, from: number, to: number, size: LayoutSize): number[] {
  const middle = size.nodeHeight / 2;
  return [x[from] + size.nodeWidth, y[from] + middle, x[to], y[to] + middle];
}
