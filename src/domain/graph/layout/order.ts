import { type Adjacency, edgesBy } from './acyclic.ts';
import type { ProperGraph } from './layers.ts';

/** Vertices of each layer from top to bottom. */
export type Order = Int32Array[];

/** Sweeps through the layers; large graphs get fewer, in proportion to their edges. */
const SWEEPS = 24;
const SWEPT_EDGES = 400_000;

/**
 * Orders the vertices of each layer so that few edges cross: barycentres of the neighbours, forth and back, the best kept
 * (Sugiyama, Tagawa, Toda 1981). It starts from `rank` (of vertices; smaller is higher); ties keep it, so that the same
 * graph gives the same picture.
 */
export function orderLayers(graph: ProperGraph, rank: Float64Array, sweeps?: number): Order {
  const vertices = graph.layer.length;
  const order = initialOrder(graph.layer, rank);
  const place = new Float64Array(vertices);
  setPlaces(order, place);
  const out = edgesBy(graph.from, vertices);
  const into = edgesBy(graph.to, vertices);
  const rounds = sweeps ?? Math.max(4, Math.min(SWEEPS, Math.floor(SWEPT_EDGES / (graph.from.length + 1))));
  let best = order.map(layer => layer.slice());
  let fewest = crossings(graph, order, out, place);
  const wanted = new Float64Array(vertices);
  for (let round = 0; round < rounds && fewest > 0; round++) {
    const forth = round % 2 === 0;
    for (let step = 1; step < order.length; step++) {
      const layer = order[forth ? step : order.length - 1 - step];
      const neighbours = forth ? into : out;
      const other = forth ? graph.from : graph.to;
      for (const vertex of layer) wanted[vertex] = barycentre(vertex, neighbours, other, place);
      layer.sort((a, b) => wanted[a] - wanted[b] || place[a] - place[b]);
      for (let i = 0; i < layer.length; i++) place[layer[i]] = i;
    }
    const count = crossings(graph, order, out, place);
    if (count < fewest) {
      fewest = count;
      best = order.map(layer => layer.slice());
    }
  }
  return best;
}

function initialOrder(layer: Int32Array, rank: Float64Array): Order {
  let layers = 0;
  for (const at of layer) layers = Math.max(layers, at + 1);
  const lists: number[][] = Array.from({ length: layers }, () => []);
  for (let vertex = 0; vertex < layer.length; vertex++) lists[layer[vertex]].push(vertex);
  return lists.map(list => Int32Array.from(list.sort((a, b) => rank[a] - rank[b] || a - b)));
}

function setPlaces(order: Order, place: Float64Array): void {
  for (const layer of order) for (let i = 0; i < layer.length; i++) place[layer[i]] = i;
}

/** Mean place of the neighbours; its own where there are none. */
function barycentre(vertex: number, { offset, edge }: Adjacency, other: Int32Array, place: Float64Array): number {
  const [first, last] = [offset[vertex], offset[vertex + 1]];
  if (first === last) return place[vertex];
  let sum = 0;
  for (let i = first; i < last; i++) sum += place[other[edge[i]]];
  return sum / (last - first);
}

/** Pairs of short edges that cross: inversions, counted with a tree of sums (Barth, Jünger, Mutzel 2002). */
function crossings({ to }: ProperGraph, order: Order, out: Adjacency, place: Float64Array): number {
  let count = 0;
  for (let l = 0; l + 1 < order.length; l++) {
    const size = order[l + 1].length;
    const tree = new Int32Array(size + 1);
    let seen = 0;
    for (const vertex of order[l]) {
      const places: number[] = [];
      for (let i = out.offset[vertex]; i < out.offset[vertex + 1]; i++) places.push(place[to[out.edge[i]]]);
      for (const at of places) {
        let below = 0;
        for (let i = at + 1; i > 0; i -= i & -i) below += tree[i];
        count += seen - below;
      }
      for (const at of places) for (let i = at + 1; i <= size; i += i & -i) tree[i]++;
      seen += places.length;
    }
  }
  return count;
}
