import { type BoxLayout, layoutBoxes, pointsOf } from './layout-boxes.ts';
import type { GraphLayout, LayoutInput } from './layout-graph.ts';

/** Between a frame and what it holds, px; above there is room for the name of the group. */
const AIR = { side: 14, top: 30, bottom: 14 } as const;

type GroupedInput = LayoutInput & { readonly group: Int32Array };

/** One box of the picture: a group with its own layout, or a node that belongs to none. */
interface Box {
  readonly nodes: number[];
  /** Edges within. */
  readonly edges: number[];
  layout: BoxLayout | undefined;
}

/**
 * Lays each group out by itself and then the groups, as boxes, beside the nodes that belong to none. Calls between groups go
 * round other boxes, not round the nodes of their own.
 */
export function layoutGroups(input: GroupedInput): GraphLayout {
  const { nodes, from, to, size } = input;
  const { boxes, boxOf, groups } = boxesOf(input);
  for (let e = 0; e < from.length; e++) if (boxOf[from[e]] === boxOf[to[e]]) boxes[boxOf[from[e]]].edges.push(e);
  const place = new Int32Array(nodes);
  for (const box of boxes) for (const [i, node] of box.nodes.entries()) place[node] = i;
  for (const box of boxes) box.layout = layoutWithin(input, box, place);
  const outer = layoutAround(input, boxes, boxOf, groups);
  const columns = columnsBefore(outer.layer, boxes);
  const x = new Float64Array(nodes);
  const y = new Float64Array(nodes);
  const layer = new Int32Array(nodes);
  const frames = new Float64Array(4 * groups);
  const routes: number[][] = Array.from({ length: from.length }, () => []);
  for (const [b, { nodes: own, edges, layout }] of boxes.entries()) {
    const air = b < groups ? AIR : { side: 0, top: 0 };
    const [left, top] = [outer.x[b] + air.side, outer.y[b] + air.top];
    if (b < groups) frames.set([outer.x[b], outer.y[b], outer.widths[b], outer.heights[b]], 4 * b);
    for (const [i, node] of own.entries()) {
      x[node] = left + layout!.x[i];
      y[node] = top + layout!.y[i];
      layer[node] = columns[outer.layer[b]] + layout!.layer[i];
    }
    for (const [i, edge] of edges.entries()) {
      const points = layout!.points.subarray(2 * layout!.pointOffset[i], 2 * layout!.pointOffset[i + 1]);
      routes[edge] = Array.from(points, (value, j) => value + (j % 2 === 0 ? left : top));
    }
  }
  for (let e = 0; e < from.length; e++) {
    const between = outer.edgeOf[e];
    if (between < 0) continue;
    const points = outer.points.subarray(2 * outer.pointOffset[between], 2 * outer.pointOffset[between + 1]);
    const isForward = points[0] < points[points.length - 2];
    const side = (node: number, isRight: boolean): number => x[node] + (isRight ? size.nodeWidth : 0);
    const middle = size.nodeHeight / 2;
    routes[e] = [
      ...[side(from[e], isForward), y[from[e]] + middle],
      ...points.subarray(2, points.length - 2),
      ...[side(to[e], !isForward), y[to[e]] + middle],
    ];
  }
  return { width: outer.width, height: outer.height, x, y, layer, ...pointsOf(routes), frames };
}

/** Groups first, by their numbers, then each node that belongs to none. */
function boxesOf({ nodes, group }: GroupedInput): { boxes: Box[]; boxOf: Int32Array; groups: number } {
  const groups = group.reduce((most, each) => Math.max(most, each + 1), 0);
  const boxes = Array.from({ length: groups }, (): Box => ({ nodes: [], edges: [], layout: undefined }));
  const boxOf = new Int32Array(nodes);
  for (let node = 0; node < nodes; node++) {
    boxOf[node] = group[node] >= 0 ? group[node] : boxes.length;
    if (group[node] < 0) boxes.push({ nodes: [], edges: [], layout: undefined });
    boxes[boxOf[node]].nodes.push(node);
  }
  return { boxes, boxOf, groups };
}

function layoutWithin({ from, to, weight, before, size }: GroupedInput, box: Box, place: Int32Array): BoxLayout {
  return layoutBoxes({
    nodes: box.nodes.length,
    from: Int32Array.from(box.edges, e => place[from[e]]),
    to: Int32Array.from(box.edges, e => place[to[e]]),
    weight: Float64Array.from(box.nodes, node => weight[node]),
    before: before && Float64Array.from(box.nodes, node => before[node]),
    width: new Float64Array(box.nodes.length).fill(size.nodeWidth),
    height: new Float64Array(box.nodes.length).fill(size.nodeHeight),
    gaps: size,
  });
}

/** The layout of the boxes; `edgeOf`: which of its edges stands for an edge of the graph, -1 for those within a box. */
function layoutAround(
  { from, to, weight, before, size }: GroupedInput,
  boxes: readonly Box[],
  boxOf: Int32Array,
  groups: number,
) {
  const known = new Map<number, number>();
  const [outFrom, outTo]: [number[], number[]] = [[], []];
  const edgeOf = new Int32Array(from.length).fill(-1);
  for (let e = 0; e < from.length; e++) {
    const [a, b] = [boxOf[from[e]], boxOf[to[e]]];
    if (a === b) continue;
    const key = a * boxes.length + b;
    const edge = known.get(key) ?? outFrom.length;
    if (edge === outFrom.length) {
      known.set(key, edge);
      outFrom.push(a);
      outTo.push(b);
    }
    edgeOf[e] = edge;
  }
  const widths = Float64Array.from(boxes, ({ layout }, b) => layout!.width + (b < groups ? 2 * AIR.side : 0));
  const heights = Float64Array.from(boxes, ({ layout }, b) => layout!.height + (b < groups ? AIR.top + AIR.bottom : 0));
  const laid = layoutBoxes({
    nodes: boxes.length,
    from: Int32Array.from(outFrom),
    to: Int32Array.from(outTo),
    weight: Float64Array.from(boxes, ({ nodes }) => nodes.reduce((sum, node) => sum + weight[node], 0)),
    before: before && Float64Array.from(boxes, ({ nodes }) => meanOfKnown(nodes.map(node => before[node]))),
    width: widths,
    height: heights,
    gaps: size,
  });
  return { ...laid, widths, heights, edgeOf };
}

function meanOfKnown(values: readonly number[]): number {
  const known = values.filter(value => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Columns of nodes left of each column of boxes. */
function columnsBefore(layerOfBox: Int32Array, boxes: readonly Box[]): readonly number[] {
  const most: number[] = [];
  for (const [b, { layout }] of boxes.entries()) {
    const own = layout!.layer.reduce((max, layer) => Math.max(max, layer + 1), 1);
    most[layerOfBox[b]] = Math.max(most[layerOfBox[b]] ?? 0, own);
  }
  const before: number[] = [];
  let sum = 0;
  for (const columns of most) {
    before.push(sum);
    sum += columns;
  }
  return before;
}
