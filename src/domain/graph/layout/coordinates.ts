import { edgesBy } from './acyclic.ts';
import type { ProperGraph } from './layers.ts';
import type { Order } from './order.ts';

const PASSES = 16;
/** A bend of a long edge is uglier than a node that is not quite in the middle of its neighbours. */
const POINT_WEIGHT = 4;

/**
 * Vertical centre of each vertex: as near as can be to the mean of its neighbours, in order and `size` apart. Each pass is, for
 * each layer, the least-squares solution under the order (isotonic regression by pooling adjacent violators).
 */
export function centresOf(
  graph: ProperGraph,
  order: Order,
  nodes: number,
  size: (vertex: number) => number,
): Float64Array {
  const vertices = graph.layer.length;
  const y = new Float64Array(vertices);
  for (const layer of order) {
    let top = 0;
    for (const vertex of layer) {
      y[vertex] = top + size(vertex) / 2;
      top += size(vertex);
    }
    for (const vertex of layer) y[vertex] -= top / 2;
  }
  const out = edgesBy(graph.from, vertices);
  const into = edgesBy(graph.to, vertices);
  for (let pass = 0; pass < PASSES; pass++) {
    const forth = pass % 2 === 0;
    for (let step = 0; step < order.length; step++) {
      const layer = order[forth ? step : order.length - 1 - step];
      const wanted = new Float64Array(layer.length);
      for (let i = 0; i < layer.length; i++) {
        let sum = 0;
        let count = 0;
        for (let e = into.offset[layer[i]]; e < into.offset[layer[i] + 1]; e++, count++)
          sum += y[graph.from[into.edge[e]]];
        for (let e = out.offset[layer[i]]; e < out.offset[layer[i] + 1]; e++, count++) sum += y[graph.to[out.edge[e]]];
        wanted[i] = count === 0 ? y[layer[i]] : sum / count;
      }
      spread(layer, wanted, nodes, size, y);
    }
  }
  return y;
}

/** Sets the centres of one layer to the nearest to `wanted` that keep the order and the distances. */
function spread(
  layer: Int32Array,
  wanted: Float64Array,
  nodes: number,
  size: (vertex: number) => number,
  y: Float64Array,
): void {
  // Without the distances that have to lie between, the order is all there is to keep.
  const shift = new Float64Array(layer.length);
  for (let i = 1; i < layer.length; i++) shift[i] = shift[i - 1] + (size(layer[i - 1]) + size(layer[i])) / 2;
  const mean = new Float64Array(layer.length);
  const weight = new Float64Array(layer.length);
  const length = new Int32Array(layer.length);
  let blocks = 0;
  for (let i = 0; i < layer.length; i++) {
    mean[blocks] = wanted[i] - shift[i];
    weight[blocks] = layer[i] < nodes ? 1 : POINT_WEIGHT;
    length[blocks] = 1;
    while (blocks > 0 && mean[blocks - 1] > mean[blocks]) {
      const both = weight[blocks - 1] + weight[blocks];
      mean[blocks - 1] = (mean[blocks - 1] * weight[blocks - 1] + mean[blocks] * weight[blocks]) / both;
      weight[blocks - 1] = both;
      length[blocks - 1] += length[blocks];
      blocks--;
    }
    blocks++;
  }
  let i = 0;
  for (let block = 0; block < blocks; block++) {
    for (let n = 0; n < length[block]; n++, i++) y[layer[i]] = mean[block] + shift[i];
  }
}
