import type { GraphPart } from '#state/url/url-state.ts';
import type { Hit } from './hit-test.ts';
import { edgeNameKey, type Picture, partKey } from './picture.ts';
import { type Lit, NONE } from './scene.ts';

/** What a part of the graph is in the picture: a node, or the lines that its calls take. */
export function litOf(picture: Picture, part: GraphPart | undefined): Lit {
  if (part === undefined) return NONE;
  if (!('edge' in part)) {
    const node = picture.nodes.findIndex(({ key }) => key === partKey(part));
    return { nodes: new Set(node < 0 ? [] : [node]), edges: new Set() };
  }
  const wanted = edgeNameKey(part.edge);
  const edges = new Set<number>();
  for (const [e, { names }] of picture.edges.entries()) {
    if (names.some(name => edgeNameKey(name) === wanted)) edges.add(e);
  }
  return { nodes: new Set(), edges };
}

/** The part that something in the picture stands for. A line of several calls gives the busiest, picked again the next. */
export function partOf(picture: Picture, hit: Hit, picked: GraphPart | undefined): GraphPart {
  if ('node' in hit) return picture.nodes[hit.node].part;
  const { names } = picture.edges[hit.edge];
  const last = picked !== undefined && 'edge' in picked ? edgeNameKey(picked.edge) : '';
  const at = names.findIndex(name => edgeNameKey(name) === last);
  return { edge: names[(at + 1) % names.length] };
}

export function litHit(hit: Hit | undefined): Lit {
  if (hit === undefined) return NONE;
  return 'node' in hit
    ? { nodes: new Set([hit.node]), edges: new Set() }
    : { nodes: new Set(), edges: new Set([hit.edge]) };
}
