import type { Point } from './box.ts';
import { bounds, type CellBox } from './heat-grid.ts';
import { cellAt, type Rect } from './hit-test.ts';
import type { Plot } from './plot.ts';

/** The edges of a box that a press takes hold of: one, or two at a corner. */
export interface Grip {
  readonly x: 'left' | 'right' | undefined;
  readonly y: 'bottom' | 'top' | undefined;
}

const REACH = 5;

export function gripAt(rect: Rect, { x, y }: Point): Grip | undefined {
  const [right, bottom] = [rect.x + rect.width, rect.y + rect.height];
  if (x < rect.x - REACH || x > right + REACH || y < rect.y - REACH || y > bottom + REACH) return undefined;
  // Of a small box the nearer edge is taken, and its middle is left for presses.
  const reach = (size: number) => Math.min(REACH, size / 3);
  const [rx, ry] = [reach(rect.width), reach(rect.height)];
  const atX = x <= rect.x + rx ? 'left' : x >= right - rx ? 'right' : undefined;
  const atY = y <= rect.y + ry ? 'top' : y >= bottom - ry ? 'bottom' : undefined;
  return atX || atY ? { x: atX, y: atY } : undefined;
}

/** The box with the held edges moved to a point; it turns over where they pass the others. */
export function stretched(plot: Plot, box: CellBox, grip: Grip, to: Point): CellBox {
  const { left, right, bottom, top } = bounds(box);
  const at = cellAt(plot, to.x, to.y);
  const fixed = {
    column: grip.x === 'left' ? right : left,
    row: grip.y === 'bottom' ? top : bottom,
  };
  const moved = {
    column: grip.x === undefined ? right : at.column,
    row: grip.y === undefined ? top : at.row,
  };
  return { from: fixed, to: moved };
}

/** The pointer's shape over a grip. */
export function gripCursor({ x, y }: Grip): string {
  if (x === undefined) return 'ns-resize';
  if (y === undefined) return 'ew-resize';
  return (x === 'left') === (y === 'top') ? 'nwse-resize' : 'nesw-resize';
}
