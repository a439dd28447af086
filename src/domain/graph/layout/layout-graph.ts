import type { EdgeColumns } from './acyclic.ts';
import { type BoxLayout, layoutBoxes } from './layout-boxes.ts';
import { layoutGroups } from './layout-groups.ts';

export interface LayoutInput extends EdgeColumns {
  /** Number of nodes. */
  readonly nodes: number;
  /** How important a node is: of nodes that nothing else places, more important ones stand higher. */
  readonly weight: Float64Array;
  /** Where nodes stood before: their vertical centres, NaN for new ones. They keep their order. */
  readonly before: Float64Array | undefined;
  /** Number of the group of each node, from 0 on without gaps; -1 for none. Undefined: there are no groups. */
  readonly group: Int32Array | undefined;
  readonly size: LayoutSize;
}

/** px. */
export interface LayoutSize {
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  readonly columnGap: number;
  readonly rowGap: number;
}

/** Everything in px; the picture begins at 0, 0. */
export interface GraphLayout extends BoxLayout {
  /** Left, top, width and height of the frame around each group. */
  readonly frames: Float64Array;
}

/** Lays a graph of equal nodes out; the members of a group stand together in a frame that holds nothing else. */
export function layoutGraph(input: LayoutInput): GraphLayout {
  const { nodes, size, group } = input;
  if (group !== undefined) return layoutGroups({ ...input, group });
  const width = new Float64Array(nodes).fill(size.nodeWidth);
  const height = new Float64Array(nodes).fill(size.nodeHeight);
  return { ...layoutBoxes({ ...input, width, height, gaps: size }), frames: new Float64Array() };
}
