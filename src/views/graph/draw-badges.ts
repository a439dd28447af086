import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { pointOn, segmentsOf } from './geometry.ts';
import type { Scene } from './scene.ts';
import { changeText } from './texts.ts';

const SHOWN_FROM = 0.5;
const HEIGHT = 16;

/** What changed by more than noise, in words on its edge. */
export function drawBadges(context: PictureContext, scene: Scene): void {
  const { picture, geometry, camera, palette, near, width, height } = scene;
  if (camera.k < SHOWN_FROM) return;
  context.font = `11px ${palette.fontFamily}`;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  for (const [edge, { change, from, to }] of picture.edges.entries()) {
    if (change === undefined) continue;
    const route = geometry.routes[edge];
    const isLoop = from === to;
    // The last stretch before the callee: where the edge is by itself.
    const last = segmentsOf(route, isLoop) - 1;
    const [x, y] = pointOn(route, isLoop, last, 0.5);
    const text = changeText(change);
    const badge = context.measureText(text).width + (change.worse ? 25 : 14);
    const left = x * camera.k + camera.x - badge / 2;
    const top = y * camera.k + camera.y - HEIGHT / 2;
    if (left > width || top > height || left + badge < 0 || top + HEIGHT < 0) continue;
    context.globalAlpha = near === undefined || near.edges.has(edge) ? 1 : 0.3;
    context.fillStyle = palette.surface;
    context.strokeStyle = change.worse ? palette.slower : palette.border;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(left, top, badge, HEIGHT, HEIGHT / 2);
    context.fill();
    context.stroke();
    if (change.worse) {
      context.fillStyle = palette.slower;
      context.beginPath();
      context.moveTo(left + 7, top + 11);
      context.lineTo(left + 10.4, top + 5);
      context.lineTo(left + 13.8, top + 11);
      context.closePath();
      context.fill();
    }
    context.fillStyle = change.worse ? palette.slowerInk : palette.ink2;
    context.fillText(text, left + (change.worse ? 17 : 7), top + 12);
  }
}
