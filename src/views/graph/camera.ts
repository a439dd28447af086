import type { GraphCamera } from '#state/url/url-state.ts';
import { NODE } from './geometry.ts';

/** Screen px = graph px × k + (x, y). */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export const ZOOM = { least: 0.04, most: 4 } as const;
const AIR = 24;
/** What floats over the picture: the legend on the left, on top what the cursor is on. */
const LEGEND = 236;
const LEGEND_HEIGHT = 230;
const TOP = 16;
/** Names stand inside their cards. */
const READABLE = 0.78;

/** The whole graph, at most at 100 %, in the middle; right of the legend where there is room enough. */
export function fitAll(graph: { width: number; height: number }, width: number, height: number): Camera {
  const beside = fitFrom(graph, LEGEND, width, height);
  return beside.k >= READABLE ? beside : fitFrom(graph, 0, width, height);
}

function fitFrom(graph: { width: number; height: number }, left: number, width: number, height: number): Camera {
  const room = { width: Math.max(1, width - left - 2 * AIR), height: Math.max(1, height - TOP - 2 * AIR) };
  const k = Math.max(ZOOM.least, Math.min(1, room.width / (graph.width || 1), room.height / (graph.height || 1)));
  return { k, x: left + (width - left - graph.width * k) / 2, y: TOP + (height - TOP - graph.height * k) / 2 };
}

/** What is in the middle of a picture of this size, to the px of the graph, as a link says it. */
export function middleOf({ x, y, k }: Camera, width: number, height: number): GraphCamera {
  // + 0: a link knows no negative zero.
  const at = (offset: number, size: number) => Math.round((size / 2 - offset) / k) + 0;
  return { x: at(x, width), y: at(y, height), scale: Math.max(1, Math.round(k * 1000)) };
}

/** The reverse of `middleOf`. */
export function cameraAt({ x, y, scale }: GraphCamera, width: number, height: number): Camera {
  const k = Math.min(ZOOM.most, Math.max(ZOOM.least, scale / 1000));
  return { k, x: width / 2 - x * k, y: height / 2 - y * k };
}

/** Whether a node lies where the legend is. */
export function coversLegend({ x, y }: { x: Float64Array; y: Float64Array }, camera: Camera, height: number): boolean {
  return x.some(
    (left, node) =>
      left * camera.k + camera.x < LEGEND && (y[node] + NODE.nodeHeight) * camera.k + camera.y > height - LEGEND_HEIGHT,
  );
}

/** The nearest camera that shows a rectangle. */
export function reveal(
  camera: Camera,
  box: { x: number; y: number; width: number; height: number },
  width: number,
  height: number,
): Camera {
  const moved = (at: number, size: number, room: number): number => {
    if (at < AIR) return AIR - at;
    return at + size > room - AIR ? Math.max(AIR - at, room - AIR - at - size) : 0;
  };
  return {
    k: camera.k,
    x: camera.x + moved(box.x * camera.k + camera.x, box.width * camera.k, width),
    y: camera.y + moved(box.y * camera.k + camera.y, box.height * camera.k, height),
  };
}
