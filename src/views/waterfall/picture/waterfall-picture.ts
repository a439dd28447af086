import { adjustmentOf } from '#domain/analysis/clock-adjustment.ts';
import { traceLine } from '#domain/analysis/trace-markdown.ts';
import { niceTicks } from '#domain/time/ticks.ts';
import type { TimeZoneChoice } from '#domain/time/zone.ts';
import { fitted } from '#views/shared/picture/fit-text.ts';
import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import type { Picture } from '#views/shared/picture/save-picture.ts';
import { draw } from '#views/waterfall/draw.ts';
import { drawAxis } from '#views/waterfall/draw-axis.ts';
import { shiftOf } from '#views/waterfall/indent.ts';
import { emptyLayout, layoutBars, ROW_HEIGHT, TICK_ROOM } from '#views/waterfall/layout.ts';
import type { Palette } from '#views/waterfall/palette.ts';
import { pathLine } from '#views/waterfall/path-steps.ts';
import { rowText } from '#views/waterfall/row-text.ts';
import type { Scene } from '#views/waterfall/scene.ts';
import { type ServiceSlots, slotOfRow } from '#views/waterfall/service-slots.ts';
import type { WaterfallModel } from '#views/waterfall/waterfall-model.ts';
import { drawKey } from './draw-key.ts';
import { drawName, type NameStyle } from './draw-names.ts';
import { type PictureRows, pictureRows } from './picture-rows.ts';

/** How the waterfall looks at the moment. */
export interface PictureLook {
  readonly palette: Palette;
  /** The interface's family, without a size. */
  readonly family: string;
  readonly slots: ServiceSlots;
  readonly zone: TimeZoneChoice;
  /** px that the names take. */
  readonly treeWidth: number;
}

const AIR = 12;
const HEAD = 56;
const AXIS = 24;
const FOOT = 34;
/** The line that says what is left out. */
const NOTE = 20;
/** Between a text and the edge of its column. */
const EDGE = 8;
const LEAST_TIMELINE = 320;

/**
 * The waterfall as it is shown: its folds, its filter, its stretch of time and its theme, under the name of the trace;
 * more rows than fit are left out, and the picture says so.
 */
export function waterfallPicture(model: WaterfallModel, look: PictureLook): Picture {
  const { rows, topPx, widthPx } = model.store.get();
  const shown = pictureRows(rows.count, topPx);
  const timelineWidth = Math.max(LEAST_TIMELINE, Math.round(widthPx));
  const width = AIR + look.treeWidth + timelineWidth;
  const bodyHeight = shown.count * ROW_HEIGHT;
  const foot = shown.note === undefined ? FOOT : FOOT + NOTE;
  const height = HEAD + AXIS + bodyHeight + foot;
  const { title, facts } = traceLine(model.table, look.zone);
  const scene = sceneOf(model, look, shown, timelineWidth);
  return {
    width,
    height,
    title: `Waterfall of ${title}: ${facts}`,
    paint: context => {
      const { palette } = look;
      context.fillStyle = palette.surface;
      context.fillRect(0, 0, width, height);
      drawHead(context, model, look, width);
      drawColumnHeads(context, look);
      inBox(context, [AIR + look.treeWidth, HEAD, timelineWidth, AXIS], () => {
        const { camera, rootEndNs } = scene;
        drawAxis(context, { camera, width: timelineWidth, height: AXIS, palette, rootEndNs, taken: undefined });
      });
      inBox(context, [AIR, HEAD + AXIS, look.treeWidth, bodyHeight], () => drawNames(context, model, look, shown));
      inBox(context, [AIR + look.treeWidth, HEAD + AXIS, timelineWidth, bodyHeight], () => draw(context, scene));
      context.fillStyle = palette.grid;
      context.fillRect(0, HEAD, width, 1);
      context.fillRect(0, HEAD + AXIS - 1, width, 1);
      context.fillRect(0, height - foot, width, 1);
      context.fillRect(AIR + look.treeWidth - 1, HEAD, 1, height - HEAD - foot);
      drawFoot(context, look, shown.note, width, height);
    },
  };
}

