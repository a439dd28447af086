import type { Camera } from './camera.ts';
import type { Geometry } from './geometry.ts';
import type { GraphPalette } from './palette.ts';
import type { Picture } from './picture.ts';

/** Everything that one frame shows. */
export interface Scene {
  readonly picture: Picture;
  readonly geometry: Geometry;
  readonly camera: Camera;
  readonly width: number;
  readonly height: number;
  readonly palette: GraphPalette;
  /** Length of the window, for rates. */
  readonly seconds: number;
  /** What the reader selected. */
  readonly selected: Lit;
  /** Ends of the selected edges. */
  readonly selectedEnds: ReadonlySet<number>;
  /** What the pointer or the keyboard is on. */
  readonly cursor: Lit;
  /** The cursor and what is beside it; undefined lights nothing and dims nothing. */
  readonly near: Lit | undefined;
  /** While the camera moves only the busiest edges and names are drawn. */
  readonly isMoving: boolean;
}

/** Indices of nodes and edges. */
export interface Lit {
  readonly nodes: ReadonlySet<number>;
  readonly edges: ReadonlySet<number>;
}

export const NONE: Lit = { nodes: new Set(), edges: new Set() };

/** A node with its edges and their other ends; edges with their ends. */
export function neighbourhood({ edges }: Picture, { nodes, edges: lines }: Lit): Lit {
  const lit = { nodes: new Set(nodes), edges: new Set(lines) };
  for (const [e, { from, to }] of edges.entries()) {
    if (nodes.has(from) || nodes.has(to)) lit.edges.add(e);
    if (!lit.edges.has(e)) continue;
    lit.nodes.add(from);
    lit.nodes.add(to);
  }
  return lit;
}
