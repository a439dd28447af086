import type { GraphLayout, LayoutInput } from '#domain/graph/layout/layout-graph.ts';

/** One graph to lay out. */
export interface LayoutRequest {
  readonly id: number;
  readonly input: LayoutInput;
}

export interface LayoutReply {
  readonly id: number;
  readonly layout: GraphLayout;
}
