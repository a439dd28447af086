import { hasChildren, type TreeShape } from '#domain/analysis/tree-shape.ts';
import type { Closed, VisibleRows } from '#domain/analysis/visible-rows.ts';
import { SpanFlag, SpanKind } from '#domain/trace/trace-table.ts';
import { type Camera, timeToX } from './camera.ts';
import { type BarLayout, entryEndNs } from './layout.ts';
import type { OverflowCache } from './overflow.ts';
import type { Palette } from './palette.ts';
import type { PathLine } from './path-steps.ts';
import type { WorkCache } from './work-cache.ts';

/** Everything one frame of the timeline shows. Sizes in CSS px. */
export interface Scene {
  readonly shape: TreeShape;
  readonly rows: VisibleRows;
  readonly bars: BarLayout;
  readonly camera: Camera;
  readonly width: number;
  readonly height: number;
  /** px of rows scrolled away above. */
  readonly top: number;
  readonly palette: Palette;
  /** Index into the palette's service colours, per resource of the table; `noService` for spans without one. */
  readonly slots: Uint8Array;
  readonly noService: number;
  readonly work: WorkCache;
  readonly closed: Closed;
  readonly overflow: OverflowCache;
  /** Where the grid lines stand, ns after the base. */
  readonly tickNs: Float64Array;
  /** Where the main root ends, if the trace goes on after it. */
  readonly rootEndNs: number | undefined;
  /** Visible indexes; -1 for none. */
  readonly hovered: number;
  readonly selected: number;
  readonly path: PathLine | undefined;
}

/** The colour behind a row at `x`, for halos. */
export function groundAt(scene: Scene, index: number, x: number): string {
  const { palette } = scene;
  if (index === scene.selected) return palette.selected;
  if (index === scene.hovered) return palette.hover;
  return scene.rootEndNs !== undefined && x > timeToX(scene.camera, scene.width, scene.rootEndNs)
    ? palette.sunk
    : palette.surface;
}

/** A row that hides what is below it. */
export function isClosedRow({ closed, shape }: Scene, row: number): boolean {
  return closed.rows[row] === 1 && hasChildren(shape, row);
}

/** A span whose time says nothing about this trace has no bar. */
export function isOffScale(scene: Scene, row: number): boolean {
  return (scene.shape.table.flags[row] & SpanFlag.offScale) !== 0;
}

/** ns that a consumer waited after its producer was done; 0 if it is none. */
export function queuedNs(scene: Scene, row: number): number {
  const { table } = scene.shape;
  const parent = table.parent[row];
  if (parent < 0 || table.kind[row] !== SpanKind.consumer || table.kind[parent] !== SpanKind.producer) return 0;
  return Math.max(0, table.startNs[row] - entryEndNs(scene.shape, parent));
}
