import { hasChildren } from '#domain/analysis/tree-shape.ts';
import { firstPartFrom } from '#domain/analysis/work-intervals.ts';
import { SpanFlag, SpanKind } from '#domain/trace/trace-table.ts';
import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { timeToX, xToTime } from './camera.ts';
import { drawEventTicks } from './draw-events.ts';
import { BAR_HEIGHT, BAR_TOP, entryEndNs, MIN_BAR, ROW_HEIGHT } from './layout.ts';
import { isClosedRow, isOffScale, queuedNs, type Scene } from './scene.ts';
import { groupOfEntry } from './shape.ts';

const RADIUS = 1.5;
/** px between parts of a pixel each that a reader could see. */
const SEEN_GAP = 0.5;

/** Bar `i` of the scene: waiting tint, working parts, events, queue, overhang. */
export function drawBar(context: PictureContext, scene: Scene, i: number): void {
  const entry = scene.rows.entry[scene.bars.first + i];
  const group = groupOfEntry(scene.shape, entry);
  if (group >= 0) {
    drawGroupBar(context, scene, i, group);
    return;
  }
  if (entry < 0) {
    drawGapBar(context, scene, i);
    return;
  }
  const { table } = scene.shape;
  if (isOffScale(scene, entry)) return;
  if (table.kind[entry] === SpanKind.consumer) drawQueue(context, scene, i, entry);
  if (isClosedRow(scene, entry)) drawOverflow(context, scene, i, entry);
  drawSpanBar(context, scene, i, entry);
  if ((table.flags[entry] & (SpanFlag.startsBeforeParent | SpanFlag.endsAfterParent)) !== 0) {
    drawOverhang(context, scene, i, entry);
  }
  drawEventTicks(context, scene, i, entry);
}

function drawSpanBar(context: PictureContext, scene: Scene, i: number, row: number): void {
  const { bars, width, palette } = scene;
  const x0 = bars.x0[i];
  const x1 = Math.max(bars.x1[i], x0 + MIN_BAR);
  if (x1 < 0 || x0 > width) return;
  const y = bars.y[i] + BAR_TOP;
  const slot = slotAt(scene, row);
  const allWork = !hasChildren(scene.shape, row) || x1 - x0 <= MIN_BAR;
  context.fillStyle = allWork ? palette.working[slot] : palette.waiting[slot];
  fillBar(context, x0, y, x1 - x0);
  if (allWork) return;
  context.fillStyle = palette.working[slot];
  drawParts(context, scene, scene.work.of(row).intervals, y, x0, x1);
}

/** Members of a group where they ran, on a thread from the first to the last. */
function drawGroupBar(context: PictureContext, scene: Scene, i: number, group: number): void {
  const { bars, width, palette, shape } = scene;
  const x0 = bars.x0[i];
  const x1 = Math.max(bars.x1[i], x0 + MIN_BAR);
  const repeats = shape.groups?.repeats;
  if (repeats === undefined || x1 < 0 || x0 > width) return;
  const y = bars.y[i] + BAR_TOP;
  const slot = slotAt(scene, repeats.member[repeats.offset[group]]);
  context.fillStyle = palette.waiting[slot];
  fillBar(context, x0, y, x1 - x0);
  context.fillStyle = palette.working[slot];
  drawParts(context, scene, scene.work.ofGroup(group).intervals, y, x0, x1);
}

function slotAt(scene: Scene, row: number): number {
  const resource = scene.shape.table.resource[row];
  return resource < 0 ? scene.noService : scene.slots[resource];
}

function drawParts(context: PictureContext, scene: Scene, work: Float64Array, y: number, x0: number, x1: number): void {
  const { camera, width } = scene;
  const fill = (from: number, to: number): void => {
    const left = Math.max(x0, from);
    fillBar(context, left, y, Math.min(x1, Math.max(to, left + 1)) - left);
  };
  // Parts that fall into one pixel are drawn as one, and such pixels as one where they follow each other: a frame costs
  // far fewer rectangles than there are pixels.
  let runFrom = 0;
  let runTo = Number.NEGATIVE_INFINITY;
  let part = firstPartFrom(work, camera.startNs);
  while (part < work.length) {
    const from = timeToX(camera, width, work[part]);
    if (from > width) break;
    const to = timeToX(camera, width, work[part + 1]);
    part += 2;
    if (to - from >= 1) {
      fill(from, to);
      continue;
    }
    if (from - runTo > SEEN_GAP) {
      if (runTo > runFrom) fill(runFrom, runTo);
      runFrom = from;
    }
    runTo = from + 1;
    part = firstPartFrom(work, xToTime(camera, width, runTo), part);
  }
  if (runTo > runFrom) fill(runFrom, runTo);
}

function fillBar(context: PictureContext, x: number, y: number, width: number): void {
  if (width <= 0) return;
  if (width < 2 * RADIUS) {
    context.fillRect(x, y, width, BAR_HEIGHT);
    return;
  }
  context.beginPath();
  context.roundRect(x, y, width, BAR_HEIGHT, RADIUS);
  context.fill();
}

