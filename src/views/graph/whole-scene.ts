import type { Picture } from '#views/shared/picture/save-picture.ts';
import { draw } from './draw.ts';
import { NONE, type Scene } from './scene.ts';

const AIR = 24;
/** Above the first row calls of a service to itself bend out of it. */
const LOOPS = 12;

/** The same picture, all of it at 100 %, nothing selected: what is saved to a file. */
function wholeScene(scene: Scene): Scene {
  const { width, height } = scene.geometry.layout;
  return {
    ...scene,
    camera: { k: 1, x: AIR, y: AIR + LOOPS },
    width: width + 2 * AIR,
    height: height + 2 * AIR + LOOPS,
    selected: NONE,
    selectedEnds: new Set(),
    cursor: NONE,
    near: undefined,
    isMoving: false,
  };
}

/** The whole picture, drawn by what draws the canvas. */
export function graphPicture(scene: Scene): Picture {
  const whole = wholeScene(scene);
  const { nodes, edges } = scene.picture;
  return {
    width: whole.width,
    height: whole.height,
    title: `Service graph, ${nodes.length} nodes, ${edges.length} edges`,
    paint: context => draw(context, whole),
  };
}
