import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { ROW_HEIGHT } from './layout.ts';
import type { Palette } from './palette.ts';
import type { PathLine } from './path-steps.ts';

/** The line runs below the bar. */
const LINE_Y = 17.5;

/** The critical path: one unbroken stepped line with a halo; horizontals strong, verticals thin. */
export function drawPath(context: PictureContext, line: PathLine, top: number, height: number, palette: Palette): void {
  if (line.count === 0) return;
  context.lineJoin = 'round';
  traceSteps(context, line, top, height);
  context.strokeStyle = palette.pathHalo;
  context.lineWidth = 3;
  context.stroke();
  traceSteps(context, line, top, height);
  context.strokeStyle = palette.path;
  context.globalAlpha = 0.6;
  context.lineWidth = 1;
  context.stroke();
  context.globalAlpha = 1;
  context.lineWidth = 2.25;
  context.beginPath();
  for (let i = 0; i < line.count; i++) {
    const y = stepY(line, i, top, height);
    if (y < -ROW_HEIGHT || y > height + ROW_HEIGHT) continue;
    context.moveTo(line.x0[i], y);
    context.lineTo(line.x1[i], y);
  }
  context.stroke();
}

function traceSteps(context: PictureContext, line: PathLine, top: number, height: number): void {
  context.beginPath();
  let before = 0;
  for (let i = 0; i < line.count; i++) {
    const y = stepY(line, i, top, height);
    const side = y < -ROW_HEIGHT ? -1 : y > height + ROW_HEIGHT ? 1 : 0;
    // What stays beyond one edge is not drawn: in a long trace that is nearly all of the path.
    if (i === 0 || (side !== 0 && side === before)) context.moveTo(line.x1[i], y);
    else context.lineTo(line.x0[i], y);
    if (i === 0) context.moveTo(line.x0[i], y);
    if (side === 0) context.lineTo(line.x1[i], y);
    else context.moveTo(line.x1[i], y);
    before = side;
  }
}

/** Rows far off screen are drawn just outside it: a vertical to them looks the same and its numbers stay small. */
function stepY(line: PathLine, i: number, top: number, height: number): number {
  const y = line.index[i] * ROW_HEIGHT + LINE_Y - top;
  return Math.max(-2 * ROW_HEIGHT, Math.min(height + 2 * ROW_HEIGHT, y));
}
