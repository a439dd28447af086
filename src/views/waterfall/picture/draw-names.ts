import { durationText } from '#domain/format/duration.ts';
import { formatCount } from '#domain/format/number.ts';
import { fitted } from '#views/shared/picture/fit-text.ts';
import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { outlineDiamond } from '#views/waterfall/diamond.ts';
import { INDENT, NUMBERED_FROM } from '#views/waterfall/indent.ts';
import { ROW_HEIGHT } from '#views/waterfall/layout.ts';
import type { Palette } from '#views/waterfall/palette.ts';
import type { RowTag, RowText } from '#views/waterfall/row-text.ts';

/** How the names of a picture look. Sizes in px. */
export interface NameStyle {
  readonly palette: Palette;
  /** The interface's family, without a size. */
  readonly family: string;
  readonly width: number;
  /** Levels by which all rows stand further to the left. */
  readonly shift: number;
}

const BASELINE = 15;
const GAP = 6;
/** Between caret and key bar, and from there to the text. */
const CARET = 14;
const KEY = 10;
const TIME_ROOM = 66;
const EDGE = 8;
const TAG_AIR = 4;

/** One row of names with its top edge at `y`; `colour` is that of its service. */
export function drawName(context: PictureContext, style: NameStyle, row: RowText, y: number, colour: string): void {
  const { palette, family, width } = style;
  const isGap = row.colourOf === undefined;
  const indent = Math.max(6, Math.min((row.level - 1 - style.shift) * INDENT + 6, 0.45 * width));
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  if (row.level > NUMBERED_FROM) {
    context.font = `11px ${family}`;
    context.fillStyle = palette.ink3;
    context.textAlign = 'right';
    context.fillText(formatCount(row.level), indent, y + BASELINE);
    context.textAlign = 'left';
  }
  if (row.caret !== undefined) drawCaret(context, palette, row.caret, indent + CARET / 2, y + ROW_HEIGHT / 2);
  let x = indent + CARET + 1;
  if (!isGap) {
    context.fillStyle = colour;
    context.fillRect(x, y + 4, 3, 14);
  }
  x += KEY - 1;
  drawTime(context, style, row, y);
  const end = width - EDGE - TIME_ROOM;
  context.font = `11px ${family}`;
  const tagRoom = row.tags.reduce((sum, { text }) => sum + context.measureText(text).width + 2 * TAG_AIR + GAP, 0);
  const textEnd = Math.max(x, end - tagRoom);
  context.font = `12px ${family}`;
  if (row.service !== undefined) {
    const service = fitted(context, row.service, Math.min(0.55 * (end - x), textEnd - x));
    context.fillStyle = palette.ink2;
    context.fillText(service, x, y + BASELINE);
    x += context.measureText(service).width + GAP;
  }
  const name = fitted(context, `${row.name} ${row.aside}`.trimEnd(), Math.max(0, textEnd - x));
  context.fillStyle = isGap ? palette.warnInk : palette.ink;
  context.fillText(name, x, y + BASELINE);
  x += context.measureText(name).width + GAP;
  context.font = `11px ${family}`;
  for (const tag of row.tags) {
    const tagWidth = context.measureText(tag.text).width + 2 * TAG_AIR;
    if (x + tagWidth > end + GAP) break;
    drawTag(context, palette, tag, x, y, tagWidth);
    x += tagWidth + GAP;
  }
}

function drawTime(context: PictureContext, { palette, family, width }: NameStyle, row: RowText, y: number): void {
  context.font = `11px ${family}`;
  context.textAlign = 'right';
  context.fillStyle = row.colourOf === undefined ? palette.ink3 : palette.ink2;
  const time = typeof row.time === 'string' ? row.time : durationText(row.time);
  context.fillText(time, width - EDGE, y + BASELINE);
  context.textAlign = 'left';
  if (!row.failed) return;
  const x = width - EDGE - context.measureText(time).width - 14;
  const middle = y + ROW_HEIGHT / 2;
  context.fillStyle = palette.error;
  outlineDiamond(context, x, middle);
  context.fill();
}

function drawCaret(context: PictureContext, palette: Palette, caret: 'open' | 'closed', x: number, y: number): void {
  context.strokeStyle = palette.ink3;
  context.lineWidth = 1.1;
  context.beginPath();
  if (caret === 'open') {
    context.moveTo(x - 2.5, y - 1.2);
    context.lineTo(x, y + 1.3);
    context.lineTo(x + 2.5, y - 1.2);
  } else {
    context.moveTo(x - 1.2, y - 2.5);
    context.lineTo(x + 1.3, y);
    context.lineTo(x - 1.2, y + 2.5);
  }
  context.stroke();
}

function drawTag(
  context: PictureContext,
  palette: Palette,
  { text, tone }: RowTag,
  x: number,
  y: number,
  width: number,
): void {
  const [ink, edge] = {
    plain: [palette.ink2, palette.glyph],
    strong: [palette.ink2, palette.glyph],
    warn: [palette.warnInk, palette.warn],
    error: [palette.error, palette.error],
  }[tone];
  context.strokeStyle = edge;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(x + 0.5, y + 4, width - 1, 14, 3);
  context.stroke();
  context.fillStyle = ink;
  context.fillText(text, x + TAG_AIR, y + BASELINE);
}
