import type { PictureContext } from '#views/shared/picture/picture-context.ts';

/** One call that left a mark, with the style it was drawn in. */
export interface DrawCall {
  readonly call: 'fillRect' | 'strokeRect' | 'fill' | 'stroke' | 'fillText' | 'strokeText';
  readonly style: string;
  readonly args: readonly (number | string)[];
  /** Points of the path for `fill` and `stroke`. */
  readonly path: readonly (readonly number[])[];
}

/** A canvas context that writes down what is drawn. Letters are 6 px wide. */
export function recordingContext(): { context: PictureContext; calls: DrawCall[] } {
  const calls: DrawCall[] = [];
  let path: number[][] = [];
  const record = (call: DrawCall['call'], style: unknown, args: readonly (number | string)[]): void => {
    calls.push({ call, style: String(style), args, path: call === 'fill' || call === 'stroke' ? path : [] });
  };
  const context = {
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 1,
    lineJoin: 'miter',
    globalAlpha: 1,
    font: '',
    textAlign: 'left',
    textBaseline: 'alphabetic',
    clearRect: () => undefined,
    setLineDash: () => undefined,
    beginPath: () => {
      path = [];
    },
    moveTo: (x: number, y: number) => path.push([x, y]),
    lineTo: (x: number, y: number) => path.push([x, y]),
    closePath: () => undefined,
    roundRect: (x: number, y: number, w: number, h: number) => path.push([x, y, w, h]),
    measureText: (text: string) => ({ width: text.length * 6 }),
    fillRect: (...args: number[]) => record('fillRect', context.fillStyle, args),
    strokeRect: (...args: number[]) => record('strokeRect', context.strokeStyle, args),
    fill: () => record('fill', context.fillStyle, []),
    stroke: () => record('stroke', context.strokeStyle, []),
    fillText: (text: string, x: number, y: number) =>
      record('fillText', context.fillStyle, [text, x, y, context.textAlign]),
    strokeText: (text: string, x: number, y: number) =>
      record('strokeText', context.strokeStyle, [text, x, y, context.textAlign]),
  };
  return { context: context as unknown as PictureContext, calls };
}
