import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import type { HeatGrid } from './heat-grid.ts';
import type { LatencyPalette } from './palette.ts';
import type { CellPlane, Plot } from './plot.ts';

/** Colours of the ramp. */
export const STEPS = 9;
const EMPTY = 255;
const PROFILE = { gap: 4, width: 44 };
/** Side of the error mark by the share of errors in the cell: its size says what its colour alone would not. */
const MARKS = [
  { from: 0.6, px: 4 },
  { from: 0.25, px: 3 },
  { from: 0.08, px: 2 },
] as const;

/** Below this many in the fullest cell one and two are no extremes, and one must still be seen. */
const FEW = 20;
const FIRST_OF_FEW = 2;

/** Colour step of a count: even in its logarithm, so that one span and a thousand are both seen. */
export function stepOf(count: number, most: number): number {
  const first = most < FEW ? FIRST_OF_FEW : 0;
  const part = Math.log(Math.max(1, count)) / Math.log(Math.max(FEW, most));
  return Math.min(STEPS - 1, first + Math.round(part * (STEPS - 1 - first)));
}

/** Cells, then errors inside them, then how much each row holds in all. */
export function drawHeatmap(context: PictureContext, grid: HeatGrid, plot: Plot, palette: LatencyPalette): void {
  drawCells(context, grid, plot, palette);
  drawProfile(context, grid, plot, palette);
}

export function drawCells(context: PictureContext, grid: HeatGrid, plot: CellPlane, palette: LatencyPalette): void {
  const steps = new Uint8Array(grid.counts.length);
  for (let at = 0; at < steps.length; at++) {
    steps[at] = grid.counts[at] > 0 ? stepOf(grid.counts[at], grid.most) : EMPTY;
  }
  for (let step = 0; step < STEPS; step++) {
    context.fillStyle = palette.steps[step];
    fillCells(context, steps, step, plot);
  }
  drawErrors(context, grid, plot, palette);
}

/** Cells of one colour; those that stand on each other are one rectangle. */
function fillCells(context: PictureContext, steps: Uint8Array, step: number, plot: CellPlane): void {
  const { rows, columns, cellWidth, cellHeight, left, heat } = plot;
  const bottom = heat.top + heat.height;
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      if (steps[column * rows + row] !== step) continue;
      const first = row;
      while (row + 1 < rows && steps[column * rows + row + 1] === step) row++;
      const height = (row + 1 - first) * cellHeight;
      context.fillRect(left + column * cellWidth, bottom - first * cellHeight - height, cellWidth, height);
    }
  }
}

function drawErrors(context: PictureContext, grid: HeatGrid, plot: CellPlane, palette: LatencyPalette): void {
  const { counts, errors, rows } = grid;
  const { cellWidth, cellHeight, left, heat } = plot;
  context.fillStyle = palette.error;
  for (let at = 0; at < counts.length; at++) {
    if (errors[at] === 0) continue;
    const share = errors[at] / counts[at];
    const mark = MARKS.find(({ from }) => share >= from);
    if (mark === undefined) continue;
    const [width, height] = [Math.min(mark.px, cellWidth), Math.min(mark.px, cellHeight)];
    const x = left + Math.floor(at / rows) * cellWidth;
    const y = heat.top + heat.height - ((at % rows) + 1) * cellHeight;
    context.fillRect(x + Math.floor((cellWidth - width) / 2), y + Math.floor((cellHeight - height) / 2), width, height);
  }
}

function drawProfile(context: PictureContext, { sums }: HeatGrid, plot: Plot, palette: LatencyPalette): void {
  const most = sums.reduce((a, b) => Math.max(a, b), 0);
  const gap = plot.cellHeight > 2 ? 1 : 0;
  context.fillStyle = palette.profile;
  for (let row = 0; row < sums.length; row++) {
    if (sums[row] === 0) continue;
    const y = plot.heat.top + plot.heat.height - (row + 1) * plot.cellHeight;
    const width = Math.max(1, (sums[row] / most) * PROFILE.width);
    context.fillRect(plot.left + plot.width + PROFILE.gap, y, width, plot.cellHeight - gap);
  }
}
