import { fitted } from '#views/shared/picture/fit-text.ts';
import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { NODE } from './geometry.ts';
import type { GraphPalette } from './palette.ts';
import type { PictureNode } from './picture.ts';
import type { Scene } from './scene.ts';
import { figuresOf, nameText } from './texts.ts';

/** From here on a card has room for both lines, and below for the name. Smaller cards have their name beneath. */
const BOTH_LINES_FROM = 0.78;
const NAME_FROM = 0.5;
/** Smaller ones are marks without a ring. */
const CARD_FROM = 0.2;
const NAMES_WHILE_MOVING = 40;
const RING = 10.5;
const RING_FROM = 0.004;
const DIM = 0.45;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function drawNodes(context: PictureContext, scene: Scene): void {
  const { picture, camera, near, selected } = scene;
  const beneath: number[] = [];
  for (let node = 0; node < picture.nodes.length; node++) {
    if (!isInSight(scene, node)) continue;
    context.globalAlpha = near === undefined || near.nodes.has(node) || selected.nodes.has(node) ? 1 : DIM;
    drawCard(context, scene, node);
    if (camera.k < NAME_FROM) beneath.push(node);
  }
  drawNamesBeneath(context, scene, beneath);
}

function boxOf({ geometry: { layout }, camera }: Scene, node: number): Box {
  return {
    x: layout.x[node] * camera.k + camera.x,
    y: layout.y[node] * camera.k + camera.y,
    width: NODE.nodeWidth * camera.k,
    height: NODE.nodeHeight * camera.k,
  };
}

function drawCard(context: PictureContext, scene: Scene, node: number): void {
  const { palette, camera, selected, selectedEnds, cursor } = scene;
  const box = boxOf(scene, node);
  const it = scene.picture.nodes[node];
  const share = it.calls === 0 ? 0 : it.errors / it.calls;
  const isMarked = selected.nodes.has(node) || selectedEnds.has(node) || cursor.nodes.has(node);
  if (camera.k < CARD_FROM) {
    context.fillStyle = isMarked ? palette.accent : share > 0.01 ? palette.error : palette.leaf;
    context.fillRect(box.x, box.y, Math.max(3, box.width), Math.max(3, box.height));
    return;
  }
  context.fillStyle = palette.card;
  context.strokeStyle = isMarked ? palette.accent : palette.border;
  context.lineWidth = cursor.nodes.has(node) ? 2.5 : isMarked ? 1.5 : 1;
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, Math.min(6, 6 * camera.k));
  context.fill();
  context.stroke();
  const scale = Math.min(1.25, camera.k);
  const middle = box.y + box.height / 2;
  if (camera.k < NAME_FROM) {
    drawRing(context, palette, it, box.x + box.width / 2, middle, Math.max(0.3, camera.k * 1.2));
    return;
  }
  drawRing(context, palette, it, box.x + 19 * scale, middle, scale);
  const left = box.x + 36 * scale;
  const room = box.x + box.width - 8 - left;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  const hasBoth = camera.k >= BOTH_LINES_FROM;
  context.font = `600 12px ${palette.fontFamily}`;
  context.fillStyle = palette.ink;
  context.fillText(fitted(context, nameText(it.name), room), left, hasBoth ? middle - 3 : middle + 4);
  if (!hasBoth) return;
  context.font = `11px ${palette.fontFamily}`;
  const { rate, p95, errors } = figuresOf(it, scene.seconds);
  const isTight = p95 !== '' && context.measureText([rate, p95, errors].join(' · ')).width > room;
  const plain = isTight && errors !== '' ? rate : [rate, p95].filter(text => text !== '').join(' · ');
  const text = fitted(context, errors === '' ? plain : `${plain} · `, room);
  context.fillStyle = palette.ink2;
  context.fillText(text, left, middle + 11);
  if (errors === '') return;
  context.fillStyle = palette.errorInk;
  context.fillText(errors, left + context.measureText(text).width, middle + 11);
}

/** Ring with the share that failed, and what kind of thing it is: disc, square, three lines, open circle. */
function drawRing(
  context: PictureContext,
  palette: GraphPalette,
  it: PictureNode,
  x: number,
  y: number,
  scale: number,
) {
  const radius = RING * scale;
  const share = it.calls === 0 ? 0 : it.errors / it.calls;
  context.lineWidth = Math.max(1, 2.5 * scale);
  context.strokeStyle = palette.track;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
  if (share > RING_FROM) {
    const turn = Math.max(2 / (RING * 2 * Math.PI), share);
    context.strokeStyle = palette.error;
    context.beginPath();
    context.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + turn * 2 * Math.PI);
    context.stroke();
  }
  const half = radius * 0.52;
  context.fillStyle = it.kind === 'service' ? palette.serviceColour(it.name) : palette.leaf;
  context.strokeStyle = palette.leaf;
  context.lineWidth = 1.7 * scale;
  context.beginPath();
  switch (it.kind) {
    case 'service':
      context.arc(x, y, half, 0, 2 * Math.PI);
      context.fill();
      break;
    case 'database':
      context.fillRect(x - half, y - half, 2 * half, 2 * half);
      break;
    case 'messaging':
      for (const dy of [-3.4, 0, 3.4]) {
        context.moveTo(x - half - 1, y + dy * scale);
        context.lineTo(x + half + 1, y + dy * scale);
      }
      context.stroke();
      break;
    case 'external':
      context.setLineDash([2.5 * scale, 1.6 * scale]);
      context.arc(x, y, half, 0, 2 * Math.PI);
      context.stroke();
      context.setLineDash([]);
      break;
  }
}

/** Names under small cards, the busiest first; a name that would cover another is left out. */
function drawNamesBeneath(context: PictureContext, scene: Scene, nodes: readonly number[]): void {
  const { picture, palette, near, isMoving } = scene;
  const first = (node: number): number =>
    near?.nodes.has(node) ? Number.POSITIVE_INFINITY : picture.nodes[node].calls;
  const taken: Box[] = [];
  context.font = `600 11px ${palette.fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const node of [...nodes].sort((a, b) => first(b) - first(a) || a - b)) {
    if (isMoving && taken.length >= NAMES_WHILE_MOVING) return;
    const box = boxOf(scene, node);
    const text = fitted(context, nameText(picture.nodes[node].name), 140);
    const width = context.measureText(text).width + 6;
    const place = { x: box.x + box.width / 2 - width / 2, y: box.y + box.height + 1, width, height: 13 };
    if (taken.some(other => overlaps(other, place))) continue;
    taken.push(place);
    context.globalAlpha = near === undefined || near.nodes.has(node) ? 1 : DIM;
    context.strokeStyle = palette.ground;
    context.lineWidth = 3;
    context.strokeText(text, box.x + box.width / 2, place.y);
    context.fillStyle = palette.ink;
    context.fillText(text, box.x + box.width / 2, place.y);
  }
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Whether a node is on screen. */
function isInSight({ camera, geometry: { layout }, width, height }: Scene, node: number): boolean {
  const left = layout.x[node] * camera.k + camera.x;
  const top = layout.y[node] * camera.k + camera.y;
  const air = 40;
  return (
    left < width + air &&
    top < height + air &&
    left + NODE.nodeWidth * camera.k > -air &&
    top + NODE.nodeHeight * camera.k > -air
  );
}
