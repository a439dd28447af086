import { niceTicks, tickLabel } from '#domain/time/ticks.ts';
import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { type Camera, timeToX } from './camera.ts';
import { TICK_ROOM } from './layout.ts';
import type { Palette } from './palette.ts';

/** Air beside the pointer's time. */
const FLAG_AIR = 6;

export interface AxisScene {
  readonly camera: Camera;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  /** Where the main root ends, if the trace goes on after it. */
  readonly rootEndNs: number | undefined;
  /** Where the pointer's time stands over the axis. */
  readonly taken: { readonly x0: number; readonly x1: number } | undefined;
}

/** Ticks, their times, and where the root ends. */
export function drawAxis(context: PictureContext, scene: AxisScene): void {
  const { camera, width, height, palette, rootEndNs, taken } = scene;
  const ticks = niceTicks(camera.startNs, camera.startNs + camera.widthNs, Math.floor(width / TICK_ROOM));
  context.font = palette.font;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  const endX = rootEndNs === undefined ? Number.POSITIVE_INFINITY : timeToX(camera, width, rootEndNs);
  for (const ns of ticks.atNs) {
    const x = Math.round(timeToX(camera, width, ns));
    context.fillStyle = palette.glyph;
    context.fillRect(x, 0, 1, 5);
    const text = tickLabel(ns, ticks.stepNs);
    const right = x + 4 + context.measureText(text).width;
    const nearFlag = taken !== undefined && right > taken.x0 - FLAG_AIR && x < taken.x1 + FLAG_AIR;
    const nearEnd = right > endX - 4 && x < endX + 62;
    if (nearFlag || nearEnd || right > width) continue;
    context.fillStyle = palette.ink3;
    context.fillText(text, x + 4, 15);
  }
  if (endX < 0 || endX > width) return;
  const x = Math.round(endX);
  context.fillStyle = palette.ink3;
  for (let y = 0; y < height; y += 4) context.fillRect(x, y, 1, 2);
  const hidden = taken !== undefined && x + 57 > taken.x0 - FLAG_AIR && x < taken.x1 + FLAG_AIR;
  context.fillStyle = palette.ink2;
  if (!hidden && x + 60 < width) context.fillText('root ends', x + 5, 15);
}
