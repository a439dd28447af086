import { type EdgeColumns, edgesBy } from './acyclic.ts';

/** Layer of each node, from 0: one right of the rightmost node that calls it. The edges have no cycles but self-calls. */
export function layersOf({ from, to }: EdgeColumns, nodes: number): Int32Array {
  const out = edgesBy(from, nodes);
  const waiting = new Int32Array(nodes);
  for (let e = 0; e < to.length; e++) if (from[e] !== to[e]) waiting[to[e]]++;
  const layer = new Int32Array(nodes);
  const ready: number[] = [];
  for (let node = 0; node < nodes; node++) if (waiting[node] === 0) ready.push(node);
  for (let head = 0; head < ready.length; head++) {
    const node = ready[head];
    for (let i = out.offset[node]; i < out.offset[node + 1]; i++) {
      const next = to[out.edge[i]];
      if (next === node) continue;
      if (layer[next] <= layer[node]) layer[next] = layer[node] + 1;
      if (--waiting[next] === 0) ready.push(next);
    }
  }
  pullCallers({ from, to }, out.offset, out.edge, ready, layer);
  return layer;
}

/** Nodes that nobody calls move right, beside the first they call: their edges need not cross the picture. */
function pullCallers(
  { from, to }: EdgeColumns,
  offset: Int32Array,
  edge: Int32Array,
  topological: readonly number[],
  layer: Int32Array,
): void {
  const isCalled = new Uint8Array(layer.length);
  for (let e = 0; e < to.length; e++) if (from[e] !== to[e]) isCalled[to[e]] = 1;
  for (const node of topological) {
    if (isCalled[node] === 1) continue;
    let nearest = Number.POSITIVE_INFINITY;
    for (let i = offset[node]; i < offset[node + 1]; i++) {
      if (to[edge[i]] !== node) nearest = Math.min(nearest, layer[to[edge[i]]]);
    }
    if (Number.isFinite(nearest)) layer[node] = nearest - 1;
  }
}

/** A graph in layers in which every edge leads to the next layer: long ones pass through points in between. */
export interface ProperGraph {
  /** Layer of each vertex; nodes come first, then the points in between. */
  readonly layer: Int32Array;
  /** Short edges. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Vertices that edge e passes, its ends included: `through[throughOffset[e] … throughOffset[e + 1])`. */
  readonly throughOffset: Int32Array;
  readonly through: Int32Array;
}

/** More points take longer to order than anyone sees the use of; the longest edges then go straight. */
const MAX_POINTS = 24_000;

/** Splits long edges. Self-calls and edges within a layer pass nothing but their ends. */
export function splitLongEdges(edges: EdgeColumns, layer: Int32Array): ProperGraph {
  const { from, to } = edges;
  const longest = longestSplit(edges, layer);
  const layers = Array.from(layer);
  const shortFrom: number[] = [];
  const shortTo: number[] = [];
  const through: number[] = [];
  const throughOffset = new Int32Array(from.length + 1);
  for (let e = 0; e < from.length; e++) {
    const length = layer[to[e]] - layer[from[e]];
    let before = from[e];
    through.push(before);
    if (length <= longest) {
      for (let step = 1; step < length; step++) {
        const point = layers.push(layer[from[e]] + step) - 1;
        shortFrom.push(before);
        shortTo.push(point);
        through.push(point);
        before = point;
      }
    }
    if (length >= 1 && length <= longest) {
      shortFrom.push(before);
      shortTo.push(to[e]);
    }
    through.push(to[e]);
    throughOffset[e + 1] = through.length;
  }
  return {
    layer: Int32Array.from(layers),
    from: Int32Array.from(shortFrom),
    to: Int32Array.from(shortTo),
    throughOffset,
    through: Int32Array.from(through),
  };
}

/** Edges up to this length are split: as many as the limit allows, the short ones first. */
function longestSplit({ from, to }: EdgeColumns, layer: Int32Array): number {
  const points: number[] = [];
  for (let e = 0; e < from.length; e++) {
    const length = layer[to[e]] - layer[from[e]];
    if (length > 1) points[length] = (points[length] ?? 0) + length - 1;
  }
  let sum = 0;
  for (let length = 2; length < points.length; length++) {
    sum += points[length] ?? 0;
    if (sum > MAX_POINTS) return length - 1;
  }
  return Math.max(1, points.length);
}
