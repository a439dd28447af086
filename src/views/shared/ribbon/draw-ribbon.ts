import type { RibbonLayout } from './ribbon-layout.ts';
import type { RibbonScale } from './ribbon-scale.ts';

/** The part of a canvas context that a ribbon is drawn with. */
export type RibbonContext = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'fillRect'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'fill'
  | 'stroke'
>;

export interface RibbonColours {
  readonly serviceColour: (service: string) => string;
  readonly grid: string;
  readonly rest: string;
  readonly error: string;
  readonly halo: string;
}

export const RIBBON_HEIGHT = 26;
const BAR = { y: 8, height: 10 };
const DIAMOND = { y: 19.5, half: 3.3 };

/** Grid lines, bars with half a pixel between them, the asynchronous tail, then failures on top. */
export function drawRibbon(
  context: RibbonContext,
  layout: RibbonLayout,
  scale: RibbonScale,
  colours: RibbonColours,
  isLoading: boolean,
): void {
  context.fillStyle = colours.grid;
  for (const tick of scale.ticks) context.fillRect(Math.round(tick.x), 0, 1, RIBBON_HEIGHT);
  for (const part of layout.parts) {
    context.fillStyle = colours.serviceColour(part.service);
    context.fillRect(part.x0, BAR.y, Math.max(0.6, part.x1 - part.x0 - 0.5), BAR.height);
  }
  if (layout.tail) {
    context.fillStyle = colours.rest;
    const height = isLoading ? BAR.height : 2;
    const y = BAR.y + (BAR.height - height) / 2;
    context.fillRect(layout.tail.x0, y, layout.tail.x1 - layout.tail.x0, height);
  }
  if (layout.overflows) drawOverflow(context, scale.width, colours.halo);
  for (const x of layout.errors) drawDiamond(context, Math.min(x, scale.width - DIAMOND.half), colours);
}

/** Two slanted cuts: the bar goes on beyond the scale. */
function drawOverflow(context: RibbonContext, width: number, halo: string): void {
  context.strokeStyle = halo;
  context.lineWidth = 1.5;
  for (const x of [width - 9, width - 5]) {
    context.beginPath();
    context.moveTo(x + 2, BAR.y - 1);
    context.lineTo(x - 2, BAR.y + BAR.height + 1);
    context.stroke();
  }
}

function drawDiamond(context: RibbonContext, x: number, colours: RibbonColours): void {
  const { y, half } = DIAMOND;
  context.beginPath();
  context.moveTo(x - half, y);
  context.lineTo(x, y - half);
  context.lineTo(x + half, y);
  context.lineTo(x, y + half);
  context.closePath();
  context.fillStyle = colours.error;
  context.strokeStyle = colours.halo;
  context.lineWidth = 1;
  context.fill();
  context.stroke();
}
