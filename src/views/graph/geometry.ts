import type { GraphLayout, LayoutInput } from '#domain/graph/layout/layout-graph.ts';
import { groupsOf } from './groups.ts';
import type { Picture } from './picture.ts';

/** px at 100 %. */
export const NODE = { nodeWidth: 176, nodeHeight: 40, columnGap: 76, rowGap: 24 } as const;
const WIDEST = 8.9;
const PORT_GAP = 2;
const LOOP = { from: 40, to: 16, height: 26 } as const;

/** Where everything is, in px at 100 %. */
export interface Geometry {
  readonly layout: GraphLayout;
  /** Name of each frame of the layout. */
  readonly groups: readonly string[];
  /** Per edge. */
  readonly widths: Float64Array;
  /** Points (x, y) of each edge: curve, level, curve, … ; of a call to itself four control points of one curve. */
  readonly routes: readonly Float64Array[];
  /** Left, top, right, bottom of each edge. */
  readonly bounds: Float64Array;
  /** Edges from the least busy on. */
  readonly order: Int32Array;
}

/** What the layout is asked; `before` says where a node of that key stood. */
export function layoutInputOf(picture: Picture, before: ReadonlyMap<string, number> | undefined): LayoutInput {
  return {
    nodes: picture.nodes.length,
    from: Int32Array.from(picture.edges, edge => edge.from),
    to: Int32Array.from(picture.edges, edge => edge.to),
    weight: Float64Array.from(picture.nodes, node => node.calls),
    before: before && Float64Array.from(picture.nodes, node => before.get(node.key) ?? Number.NaN),
    group: groupsOf(picture)?.of,
    size: NODE,
  };
}

/** Vertical centres by key, for the next layout. */
export function placesOf(picture: Picture, layout: GraphLayout): ReadonlyMap<string, number> {
  return new Map(picture.nodes.map((node, i) => [node.key, layout.y[i] + NODE.nodeHeight / 2]));
}

/** Widths, routes and bounds: edges leave and arrive one below the other, in the order of where they go. */
export function geometryOf(picture: Picture, layout: GraphLayout): Geometry {
  const { nodes, edges } = picture;
  let most = 0;
  for (const { calls } of edges) most = Math.max(most, calls);
  const widths = Float64Array.from(edges, ({ calls }) =>
    Math.max(1, 0.4 + Math.sqrt(calls / (most || 1)) * (WIDEST - 0.4)),
  );
  const routes = edges.map((edge, e) =>
    edge.from === edge.to
      ? loopOf(layout, edge.from)
      : layout.points.slice(2 * layout.pointOffset[e], 2 * layout.pointOffset[e + 1]),
  );
  const sides: { edge: number; at: number; toY: number }[][] = Array.from({ length: 2 * nodes.length }, () => []);
  for (const [e, { from, to }] of edges.entries()) {
    if (from === to) continue;
    const route = routes[e];
    const last = route.length - 2;
    sides[2 * from + (route[0] > layout.x[from] ? 1 : 0)].push({ edge: e, at: 0, toY: route[3] });
    sides[2 * to + (route[last] > layout.x[to] ? 1 : 0)].push({ edge: e, at: last, toY: route[last - 1] });
  }
  for (const side of sides) {
    side.sort((a, b) => a.toY - b.toY || a.edge - b.edge);
    const wanted = side.reduce((sum, { edge }) => sum + widths[edge] + PORT_GAP, -PORT_GAP);
    const squeeze = Math.min(1, (NODE.nodeHeight - 8) / wanted);
    let y = (-wanted * squeeze) / 2;
    for (const { edge, at } of side) {
      routes[edge][at + 1] += y + (widths[edge] * squeeze) / 2;
      y += (widths[edge] + PORT_GAP) * squeeze;
    }
  }
  const bounds = new Float64Array(4 * edges.length);
  for (const [e, route] of routes.entries()) {
    let [left, top, right, bottom] = [route[0], route[1], route[0], route[1]];
    for (let i = 2; i < route.length; i += 2) {
      left = Math.min(left, route[i]);
      right = Math.max(right, route[i]);
      top = Math.min(top, route[i + 1]);
      bottom = Math.max(bottom, route[i + 1]);
    }
    const air = widths[e] + 4;
    bounds.set([left - air, top - air, right + air, bottom + air], 4 * e);
  }
  const order = Int32Array.from(edges.keys()).sort((a, b) => edges[a].calls - edges[b].calls || a - b);
  return { layout, groups: groupsOf(picture)?.names ?? [], widths, routes, bounds, order };
}

function loopOf({ x, y }: GraphLayout, node: number): Float64Array {
  const right = x[node] + NODE.nodeWidth;
  const [from, to] = [right - LOOP.from, right - LOOP.to];
  return Float64Array.of(from, y[node], from, y[node] - LOOP.height, to, y[node] - LOOP.height, to, y[node]);
}

/** A point of segment `i` (0 the first) of a route at `share` of its way. `isLoop`: the route is one curve. */
export function pointOn(route: Float64Array, isLoop: boolean, i: number, share: number): readonly [number, number] {
  const at = 2 * i;
  const [x0, y0] = [route[at], route[at + 1]];
  if (isLoop) {
    return [cubic(share, x0, route[2], route[4], route[6]), cubic(share, y0, route[3], route[5], route[7])];
  }
  const [x1, y1] = [route[at + 2], route[at + 3]];
  if (i % 2 === 1) return [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share];
  const middle = (x0 + x1) / 2;
  return [cubic(share, x0, middle, middle, x1), cubic(share, y0, y0, y1, y1)];
}

/** Segments of a route. */
export function segmentsOf(route: Float64Array, isLoop: boolean): number {
  return isLoop ? 1 : route.length / 2 - 1;
}

function cubic(t: number, a: number, b: number, c: number, d: number): number {
  const u = 1 - t;
  return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
}