/** Hatched from the end of the producer to the start of the consumer, hung from the producer's row. */
function drawQueue(context: PictureContext, scene: Scene, i: number, row: number): void {
  const waited = queuedNs(scene, row);
  if (waited === 0) return;
  const { bars, width, palette, camera } = scene;
  const x0 = Math.max(-8, timeToX(camera, width, scene.shape.table.startNs[row] - waited));
  const x1 = Math.min(width + 8, bars.x0[i]);
  if (x1 - x0 < 1) return;
  const y = bars.y[i] + BAR_TOP;
  context.fillStyle = palette.hatch;
  context.fillRect(x0, y + 1, x1 - x0, BAR_HEIGHT - 2);
  context.fillStyle = palette.glyph;
  context.fillRect(x0 - 0.5, y - ROW_HEIGHT + BAR_HEIGHT, 1.25, ROW_HEIGHT - 1);
}

/** The parts of a span that hang out of its parent, outlined: shown where they were reported, never moved. */
function drawOverhang(context: PictureContext, scene: Scene, i: number, row: number): void {
  const { table } = scene.shape;
  const parent = table.parent[row];
  if (parent < 0 || isOffScale(scene, parent)) return;
  const { bars, width, palette, camera } = scene;
  const x0 = bars.x0[i];
  const x1 = Math.max(bars.x1[i], x0 + MIN_BAR);
  const y = bars.y[i] + BAR_TOP;
  const parentStart = timeToX(camera, width, table.startNs[parent]);
  const parentEnd = timeToX(camera, width, entryEndNs(scene.shape, parent));
  context.strokeStyle = palette.warn;
  const outline = (from: number, to: number, edge: number): void => {
    const left = Math.max(-8, from);
    const right = Math.min(width + 8, to);
    if (right - left < 1) return;
    context.lineWidth = 1.5;
    context.strokeRect(left, y - 0.75, right - left, BAR_HEIGHT + 1.5);
    if (edge < 0 || edge > width) return;
    context.lineWidth = 1.25;
    context.setLineDash([2, 1.5]);
    context.beginPath();
    context.moveTo(edge, y - BAR_TOP - 3);
    context.lineTo(edge, y + BAR_HEIGHT + 3);
    context.stroke();
    context.setLineDash([]);
  };
  if (table.startNs[row] < table.startNs[parent]) outline(x0, Math.min(x1, parentStart), parentStart);
  if (entryEndNs(scene.shape, row) > entryEndNs(scene.shape, parent)) outline(Math.max(x0, parentEnd), x1, parentEnd);
}

/** What a closed row hides that runs outside its time: a thread from the bar to where the first starts, the last ends. */
function drawOverflow(context: PictureContext, scene: Scene, i: number, row: number): void {
  const { fromNs, toNs } = scene.overflow.of(row);
  if (fromNs === undefined && toNs === undefined) return;
  const { bars, width, camera } = scene;
  const x0 = bars.x0[i];
  const x1 = Math.max(bars.x1[i], x0 + MIN_BAR);
  const y = bars.y[i] + BAR_TOP;
  context.strokeStyle = scene.palette.warn;
  context.lineWidth = 1.5;
  const thread = (from: number, to: number, end: number): void => {
    const left = Math.max(-8, from);
    const right = Math.min(width + 8, to);
    if (right - left < 1) return;
    context.beginPath();
    context.moveTo(left, y + BAR_HEIGHT / 2);
    context.lineTo(right, y + BAR_HEIGHT / 2);
    if (end >= 0 && end <= width) {
      context.moveTo(end, y + 2);
      context.lineTo(end, y + BAR_HEIGHT - 2);
    }
    context.stroke();
  };
  if (fromNs !== undefined) thread(timeToX(camera, width, fromNs), x0, timeToX(camera, width, fromNs));
  if (toNs !== undefined) thread(x1, timeToX(camera, width, toNs), timeToX(camera, width, toNs));
}

/** A parent that was not received: its extent is unknown, its orphans' is dashed. */
function drawGapBar(context: PictureContext, scene: Scene, i: number): void {
  const { bars, width, palette } = scene;
  const x0 = Math.max(-8, bars.x0[i]);
  const x1 = Math.min(width + 8, Math.max(bars.x1[i], x0 + MIN_BAR));
  if (x1 < 0 || x0 > width) return;
  const y = bars.y[i] + BAR_TOP;
  context.strokeStyle = palette.warn;
  context.lineWidth = 1.5;
  context.setLineDash([3, 2]);
  context.beginPath();
  context.moveTo(x0, y + 5.5);
  context.lineTo(x1, y + 5.5);
  for (const end of [x0, x1]) {
    context.moveTo(end, y + 1);
    context.lineTo(end, y + BAR_HEIGHT - 1);
  }
  context.stroke();
  context.setLineDash([]);
}
