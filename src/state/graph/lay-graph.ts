import type { GraphLayout, LayoutInput } from '#domain/graph/layout/layout-graph.ts';
import { LayoutClient } from '#sources/layout-client.ts';
import { beginWork } from '#state/idle.ts';

let client: LayoutClient | undefined;

/** Lays a graph out in the layout worker. Rejects with AbortError when a newer one was asked for first. */
export function layGraph(input: LayoutInput): Promise<GraphLayout> {
  client ??= new LayoutClient();
  const done = beginWork();
  return client.lay(input).finally(done);
}