function sceneOf(model: WaterfallModel, look: PictureLook, shown: PictureRows, width: number): Scene {
  const { shape, work, overflow, rootEndNs } = model;
  const { rows, camera, closed, selectedRow, path, showPath } = model.store.get();
  const window = { first: shown.first, count: shown.count, y: 0 };
  return {
    ...{ shape, rows, camera, width, closed, work, overflow, rootEndNs, palette: look.palette },
    bars: layoutBars(shape, rows, window, camera, width, emptyLayout(shown.count)),
    height: shown.count * ROW_HEIGHT,
    top: shown.first * ROW_HEIGHT,
    slots: look.slots.byResource,
    noService: look.slots.none,
    tickNs: niceTicks(camera.startNs, camera.startNs + camera.widthNs, Math.floor(width / TICK_ROOM)).atNs,
    hovered: -1,
    selected: selectedRow < 0 ? -1 : model.indexOf(selectedRow),
    path: path === undefined || !showPath ? undefined : pathLine(path, rows, camera, width),
  };
}

function drawHead(
  context: PictureContext,
  model: WaterfallModel,
  { palette, family, zone }: PictureLook,
  width: number,
): void {
  const { title, facts } = traceLine(model.table, zone);
  const clocks = adjustmentOf(model.table) === undefined ? '' : ', clocks adjusted';
  const text = `${facts}, trace ${model.table.traceId}${clocks}`;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  context.font = `600 15px ${family}`;
  context.fillStyle = palette.ink;
  context.fillText(fitted(context, title, width - 2 * AIR), AIR, 24);
  context.font = `12px ${family}`;
  context.fillStyle = palette.ink2;
  context.fillText(fitted(context, text, width - 2 * AIR), AIR, 44);
}

function drawNames(context: PictureContext, model: WaterfallModel, look: PictureLook, shown: PictureRows): void {
  const { palette, family, treeWidth, slots } = look;
  const { rows, selectedRow } = model.store.get();
  const shift = shiftOf(model.shape, rows, shown.first, shown.first + shown.count);
  const style: NameStyle = { palette, family, width: treeWidth, shift };
  const selected = selectedRow < 0 ? -1 : model.indexOf(selectedRow);
  for (let i = 0; i < shown.count; i++) {
    const row = rowText(model, rows.entry[shown.first + i]);
    if (shown.first + i === selected) {
      context.fillStyle = palette.selected;
      context.fillRect(-AIR, i * ROW_HEIGHT, treeWidth + AIR, ROW_HEIGHT);
    }
    const slot = row.colourOf === undefined ? slots.none : slotOfRow(model.table, slots, row.colourOf);
    drawName(context, style, row, i * ROW_HEIGHT, palette.working[slot]);
  }
}

function drawColumnHeads(context: PictureContext, { palette, treeWidth }: PictureLook): void {
  context.font = palette.font;
  context.fillStyle = palette.ink3;
  context.fillText('Service and operation', AIR + EDGE, HEAD + 16);
  context.textAlign = 'right';
  context.fillText('Self time', AIR + treeWidth - EDGE, HEAD + 16);
  context.textAlign = 'left';
}

function drawFoot(
  context: PictureContext,
  { palette }: PictureLook,
  note: string | undefined,
  width: number,
  height: number,
): void {
  drawKey(context, palette, AIR, height - 13);
  if (note === undefined) return;
  context.fillStyle = palette.warnInk;
  context.fillText(fitted(context, note, width - 2 * AIR), AIR, height - 13 - NOTE);
}

/** Draws with the box's corner as origin; nothing leaves the box. */
function inBox(
  context: PictureContext,
  [x, y, width, height]: readonly [number, number, number, number],
  paint: () => void,
): void {
  context.save();
  context.translate(x, y);
  context.beginPath();
  context.rect(0, 0, width, height);
  context.clip();
  paint();
  context.restore();
}
