import { fitted } from '#views/shared/picture/fit-text.ts';
import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import type { Scene } from './scene.ts';
import { nameText } from './texts.ts';

/** px of the screen. */
const NAME = { left: 10, top: 9, height: 13, room: 100 } as const;

interface Frame {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A frame around the members of each group, under everything else. */
export function drawFrames(context: PictureContext, scene: Scene): void {
  const { palette, camera } = scene;
  context.globalAlpha = 1;
  context.lineWidth = 1;
  context.fillStyle = palette.surface;
  context.strokeStyle = palette.border;
  for (const { x, y, width, height } of framesInSight(scene)) {
    context.beginPath();
    context.roundRect(x, y, width, height, Math.min(8, 8 * camera.k));
    context.fill();
    context.stroke();
  }
}

/**
 * Their names, of one size at every zoom; where the corner of a frame is out of sight, at the edge of the picture. Names of
 * small frames stand over their sides; those that would cover another are left out.
 */
export function drawFrameNames(context: PictureContext, scene: Scene): void {
  const { palette } = scene;
  context.globalAlpha = 1;
  context.font = `600 11px ${palette.fontFamily}`;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  const taken: Place[] = [];
  for (const { name, x, y, width, height } of framesInSight(scene).sort((a, b) => b.width - a.width)) {
    const isSmall = width < NAME.room;
    const left = Math.max(x, 0) + (isSmall ? 0 : NAME.left);
    const room = isSmall ? NAME.room : Math.min(x + width, scene.width) - left - NAME.left;
    const text = fitted(context, nameText(name), room);
    const top = isSmall ? y - NAME.height : Math.min(Math.max(y, 0) + NAME.top, y + height - NAME.height);
    const place = { left, top, right: left + context.measureText(text).width, bottom: top + NAME.height };
    if (room < NAME.left || taken.some(other => overlap(other, place))) continue;
    taken.push(place);
    context.strokeStyle = isSmall ? palette.ground : palette.surface;
    context.lineWidth = 3;
    context.strokeText(text, left, top);
    context.fillStyle = palette.ink2;
    context.fillText(text, left, top);
  }
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function overlap(a: Place, b: Place): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function framesInSight({ geometry: { layout, groups }, camera, width, height }: Scene): Frame[] {
  const frames = groups.map((name, i) => {
    const [left, top, wide, tall] = layout.frames.subarray(4 * i, 4 * i + 4);
    return {
      name,
      ...{
        x: left * camera.k + camera.x,
        y: top * camera.k + camera.y,
        width: wide * camera.k,
        height: tall * camera.k,
      },
    };
  });
  return frames.filter(
    each => each.x < width && each.y < height && each.x + each.width > 0 && each.y + each.height > 0,
  );
}
