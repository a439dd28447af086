import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { segmentsOf } from './geometry.ts';
import { HEAT_STEPS, heatStep } from './palette.ts';
import type { Scene } from './scene.ts';

/** Zoomed out further, or with more edges in sight, lines are straight and drawn together. */
const CURVES_FROM = 0.3;
const MOST_CURVES = 1_500;
const WHILE_MOVING = 500;
const BENDS_FROM = 0.12;
const MOST_BENDS = 4_000;
const WIDTH_STEPS = [1, 2, 4, 8] as const;
const DASH = [6, 4] as const;
const DIM = 0.3;

export function drawEdges(context: PictureContext, scene: Scene): void {
  const { picture, near, selected } = scene;
  const inSight = edgesInSight(scene);
  if (scene.camera.k < CURVES_FROM || inSight.length > MOST_CURVES) {
    drawStraight(context, scene, near === undefined ? inSight : inSight.filter(edge => !near.edges.has(edge)));
    if (near !== undefined) for (const edge of inSight) if (near.edges.has(edge)) drawCurve(context, scene, edge);
    return;
  }
  const isOnTop = (edge: number): boolean => selected.edges.has(edge) || near?.edges.has(edge) === true;
  for (const edge of inSight) if (!isOnTop(edge)) drawCurve(context, scene, edge);
  for (const edge of inSight) if (isOnTop(edge)) drawCurve(context, scene, edge);
  for (const edge of inSight) if (picture.edges[edge].clientOnly > 0) drawBreak(context, scene, edge);
}

/** The busiest edges in sight, the least busy of them first. */
function edgesInSight({ geometry: { order, bounds }, camera, width, height, isMoving }: Scene): number[] {
  const left = -camera.x / camera.k;
  const top = -camera.y / camera.k;
  const right = (width - camera.x) / camera.k;
  const bottom = (height - camera.y) / camera.k;
  const most = isMoving ? WHILE_MOVING : order.length;
  const found: number[] = [];
  for (let i = order.length - 1; i >= 0 && found.length < most; i--) {
    const at = 4 * order[i];
    if (bounds[at] > right || bounds[at + 1] > bottom || bounds[at + 2] < left || bounds[at + 3] < top) continue;
    found.push(order[i]);
  }
  return found.reverse();
}

function lineWidth(scene: Scene, edge: number): number {
  return Math.max(0.75, scene.geometry.widths[edge] * Math.min(1.5, Math.max(0.4, scene.camera.k)));
}

function drawCurve(context: PictureContext, scene: Scene, edge: number): void {
  const { picture, palette, selected, near } = scene;
  const it = picture.edges[edge];
  const width = lineWidth(scene, edge);
  const colour = palette.edges[heatStep(it.errors, it.calls)];
  const isLoop = it.from === it.to;
  context.globalAlpha = near === undefined || near.edges.has(edge) || selected.edges.has(edge) ? 1 : DIM;
  const arrow = Math.max(5, width * 0.8 + 1);
  if (selected.edges.has(edge)) {
    context.strokeStyle = palette.halo;
    context.lineWidth = width + 7;
    trace(context, scene, edge, isLoop, 0);
    context.stroke();
  }
  if (scene.cursor.edges.has(edge)) {
    context.strokeStyle = palette.accent;
    context.lineWidth = width + 3;
    trace(context, scene, edge, isLoop, 0);
    context.stroke();
  }
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(it.async ? DASH : []);
  trace(context, scene, edge, isLoop, arrow);
  context.stroke();
  context.setLineDash([]);
  drawArrow(context, scene, edge, isLoop, arrow, Math.max(3.5, width * 0.5 + 2), colour);
}

