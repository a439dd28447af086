import { savePng, saveSvg } from '#views/shared/picture/save-picture.ts';
import type { PictureFormat } from '#views/waterfall/export-formats.ts';
import { readPalette } from '#views/waterfall/palette.ts';
import type { WaterfallModel } from '#views/waterfall/waterfall-model.ts';
import { type PictureLook, waterfallPicture } from './waterfall-picture.ts';

/** Saves the waterfall in the colours in effect. */
export async function saveWaterfall(
  model: WaterfallModel,
  format: PictureFormat,
  name: string,
  look: Pick<PictureLook, 'slots' | 'zone' | 'treeWidth'>,
): Promise<void> {
  const family = getComputedStyle(document.body).fontFamily;
  const palette = readPalette(family);
  if (format === 'png') {
    await savePng(name, waterfallPicture(model, { ...look, palette, family }));
    return;
  }
  const hatched = { ...palette, hatch: 'url(#hatch)' };
  saveSvg(name, {
    ...waterfallPicture(model, { ...look, palette: hatched, family }),
    defs: colour => hatch(colour(palette.glyph), colour(palette.surface)),
  });
}

/** As `readPalette` hatches a canvas. */
function hatch(ink: string, ground: string): string {
  const lines = '<path d="M-7 7L1 -1M-1 7L7 -1M5 7L13 -1"';
  return `<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="${ground}"/>${lines} stroke="${ink}" stroke-width="1.2"/></pattern>`;
}
