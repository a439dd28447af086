import type { Camera } from './camera.ts';
import { type Geometry, NODE, pointOn, segmentsOf } from './geometry.ts';
import type { Picture } from './picture.ts';

export type Hit = { readonly node: number } | { readonly edge: number };

const GRACE = 4;
const STEPS = 16;

/** What lies under a point of the screen; nodes lie above edges; of edges the nearest, then the busiest. */
export function hitTest(picture: Picture, geometry: Geometry, camera: Camera, sx: number, sy: number): Hit | undefined {
  const x = (sx - camera.x) / camera.k;
  const y = (sy - camera.y) / camera.k;
  const { layout, bounds, order, widths, routes } = geometry;
  for (let node = picture.nodes.length - 1; node >= 0; node--) {
    const [left, top] = [layout.x[node], layout.y[node]];
    if (x >= left && x < left + NODE.nodeWidth && y >= top && y < top + NODE.nodeHeight) return { node };
  }
  const grace = GRACE / camera.k;
  let nearest: { readonly edge: number; readonly away: number } | undefined;
  for (let i = order.length - 1; i >= 0; i--) {
    const edge = order[i];
    const at = 4 * edge;
    if (x < bounds[at] - grace || y < bounds[at + 1] - grace) continue;
    if (x > bounds[at + 2] + grace || y > bounds[at + 3] + grace) continue;
    const isLoop = picture.edges[edge].from === picture.edges[edge].to;
    const away = Math.max(0, distance(routes[edge], isLoop, x, y) - widths[edge] / 2);
    if (away <= grace && (nearest === undefined || away < nearest.away)) nearest = { edge, away };
  }
  return nearest && { edge: nearest.edge };
}

function distance(route: Float64Array, isLoop: boolean, x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < segmentsOf(route, isLoop); i++) {
    let [ax, ay] = pointOn(route, isLoop, i, 0);
    for (let step = 1; step <= STEPS; step++) {
      const [bx, by] = pointOn(route, isLoop, i, step / STEPS);
      const [dx, dy] = [bx - ax, by - ay];
      const length = dx * dx + dy * dy;
      const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
      least = Math.min(least, Math.hypot(x - ax - dx * share, y - ay - dy * share));
      [ax, ay] = [bx, by];
    }
  }
  return least;
}