/** Lays the path of an edge, `short` px less at its end. */
function trace(
  context: PictureContext,
  { geometry, camera }: Scene,
  edge: number,
  isLoop: boolean,
  short: number,
): void {
  const route = geometry.routes[edge];
  const x = (i: number): number => route[2 * i] * camera.k + camera.x;
  const y = (i: number): number => route[2 * i + 1] * camera.k + camera.y;
  context.beginPath();
  context.moveTo(x(0), y(0));
  if (isLoop) {
    context.bezierCurveTo(x(1), y(1), x(2), y(2), x(3), y(3) - short);
    return;
  }
  const segments = segmentsOf(route, false);
  for (let i = 0; i < segments; i++) {
    const end = x(i + 1) - (i === segments - 1 ? Math.sign(x(i + 1) - x(i)) * short : 0);
    if (i % 2 === 1) context.lineTo(end, y(i + 1));
    else {
      const middle = (x(i) + end) / 2;
      context.bezierCurveTo(middle, y(i), middle, y(i + 1), end, y(i + 1));
    }
  }
}

function drawArrow(
  context: PictureContext,
  { geometry, camera }: Scene,
  edge: number,
  isLoop: boolean,
  length: number,
  half: number,
  colour: string,
): void {
  const route = geometry.routes[edge];
  const last = route.length - 2;
  const x = route[last] * camera.k + camera.x;
  const y = route[last + 1] * camera.k + camera.y;
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x, y);
  if (isLoop) {
    context.lineTo(x - half, y - length);
    context.lineTo(x + half, y - length);
  } else {
    const back = x - Math.sign(route[last] - route[last - 2]) * length;
    context.lineTo(back, y - half);
    context.lineTo(back, y + half);
  }
  context.closePath();
  context.fill();
}

/** Calls that only their caller saw: the line is cut, as the context was. */
function drawBreak(context: PictureContext, scene: Scene, edge: number): void {
  const { geometry, camera, palette } = scene;
  const route = geometry.routes[edge];
  const isLoop = scene.picture.edges[edge].from === scene.picture.edges[edge].to;
  if (isLoop || camera.k < 0.45) return;
  const x = ((route[0] + route[2]) / 2) * camera.k + camera.x;
  const y = ((route[1] + route[3]) / 2) * camera.k + camera.y;
  const half = lineWidth(scene, edge) / 2 + 4;
  context.strokeStyle = palette.ground;
  context.lineWidth = 5;
  context.beginPath();
  context.moveTo(x - 2, y + half);
  context.lineTo(x + 2, y - half);
  context.stroke();
  context.strokeStyle = palette.warn;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const dx of [-3, 3]) {
    context.moveTo(x + dx - 2, y + half);
    context.lineTo(x + dx + 2, y - half);
  }
  context.stroke();
}

/** Straight lines, one stroke for each colour and width. */
function drawStraight(context: PictureContext, scene: Scene, edges: readonly number[]): void {
  const { geometry, camera, picture, palette, near } = scene;
  const buckets: number[][] = Array.from({ length: HEAT_STEPS * WIDTH_STEPS.length }, () => []);
  for (const edge of edges) {
    const width = lineWidth(scene, edge);
    const step = WIDTH_STEPS.findIndex(limit => width <= limit * 1.5);
    const { errors, calls } = picture.edges[edge];
    buckets[heatStep(errors, calls) * WIDTH_STEPS.length + (step < 0 ? WIDTH_STEPS.length - 1 : step)].push(edge);
  }
  const isFar = camera.k < BENDS_FROM || edges.length > MOST_BENDS;
  context.globalAlpha = near === undefined ? 1 : DIM;
  for (const [i, bucket] of buckets.entries()) {
    if (bucket.length === 0) continue;
    context.strokeStyle = palette.edges[Math.floor(i / WIDTH_STEPS.length)];
    context.lineWidth = WIDTH_STEPS[i % WIDTH_STEPS.length];
    context.beginPath();
    for (const edge of bucket) {
      const route = geometry.routes[edge];
      context.moveTo(route[0] * camera.k + camera.x, route[1] * camera.k + camera.y);
      // From very far the bends between are no more than noise.
      for (let at = isFar ? route.length - 2 : 2; at < route.length; at += 2) {
        context.lineTo(route[at] * camera.k + camera.x, route[at + 1] * camera.k + camera.y);
      }
    }
    context.stroke();
  }
}
