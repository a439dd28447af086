import type { Geometry } from './geometry.ts';
import type { Hit } from './hit-test.ts';
import type { Picture } from './picture.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * Where an arrow key leads. From a node right goes onto its busiest call, left onto that of its busiest caller, up and
 * down to its neighbours in the column; on an edge right and left go to its ends, up and down to the other edges of the
 * node that it was reached from (`by`). Undefined where there is nothing.
 */
export function walk(
  picture: Picture,
  geometry: Geometry,
  at: Hit | undefined,
  by: number,
  to: Direction,
): Hit | undefined {
  if (at === undefined) return firstNode(picture);
  if ('edge' in at) {
    const { from, to: end } = picture.edges[at.edge];
    if (to === 'right') return { node: end };
    if (to === 'left') return { node: from };
    const isOut = by === from;
    const beside = edgesOf(picture, isOut ? from : end, isOut);
    return { edge: beside[(beside.indexOf(at.edge) + (to === 'down' ? 1 : beside.length - 1)) % beside.length] };
  }
  if (to === 'right' || to === 'left') {
    const [edge] = edgesOf(picture, at.node, to === 'right');
    return edge === undefined ? undefined : { edge };
  }
  const column = [...picture.nodes.keys()].filter(
    node => geometry.layout.layer[node] === geometry.layout.layer[at.node],
  );
  column.sort((a, b) => geometry.layout.y[a] - geometry.layout.y[b] || geometry.layout.x[a] - geometry.layout.x[b]);
  const next = column[column.indexOf(at.node) + (to === 'down' ? 1 : -1)];
  return next === undefined ? undefined : { node: next };
}

/** Edges that leave (or reach) a node, the busiest first. */
function edgesOf({ edges }: Picture, node: number, isOut: boolean): number[] {
  const found = [...edges.keys()].filter(edge => (isOut ? edges[edge].from : edges[edge].to) === node);
  return found.sort((a, b) => edges[b].calls - edges[a].calls || a - b);
}

/** The busiest service, or the busiest of all where there is none. */
function firstNode({ nodes }: Picture): Hit | undefined {
  const rank = (node: number): number => (nodes[node].kind === 'service' ? 1e15 : 0) + nodes[node].calls;
  let best = 0;
  for (let node = 1; node < nodes.length; node++) if (rank(node) > rank(best)) best = node;
  return nodes.length === 0 ? undefined : { node: best };
}
