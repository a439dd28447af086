import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { timeToX } from './camera.ts';
import { drawBar } from './draw-bar.ts';
import { drawMarks } from './draw-label.ts';
import { drawPath } from './draw-path.ts';
import { ROW_HEIGHT } from './layout.ts';
import type { Scene } from './scene.ts';

/** Draws one frame: ground, grid, bars, critical path, then labels and diamonds on top. */
export function draw(context: PictureContext, scene: Scene): void {
  drawGround(context, scene);
  drawGrid(context, scene);
  for (let i = 0; i < scene.bars.count; i++) drawBar(context, scene, i);
  if (scene.path !== undefined) drawPath(context, scene.path, scene.top, scene.height, scene.palette);
  context.font = scene.palette.font;
  context.textBaseline = 'alphabetic';
  for (let i = 0; i < scene.bars.count; i++) drawMarks(context, scene, i);
}

function drawGround(context: PictureContext, scene: Scene): void {
  const { width, height, palette, bars } = scene;
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, height);
  if (scene.rootEndNs !== undefined) {
    const x = timeToX(scene.camera, width, scene.rootEndNs);
    if (x < width) {
      context.fillStyle = palette.sunk;
      context.fillRect(Math.max(0, x), 0, width - Math.max(0, x), height);
    }
  }
  for (const [index, colour] of [
    [scene.hovered, palette.hover],
    [scene.selected, palette.selected],
  ] as const) {
    if (index < bars.first || index >= bars.first + bars.count) continue;
    context.fillStyle = colour;
    context.fillRect(0, bars.y[index - bars.first], width, ROW_HEIGHT);
  }
}

function drawGrid(context: PictureContext, scene: Scene): void {
  const { camera, width, height, palette, tickNs } = scene;
  context.fillStyle = palette.grid;
  for (const ns of tickNs) context.fillRect(Math.round(timeToX(camera, width, ns)), 0, 1, height);
  if (scene.rootEndNs === undefined) return;
  const x = Math.round(timeToX(camera, width, scene.rootEndNs)) + 0.5;
  if (x < 0 || x > width) return;
  context.strokeStyle = palette.ink3;
  context.lineWidth = 1;
  context.setLineDash([2, 2]);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.stroke();
  context.setLineDash([]);
}
