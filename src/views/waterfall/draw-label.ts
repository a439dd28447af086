import { rootlessEntry } from '#domain/analysis/tree-shape.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatCount } from '#domain/format/number.ts';
import { SpanFlag, StatusCode } from '#domain/trace/trace-table.ts';
import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { timeToX } from './camera.ts';
import { DIAMOND, outlineDiamond } from './diamond.ts';
import { ARROW_ROOM, drawEventArrows, eventsOutside } from './draw-events.ts';
import { BAR_HEIGHT, BAR_TOP, entryEndNs, entryStartNs, MIN_BAR } from './layout.ts';
import { eachText, groupSize, lengthText } from './names.ts';
import { groundAt, isClosedRow, isOffScale, queuedNs, type Scene } from './scene.ts';
import { groupOfEntry } from './shape.ts';

const BASELINE = 9.5;
const GAP = 6;

/** Label and error diamond of row `i`. */
export function drawMarks(context: PictureContext, scene: Scene, i: number): void {
  const entry = scene.rows.entry[scene.bars.first + i];
  const failed = entry >= 0 && scene.shape.table.status[entry] === StatusCode.error && !isOffScale(scene, entry);
  const diamondX = failed ? errorX(scene, i, entry) : undefined;
  drawLabel(context, scene, i, entry, diamondX);
  if (entry >= 0 && !isOffScale(scene, entry)) {
    const outside = eventsOutside(scene, entry);
    drawEventArrows(context, scene, i, outside, scene.bars.x0[i], endOfBar(scene, i, diamondX));
  }
  if (diamondX === undefined || diamondX < -DIAMOND || diamondX > scene.width + DIAMOND) return;
  const y = scene.bars.y[i] + BAR_TOP + BAR_HEIGHT / 2;
  outlineDiamond(context, diamondX, y);
  context.fillStyle = scene.palette.error;
  context.fill();
  context.strokeStyle = scene.palette.surface;
  context.lineWidth = 1.25;
  context.stroke();
}

/** What stands beside a bar. */
export function labelText(scene: Scene, entry: number): string {
  const group = groupOfEntry(scene.shape, entry);
  const repeats = scene.shape.groups?.repeats;
  if (group >= 0 && repeats !== undefined) {
    const extent = durationText(repeats.endNs[group] - repeats.startNs[group]);
    return `${formatCount(groupSize(repeats, group))} in ${extent}, each ${eachText(repeats, group)}`;
  }
  if (entry === rootlessEntry(scene.shape)) return lengthText(scene.shape, entry);
  if (entry < 0) return 'extent unknown, children shown where they ran';
  const { table } = scene.shape;
  const duration = durationText(table.spanDurationNs[entry]);
  const flags = table.flags[entry];
  if ((flags & SpanFlag.negative) !== 0) return `${duration} (invalid)`;
  if ((flags & SpanFlag.noTimestamp) !== 0) return 'no timestamp';
  return duration;
}

/** Diamonds stand at the last exception, or at the end of a span that recorded none. */
function errorX(scene: Scene, i: number, row: number): number {
  const { table } = scene.shape;
  for (let event = table.events.offset[row + 1] - 1; event >= table.events.offset[row]; event--) {
    if (table.strings.at(table.events.name[event]) !== 'exception') continue;
    const x = timeToX(scene.camera, scene.width, table.events.timeNs[event]);
    return Math.max(scene.bars.x0[i], Math.min(scene.bars.x1[i], x));
  }
  return scene.bars.x1[i];
}

