import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { timeToX } from './camera.ts';
import { BAR_HEIGHT, BAR_TOP, entryEndNs, MIN_BAR } from './layout.ts';
import type { Scene } from './scene.ts';

/** px that an arrow takes beside a bar. */
export const ARROW_ROOM = 6;
const ARROW = 4;
/** px between two ticks, so that the bar is seen between thousands. */
const LEAST_GAP = 3;

/** Whether a span has events from before it starts, and from after it ends. */
export interface EventsOutside {
  readonly before: boolean;
  readonly after: boolean;
}

const NONE: EventsOutside = { before: false, after: false };

/** One pass over the events of a row. */
export function eventsOutside({ shape }: Pick<Scene, 'shape'>, row: number): EventsOutside {
  const { events, startNs } = shape.table;
  const from = events.offset[row];
  const to = events.offset[row + 1];
  if (from === to) return NONE;
  const endNs = entryEndNs(shape, row);
  let before = false;
  let after = false;
  for (let event = from; event < to; event++) {
    if (events.timeNs[event] < startNs[row]) before = true;
    else if (events.timeNs[event] > endNs) after = true;
  }
  return { before, after };
}

/** Ticks where the events of a span lie; those outside it stand at the nearer end, see `drawEventArrows`. */
export function drawEventTicks(context: PictureContext, scene: Scene, i: number, row: number): void {
  const { events } = scene.shape.table;
  const from = events.offset[row];
  const to = events.offset[row + 1];
  if (from === to) return;
  const { bars, width, palette, camera } = scene;
  const x0 = bars.x0[i];
  const x1 = Math.max(bars.x1[i], x0 + MIN_BAR);
  const y = bars.y[i] + BAR_TOP;
  context.fillStyle = palette.ink;
  let last = Number.NEGATIVE_INFINITY;
  for (let event = from; event < to; event++) {
    const x = Math.max(x0, Math.min(x1, timeToX(camera, width, events.timeNs[event])));
    if (x < 0 || x > width || Math.abs(x - last) < LEAST_GAP) continue;
    last = x;
    context.fillRect(x - 0.75, y + 1, 1.5, BAR_HEIGHT - 2);
  }
}

/** Arrows at `leftX` and `rightX` that point to where events outside the span lie. */
export function drawEventArrows(
  context: PictureContext,
  scene: Scene,
  i: number,
  { before, after }: EventsOutside,
  leftX: number,
  rightX: number,
): void {
  context.fillStyle = scene.palette.ink;
  const middle = scene.bars.y[i] + BAR_TOP + BAR_HEIGHT / 2;
  const arrow = (x: number, direction: -1 | 1): void => {
    if (x < 0 || x > scene.width) return;
    context.beginPath();
    context.moveTo(x + direction * (ARROW + 1), middle);
    context.lineTo(x + direction, middle - ARROW);
    context.lineTo(x + direction, middle + ARROW);
    context.closePath();
    context.fill();
  };
  if (before) arrow(leftX, -1);
  if (after) arrow(rightX, 1);
}
