import type { PictureContext } from '#views/shared/picture/picture-context.ts';

/** px from the middle of an error's mark to its corners, where it stands in a row. */
export const DIAMOND = 5;

/** Begins the outline of an error's mark around a point; who calls fills it. */
export function outlineDiamond(
  context: Pick<PictureContext, 'beginPath' | 'moveTo' | 'lineTo' | 'closePath'>,
  x: number,
  y: number,
  reach = DIAMOND,
): void {
  context.beginPath();
  context.moveTo(x, y - reach);
  context.lineTo(x + reach, y);
  context.lineTo(x, y + reach);
  context.lineTo(x - reach, y);
  context.closePath();
}
