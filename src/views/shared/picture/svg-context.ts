import type { PictureContext } from './picture-context.ts';

/** Widths of texts, and colours as any viewer of SVG understands them. */
export interface SvgHelp {
  readonly measure: (text: string, font: string) => number;
  readonly colour: (css: string) => string;
}

/** Takes what a canvas would be drawn with and writes it down as SVG: the same numbers, and text as text. */
export class SvgContext implements PictureContext {
  fillStyle: PictureContext['fillStyle'] = '#000';
  strokeStyle: PictureContext['strokeStyle'] = '#000';
  lineWidth = 1;
  lineJoin: CanvasLineJoin = 'miter';
  globalAlpha = 1;
  font = '10px sans-serif';
  textAlign: CanvasTextAlign = 'left';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  readonly #help: SvgHelp;
  readonly #elements: string[] = [];
  #path: string[] = [];
  #dash: readonly number[] = [];
  #clips = 0;
  /** What was saved, and the groups that were opened since. */
  readonly #saved: { readonly styles: Styles; groups: number }[] = [];

  constructor(help: SvgHelp) {
    this.#help = help;
  }

  /** The document; px. `title` is what it says to those who cannot see it; `defs` is SVG that `url(#…)` styles name. */
  document(width: number, height: number, title: string, defs = ''): string {
    const size = `width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}"`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">
<title>${escapeXml(title)}</title>${defs === '' ? '' : `\n<defs>${defs}</defs>`}\n${this.#elements.join('\n')}\n</svg>\n`;
  }

  beginPath(): void {
    this.#path = [];
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${px(x)} ${px(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`L${px(x)} ${px(y)}`);
  }

  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.#path.push(`C${px(x1)} ${px(y1)} ${px(x2)} ${px(y2)} ${px(x)} ${px(y)}`);
  }

  closePath(): void {
    this.#path.push('Z');
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push(`M${px(x)} ${px(y)}h${px(width)}v${px(height)}h${px(-width)}Z`);
  }

  arc(x: number, y: number, radius: number, from: number, to: number): void {
    const at = (angle: number) => `${px(x + radius * Math.cos(angle))} ${px(y + radius * Math.sin(angle))}`;
    // An arc that ends where it began would be none: it goes in two halves.
    const middle = (from + to) / 2;
    const large = to - from > 2 * Math.PI - 1e-9 ? [middle, to] : [to];
    this.#path.push(`${this.#path.length === 0 ? 'M' : 'L'}${at(from)}`);
    for (const angle of large) {
      const isLong = large.length === 1 && to - from > Math.PI ? 1 : 0;
      this.#path.push(`A${px(radius)} ${px(radius)} 0 ${isLong} 1 ${at(angle)}`);
    }
  }

  roundRect(x: number, y: number, width: number, height: number, radii?: unknown): void {
    const r = Math.min(Number(radii) || 0, width / 2, height / 2);
    this.#path.push(
      `M${px(x + r)} ${px(y)}H${px(x + width - r)}a${px(r)} ${px(r)} 0 0 1 ${px(r)} ${px(r)}V${px(y + height - r)}` +
        `a${px(r)} ${px(r)} 0 0 1 ${px(-r)} ${px(r)}H${px(x + r)}a${px(r)} ${px(r)} 0 0 1 ${px(-r)} ${px(-r)}` +
        `V${px(y + r)}a${px(r)} ${px(r)} 0 0 1 ${px(r)} ${px(-r)}Z`,
    );
  }

  fill(): void {
    this.#elements.push(`<path d="${this.#path.join('')}" ${this.#filled()}/>`);
  }

  stroke(): void {
    const dash = this.#dash.length === 0 ? '' : ` stroke-dasharray="${this.#dash.map(px).join(' ')}"`;
    this.#elements.push(`<path d="${this.#path.join('')}" fill="none" ${this.#stroked()}${dash}/>`);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const box = `x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
    this.#elements.push(`<rect ${box} ${this.#filled()}/>`);
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    const box = `x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
    this.#elements.push(`<rect ${box} fill="none" ${this.#stroked()}/>`);
  }

  /** There is nothing behind a picture. */
  clearRect(): void {}

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, lineJoin, globalAlpha, font, textAlign, textBaseline } = this;
    const styles = { fillStyle, strokeStyle, lineWidth, lineJoin, globalAlpha, font, textAlign, textBaseline };
    this.#saved.push({ styles, groups: 0 });
  }

  restore(): void {
    const saved = this.#saved.pop();
    if (saved === undefined) return;
    Object.assign(this, saved.styles);
    this.#elements.push('</g>'.repeat(saved.groups));
  }

  /** Within `save` and `restore`, as `clip`. */
  translate(x: number, y: number): void {
    this.#group(`transform="translate(${px(x)} ${px(y)})"`);
  }

  clip(): void {
    const id = `clip-${++this.#clips}`;
    this.#elements.push(`<clipPath id="${id}"><path d="${this.#path.join('')}"/></clipPath>`);
    this.#group(`clip-path="url(#${id})"`);
  }

  #group(attribute: string): void {
    const saved = this.#saved.at(-1);
    if (saved === undefined) throw new Error('a group that nothing would close');
    saved.groups++;
    this.#elements.push(`<g ${attribute}>`);
  }

  fillText(text: string, x: number, y: number): void {
    this.#elements.push(`<text ${this.#placed(x, y)} ${this.#filled()}>${escapeXml(text)}</text>`);
  }

  strokeText(text: string, x: number, y: number): void {
    this.#elements.push(`<text ${this.#placed(x, y)} fill="none" ${this.#stroked()}>${escapeXml(text)}</text>`);
  }

  measureText(text: string): TextMetrics {
    return { width: this.#help.measure(text, this.font) } as TextMetrics;
  }

  setLineDash(dash: Iterable<number>): void {
    this.#dash = [...dash];
  }

  #filled(): string {
    const style = String(this.fillStyle);
    const colour = style.startsWith('url(#') ? style : this.#help.colour(style);
    return `fill="${escapeXml(colour)}"${this.#faded()}`;
  }

  #stroked(): string {
    const colour = escapeXml(this.#help.colour(String(this.strokeStyle)));
    const join = this.lineJoin === 'miter' ? '' : ` stroke-linejoin="${this.lineJoin}"`;
    return `stroke="${colour}" stroke-width="${px(this.lineWidth)}"${join}${this.#faded()}`;
  }

  #faded(): string {
    return this.globalAlpha === 1 ? '' : ` opacity="${px(this.globalAlpha)}"`;
  }

  #placed(x: number, y: number): string {
    const [, weight = '400', size = '10', family = 'sans-serif'] = /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(this.font) ?? [];
    const anchor = ANCHORS[this.textAlign] ?? '';
    // Baselines other than this one are drawn differently by each viewer.
    const base = this.textBaseline === 'top' ? y + 0.85 * Number(size) : y;
    const font = `font-family="${escapeXml(family)}" font-size="${size}" font-weight="${weight}"`;
    return `x="${px(x)}" y="${px(base)}" ${font}${anchor}`;
  }
}

type Styles = Pick<
  PictureContext,
  'fillStyle' | 'strokeStyle' | 'lineWidth' | 'lineJoin' | 'globalAlpha' | 'font' | 'textAlign' | 'textBaseline'
>;

const ANCHORS: Readonly<Record<string, string>> = {
  center: ' text-anchor="middle"',
  right: ' text-anchor="end"',
  end: ' text-anchor="end"',
};

/** Text inside an element or an attribute; what XML cannot hold is left out. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}

function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}
