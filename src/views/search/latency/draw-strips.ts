import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import type { LatencyPalette } from './palette.ts';
import type { Band, Plot } from './plot.ts';
import type { RedLines } from './red-lines.ts';

const LINE = { plain: 1.25, p99: 1.6 };

/** Rate as an area, errors as bars, quantiles as lines; grid lines through all, markers of versions on top. */
export function drawStrips(
  context: PictureContext,
  lines: RedLines,
  plot: Plot,
  palette: LatencyPalette,
  gridX: readonly number[],
  gridY: readonly number[],
): void {
  const { left, width, rate, errors } = plot;
  context.fillStyle = palette.grid;
  for (const x of gridX) context.fillRect(Math.round(x), rate.top, 1, plot.heat.top + plot.heat.height - rate.top);
  for (const y of gridY) context.fillRect(left, Math.round(y), width, 1);
  drawRate(context, lines, plot, palette);
  context.fillStyle = palette.error;
  for (let column = 0; column < lines.errorHeight.length; column++) {
    const height = lines.errorHeight[column];
    if (height > 0) context.fillRect(columnX(plot, column), bottomOf(errors) - height, barWidth(plot), height);
  }
  context.fillStyle = palette.axis;
  context.fillRect(left, bottomOf(errors), width, 1);
  context.lineJoin = 'round';
  for (const [i, ys] of lines.quantileY.entries()) {
    context.strokeStyle = palette.quantiles[i];
    context.lineWidth = i === 2 ? LINE.p99 : LINE.plain;
    strokeColumns(context, plot, ys);
  }
  context.fillStyle = palette.axis;
  context.fillRect(left, plot.heat.top + plot.heat.height, width, 1);
}

/** Dashed from the name of a version down to the time axis. */
export function drawMarkers(context: PictureContext, xs: readonly number[], plot: Plot, palette: LatencyPalette): void {
  context.strokeStyle = palette.marker;
  context.fillStyle = palette.marker;
  context.lineWidth = 1;
  for (const x of xs) {
    const middle = Math.round(x) + 0.5;
    context.setLineDash([2, 2]);
    context.beginPath();
    context.moveTo(middle, plot.rate.top);
    context.lineTo(middle, plot.heat.top + plot.heat.height);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(middle - 3.5, plot.rate.top - 6);
    context.lineTo(middle + 3.5, plot.rate.top - 6);
    context.lineTo(middle, plot.rate.top - 1);
    context.closePath();
    context.fill();
  }
}

function drawRate(context: PictureContext, { rateY }: RedLines, plot: Plot, palette: LatencyPalette): void {
  if (rateY.length === 0) return;
  const bottom = bottomOf(plot.rate);
  context.beginPath();
  context.moveTo(middleX(plot, 0), bottom);
  for (let column = 0; column < rateY.length; column++) context.lineTo(middleX(plot, column), rateY[column]);
  context.lineTo(middleX(plot, rateY.length - 1), bottom);
  context.closePath();
  context.fillStyle = palette.rateFill;
  context.fill();
  context.strokeStyle = palette.rateLine;
  context.lineWidth = LINE.plain;
  strokeColumns(context, plot, rateY);
}

/** A line through columns that have a value; one that stands alone is a dash. */
function strokeColumns(context: PictureContext, plot: Plot, ys: readonly (number | undefined)[]): void {
  context.beginPath();
  for (let column = 0; column < ys.length; column++) {
    const y = ys[column];
    if (y === undefined) continue;
    const x = middleX(plot, column);
    if (ys[column - 1] !== undefined) context.lineTo(x, y);
    else if (ys[column + 1] !== undefined) context.moveTo(x, y);
    else {
      context.moveTo(x - plot.cellWidth / 2, y);
      context.lineTo(x + plot.cellWidth / 2, y);
    }
  }
  context.stroke();
}

const columnX = (plot: Plot, column: number) => plot.left + column * plot.cellWidth;
const middleX = (plot: Plot, column: number) => columnX(plot, column) + plot.cellWidth / 2;
const barWidth = (plot: Plot) => Math.max(1, plot.cellWidth - 1);
const bottomOf = ({ top, height }: Band) => top + height;
