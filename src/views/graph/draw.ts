import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { drawBadges } from './draw-badges.ts';
import { drawEdges } from './draw-edges.ts';
import { drawFrameNames, drawFrames } from './draw-frames.ts';
import { drawNodes } from './draw-nodes.ts';
import type { Scene } from './scene.ts';

/** Draws one picture: ground, frames of groups, edges from the least busy on, nodes, then names and what changed. */
export function draw(context: PictureContext, scene: Scene): void {
  context.fillStyle = scene.palette.ground;
  context.fillRect(0, 0, scene.width, scene.height);
  drawFrames(context, scene);
  drawEdges(context, scene);
  drawNodes(context, scene);
  drawFrameNames(context, scene);
  drawBadges(context, scene);
  context.globalAlpha = 1;
}
