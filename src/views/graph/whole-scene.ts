import { draw } from './draw.ts';
import { NONE, type Scene } from './scene.ts';
import { SvgContext, type SvgHelp } from './svg-context.ts';

const AIR = 24;
/** Above the first row calls of a service to itself bend out of it. */
const LOOPS = 12;

/** The same picture, all of it at 100 %, nothing selected: what is saved to a file. */
export function wholeScene(scene: Scene): Scene {
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

/** The whole picture as an SVG document, drawn by what draws the canvas. */
export function graphSvg(scene: Scene, help: SvgHelp): string {
  const whole = wholeScene(scene);
  const context = new SvgContext(help);
  draw(context, whole);
  const { nodes, edges } = scene.picture;
  return context.document(whole.width, whole.height, `Service graph, ${nodes.length} nodes, ${edges.length} edges`);
}
