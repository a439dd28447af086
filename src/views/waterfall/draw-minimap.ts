import { overviewLine } from '#domain/analysis/overview.ts';
import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { type Camera, INSET } from './camera.ts';
import { outlineDiamond } from './diamond.ts';
import type { MinimapGrid } from './minimap.ts';
import type { Palette } from './palette.ts';
import type { PathPieces } from './path-steps.ts';

/** Air above the first line of the map, px. */
const TOP = 5;

export interface MinimapScene {
  readonly grid: MinimapGrid;
  readonly rowCount: number;
  readonly spanNs: number;
  readonly palette: Palette;
  readonly path: PathPieces | undefined;
  /** Rows that the find text matches; undefined while nothing is looked for. */
  readonly matchRows: Int32Array | undefined;
  readonly startNs: (row: number) => number;
  /** Rows that failed. */
  readonly errorRows: Int32Array;
  readonly endNs: (row: number) => number;
  readonly width: number;
  readonly height: number;
}

/** The trace from afar: spans, critical path, matches, errors. Where the window is, is drawn over it (`Minimap.tsx`). */
export function drawMinimap(context: PictureContext, scene: MinimapScene): void {
  const { grid, palette } = scene;
  context.clearRect(0, 0, scene.width, scene.height);
  // Few rows leave lines empty between them; they are drawn a little thicker than one line.
  const thickness = scene.rowCount < grid.height ? 1.25 : 1;
  context.globalAlpha = 0.75;
  // Colour by colour: to change it costs more than to fill.
  for (let wanted = 0; wanted < palette.working.length; wanted++) {
    context.fillStyle = palette.working[wanted];
    for (let y = 0; y < grid.height; y++) {
      let x = 0;
      while (x < grid.width) {
        const slot = grid.cell[y * grid.width + x];
        const from = x;
        while (x < grid.width && grid.cell[y * grid.width + x] === slot) x++;
        if (slot === wanted) context.fillRect(from, TOP + y, x - from, thickness);
      }
    }
  }
  context.globalAlpha = 1;
  if (scene.path !== undefined) drawPathLine(context, scene, scene.path);
  drawMatches(context, scene);
  drawErrors(context, scene);
}

/** Where the camera's window lies on the map, px. */
export function windowOnMap(camera: Camera, spanNs: number, width: number): { x0: number; x1: number } {
  const perNs = (width - 2 * INSET) / Math.max(1, spanNs);
  return { x0: INSET + camera.startNs * perNs, x1: INSET + (camera.startNs + camera.widthNs) * perNs };
}

function drawPathLine(context: PictureContext, scene: MinimapScene, path: PathPieces): void {
  const perNs = (scene.width - 2 * INSET) / Math.max(1, scene.spanNs);
  context.strokeStyle = scene.palette.path;
  context.lineWidth = 1;
  context.beginPath();
  let lastX = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < path.row.length; i++) {
    const x0 = INSET + path.fromNs[i] * perNs;
    const x1 = INSET + path.toNs[i] * perNs;
    if (x1 - lastX < 0.5 && i > 0 && i < path.row.length - 1) continue;
    const y = TOP + 1 + overviewLine(path.row[i], scene.rowCount, scene.grid.height);
    if (lastX === Number.NEGATIVE_INFINITY) context.moveTo(x0, y);
    else context.lineTo(x0, y);
    context.lineTo(x1, y);
    lastX = x1;
  }
  context.stroke();
}

/** A tick where each match starts. */
function drawMatches(context: PictureContext, scene: MinimapScene): void {
  if (scene.matchRows === undefined) return;
  context.fillStyle = scene.palette.accent;
  eachMark(scene, scene.matchRows, scene.startNs, (x, y) => context.fillRect(x - 1, y - 2, 2, 5));
}

function drawErrors(context: PictureContext, scene: MinimapScene): void {
  context.fillStyle = scene.palette.error;
  context.strokeStyle = scene.palette.surface;
  context.lineWidth = 1;
  eachMark(scene, scene.errorRows, scene.endNs, (x, y) => {
    outlineDiamond(context, x, y, 3);
    context.fill();
    context.stroke();
  });
}

/** Where rows are marked. One mark per 4 px cell: a thousand in one place are one. */
function eachMark(
  scene: MinimapScene,
  rows: Int32Array,
  nsOf: (row: number) => number,
  mark: (x: number, y: number) => void,
): void {
  const perNs = (scene.width - 2 * INSET) / Math.max(1, scene.spanNs);
  const columns = Math.ceil(scene.width / 4) + 2;
  const taken = new Uint8Array(columns * (Math.ceil(scene.grid.height / 4) + 1));
  for (const row of rows) {
    const line = overviewLine(row, scene.rowCount, scene.grid.height);
    const x = INSET + nsOf(row) * perNs;
    const column = Math.min(columns - 1, Math.max(0, Math.floor(x / 4) + 1));
    const place = Math.floor(line / 4) * columns + column;
    if (taken[place] === 1) continue;
    taken[place] = 1;
    mark(x, TOP + 0.5 + line);
  }
}
