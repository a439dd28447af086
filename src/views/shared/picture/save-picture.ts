import { saveFile, saveText } from '#views/shared/save-file.ts';
import type { PictureContext } from './picture-context.ts';
import { SvgContext } from './svg-context.ts';

/** Something drawn that can be saved. Sizes in CSS px. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** What it says to those who cannot see it. */
  readonly title: string;
  /** SVG of what its `url(#…)` styles name; `colour` writes a colour as any viewer of SVG understands it. */
  readonly defs?: (colour: (css: string) => string) => string;
  readonly paint: (context: PictureContext) => void;
}

const PNG_SCALE = 2;
/** Browsers refuse canvases with longer sides, and phones those with more pixels, which also take too long to fill. */
const MOST_PX = 16_384;
const MOST_PIXELS = 2 ** 24;

export function saveSvg(name: string, { width, height, title, defs, paint }: Picture): void {
  const canvas = document.createElement('canvas').getContext('2d')!;
  const measure = (text: string, font: string): number => {
    canvas.font = font;
    return canvas.measureText(text).width;
  };
  const context = new SvgContext({ measure, colour: rgbOf });
  paint(context);
  saveText(name, 'image/svg+xml', context.document(width, height, title, defs?.(rgbOf)));
}

/** Twice the size, or as large as a canvas may be. */
export async function savePng(name: string, { width, height, paint }: Picture): Promise<void> {
  const most = Math.min(MOST_PX / Math.max(width, height), Math.sqrt(MOST_PIXELS / (width * height)));
  const scale = Math.min(PNG_SCALE, most);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d')!;
  // To make so large a canvas, to paint it and to read it takes a while each: the page answers in between.
  context.fillStyle = 'transparent';
  context.fillRect(0, 0, canvas.width, canvas.height);
  await turn();
  context.scale(scale, scale);
  paint(context);
  await turn();
  const png = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'));
  if (png !== null) saveFile(name, png);
}

function turn(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}

const known = new Map<string, string>();

/** What the browser paints for a colour: viewers of SVG do not know `oklab()`. */
function rgbOf(css: string): string {
  const found = known.get(css);
  if (found !== undefined) return found;
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d')!;
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  const colour = alpha === 255 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${alpha! / 255})`;
  known.set(css, colour);
  return colour;
}
