import { saveFile, saveText } from '#views/shared/save-file.ts';
import { draw } from './draw.ts';
import type { Scene } from './scene.ts';
import { graphSvg, wholeScene } from './whole-scene.ts';

const NAME = 'service-graph';
const PNG_SCALE = 2;
/** Browsers refuse larger canvases. */
const MOST_PX = 8_192;

export function saveSvg(scene: Scene): void {
  const context = document.createElement('canvas').getContext('2d')!;
  const measure = (text: string, font: string): number => {
    context.font = font;
    return context.measureText(text).width;
  };
  saveText(`${NAME}.svg`, 'image/svg+xml', graphSvg(scene, { measure, colour: rgbOf }));
}

export function savePng(scene: Scene): void {
  const whole = wholeScene(scene);
  const scale = Math.min(PNG_SCALE, MOST_PX / Math.max(whole.width, whole.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(whole.width * scale);
  canvas.height = Math.round(whole.height * scale);
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  draw(context, whole);
  canvas.toBlob(blob => blob && saveFile(`${NAME}.png`, blob), 'image/png');
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