function drawLabel(
  context: PictureContext,
  scene: Scene,
  i: number,
  entry: number,
  diamondX: number | undefined,
): void {
  const { bars, width, palette, shape } = scene;
  const baseline = bars.y[i] + BAR_TOP + BASELINE;
  const index = bars.first + i;
  if (entry >= 0 && isOffScale(scene, entry)) {
    const before = shape.table.startNs[entry] < 0;
    edgeLabel(context, scene, index, baseline, `off the scale, ${describeOffset(shape.table.startNs[entry])}`, before);
    return;
  }
  const x0 = bars.x0[i];
  const x1 = Math.max(bars.x1[i], x0 + MIN_BAR);
  if (x0 > width) {
    edgeLabel(context, scene, index, baseline, `starts ${durationText(entryStartNs(shape, entry))}`, false);
    return;
  }
  if (x1 < 0) {
    edgeLabel(context, scene, index, baseline, `ended ${durationText(entryEndNs(shape, entry))}`, true);
    return;
  }
  const isGap = entry < 0 && groupOfEntry(shape, entry) < 0;
  const text = labelText(scene, entry);
  const size = context.measureText(text).width;
  context.fillStyle = isGap ? palette.warnInk : palette.ink2;
  if (x1 > width) {
    insideLabel(context, scene, index, baseline, `${text} ›`);
    return;
  }
  const left = reachLeft(scene, i, entry);
  const right = reachRight(scene, i, entry, diamondX) + GAP;
  const queueNs = entry < 0 ? 0 : queuedNs(scene, entry);
  if (queueNs > 0) queueLabel(context, scene, index, baseline, entry, queueNs);
  context.fillStyle = isGap ? palette.warnInk : palette.ink2;
  if (right + size <= width - 2) haloText(context, text, right, baseline, 'left', groundAt(scene, index, right));
  else if (queueNs === 0 && left - GAP - size >= 2) {
    haloText(context, text, left - GAP, baseline, 'right', groundAt(scene, index, left - GAP));
  } else insideLabel(context, scene, index, baseline, text);
}

/** x up to which the bar and what hangs on it reach to the left. */
function reachLeft(scene: Scene, i: number, entry: number): number {
  const x0 = scene.bars.x0[i];
  if (entry < 0) return x0;
  const { fromNs } = isClosedRow(scene, entry) ? scene.overflow.of(entry) : { fromNs: undefined };
  const arrowed = eventsOutside(scene, entry).before ? x0 - ARROW_ROOM : x0;
  return fromNs === undefined ? arrowed : Math.min(arrowed, timeToX(scene.camera, scene.width, fromNs));
}

/** As `reachLeft`, to the right; the diamond counts. */
function reachRight(scene: Scene, i: number, entry: number, diamondX: number | undefined): number {
  const x1 = endOfBar(scene, i, diamondX);
  if (entry < 0) return x1;
  const { toNs } = isClosedRow(scene, entry) ? scene.overflow.of(entry) : { toNs: undefined };
  const arrowed = eventsOutside(scene, entry).after ? x1 + ARROW_ROOM : x1;
  return toNs === undefined ? arrowed : Math.max(arrowed, timeToX(scene.camera, scene.width, toNs));
}

function endOfBar({ bars }: Scene, i: number, diamondX: number | undefined): number {
  const x1 = Math.max(bars.x1[i], bars.x0[i] + MIN_BAR);
  return diamondX === undefined ? x1 : Math.max(x1, diamondX + DIAMOND);
}

function queueLabel(
  context: PictureContext,
  scene: Scene,
  index: number,
  baseline: number,
  row: number,
  queueNs: number,
): void {
  const from = timeToX(scene.camera, scene.width, scene.shape.table.startNs[row] - queueNs);
  const text = `queued ${durationText(queueNs)}`;
  if (from - GAP - context.measureText(text).width < 2) return;
  haloText(context, text, from - GAP, baseline, 'right', groundAt(scene, index, from));
}

/** For bars that leave no room outside: at the right end of what is seen of them, on a ground of its own. */
function insideLabel(context: PictureContext, scene: Scene, index: number, baseline: number, text: string): void {
  const size = context.measureText(text).width;
  const colour = context.fillStyle;
  context.fillStyle = groundAt(scene, index, scene.width);
  context.beginPath();
  context.roundRect(scene.width - 12 - size, baseline - 10.5, size + 8, 13, 2);
  context.fill();
  context.fillStyle = colour;
  context.textAlign = 'right';
  context.fillText(text, scene.width - 8, baseline);
}

/** For bars outside the window: at the edge they lie beyond. */
function edgeLabel(
  context: PictureContext,
  scene: Scene,
  index: number,
  baseline: number,
  text: string,
  left: boolean,
): void {
  const x = left ? 8 : scene.width - 8;
  context.fillStyle = scene.palette.ink3;
  haloText(context, left ? `‹ ${text}` : `${text} ›`, x, baseline, left ? 'left' : 'right', groundAt(scene, index, x));
}

function haloText(
  context: PictureContext,
  text: string,
  x: number,
  baseline: number,
  align: CanvasTextAlign,
  ground: string,
): void {
  context.textAlign = align;
  context.strokeStyle = ground;
  context.lineWidth = 3.5;
  context.lineJoin = 'round';
  context.strokeText(text, x, baseline);
  context.fillText(text, x, baseline);
}

function describeOffset(ns: number): string {
  return ns < 0 ? `${durationText(-ns)} before` : `${durationText(ns)} after`;
}
