import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { outlineDiamond } from '#views/waterfall/diamond.ts';
import type { Palette } from '#views/waterfall/palette.ts';

/** What the marks mean, in a line; the baseline of its words is `y`. Colours stand for services: one is the sample. */
export function drawKey(context: PictureContext, palette: Palette, left: number, y: number): void {
  const middle = y - 4;
  const samples: readonly (readonly [string, (x: number) => void])[] = [
    ['working', x => bar(x, palette.working[1])],
    ['waiting on children', x => bar(x, palette.waiting[1])],
    ['queued', x => bar(x, palette.hatch)],
    ['critical path', x => line(x, palette.path, 2.25)],
    ['error', x => diamond(x + 11)],
    ['event', x => tick(x + 11)],
  ];
  const bar = (x: number, style: Palette['hatch']): void => {
    context.fillStyle = style;
    context.fillRect(x, middle - 4, 22, 8);
  };
  const line = (x: number, style: string, width: number): void => {
    context.fillStyle = style;
    context.fillRect(x, middle - width / 2, 22, width);
  };
  const diamond = (x: number): void => {
    context.fillStyle = palette.error;
    outlineDiamond(context, x, middle);
    context.fill();
  };
  const tick = (x: number): void => {
    context.fillStyle = palette.ink;
    context.fillRect(x - 0.75, middle - 4, 1.5, 8);
  };
  context.font = palette.font;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  let x = left;
  for (const [word, sample] of samples) {
    sample(x);
    context.fillStyle = palette.ink3;
    context.fillText(word, x + 28, y);
    x += 28 + context.measureText(word).width + 18;
  }
}
