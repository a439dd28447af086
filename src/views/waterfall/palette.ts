import { resolveColour } from '#views/shared/colours.ts';
import { serviceColour } from '#views/shared/service-colour.ts';

/** Slots 0 … 11 have a hue of their own, everything else is grey. */
export const SLOT_COUNT = 12;

/** Design tokens as colours that a canvas understands, for one theme. */
export interface Palette {
  readonly surface: string;
  readonly sunk: string;
  readonly hover: string;
  readonly selected: string;
  readonly grid: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly glyph: string;
  readonly accent: string;
  readonly error: string;
  readonly warn: string;
  readonly warnInk: string;
  readonly path: string;
  readonly pathHalo: string;
  /** By slot; the last is "other". `waiting` is the service colour thinned to `--wait-mix`. */
  readonly working: readonly string[];
  readonly waiting: readonly string[];
  readonly hatch: string | CanvasPattern;
  readonly font: string;
}

/** Index into `Palette.working` and `.waiting`. */
export function paletteSlot(slot: number): number {
  return slot >= 0 && slot < SLOT_COUNT ? slot : SLOT_COUNT;
}

/**
 * Reads the tokens as they are in effect. Tokens are `light-dark()` pairs and mixes, which a canvas cannot read: the
 * style engine resolves them. Call again when the theme changes. `font` is the interface's family.
 */
export function readPalette(font: string): Palette {
  const colour = resolveColour;
  const slots = Array.from({ length: SLOT_COUNT + 1 }, (_, slot) => serviceColour(slot));
  const surface = colour('var(--surface)');
  return {
    surface,
    sunk: colour('var(--sunk)'),
    hover: colour('var(--hover)'),
    selected: colour('var(--wf-selected)'),
    grid: colour('var(--grid)'),
    ink: colour('var(--ink)'),
    ink2: colour('var(--ink-2)'),
    ink3: colour('var(--ink-3)'),
    glyph: colour('var(--glyph)'),
    accent: colour('var(--accent)'),
    error: colour('var(--error)'),
    warn: colour('var(--warn)'),
    warnInk: colour('var(--warn-ink)'),
    path: colour('var(--path)'),
    pathHalo: colour('var(--path-halo)'),
    working: slots.map(slot => colour(slot)),
    waiting: slots.map(slot => colour(`color-mix(in oklab, ${slot} var(--wait-mix), var(--surface))`)),
    hatch: hatchPattern(colour('var(--glyph)'), surface),
    font: `11px ${font}`,
  };
}

function hatchPattern(ink: string, surface: string): string | CanvasPattern {
  const tile = document.createElement('canvas');
  tile.width = 6;
  tile.height = 6;
  const context = tile.getContext('2d');
  if (context === null) return ink;
  context.fillStyle = surface;
  context.fillRect(0, 0, 6, 6);
  context.strokeStyle = ink;
  context.lineWidth = 1.2;
  context.beginPath();
  for (const offset of [-6, 0, 6]) {
    context.moveTo(offset - 1, 7);
    context.lineTo(offset + 7, -1);
  }
  context.stroke();
  return context.createPattern(tile, 'repeat') ?? ink;
}
