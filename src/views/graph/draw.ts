import { drawBadges } from './draw-badges.ts';
import type { DrawContext } from './draw-context.ts';
import { drawEdges } from './draw-edges.ts';
import { drawNodes } from './draw-nodes.ts';
import type { Scene } from './scene.ts';

/** Draws one frame: ground, edges from the least busy on, nodes, then what changed. */
export function draw(context: DrawContext, scene: Scene): void {
  context.fillStyle = scene.palette.ground;
  context.fillRect(0, 0, scene.width, scene.height);
  drawEdges(context, scene);
  drawNodes(context, scene);
  drawBadges(context, scene);
  context.globalAlpha = 1;
}
