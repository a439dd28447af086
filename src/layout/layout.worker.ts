import { layoutGraph } from '#domain/graph/layout/layout-graph.ts';
import type { LayoutReply, LayoutRequest } from './layout-protocol.ts';

/** Entry of the layout worker: graphs in, places out, in order. A throw in here reaches the page as an error event. */
addEventListener('message', ({ data: { id, input } }: MessageEvent<LayoutRequest>) => {
  const layout = layoutGraph(input);
  const { x, y, layer, pointOffset, points } = layout;
  const reply: LayoutReply = { id, layout };
  postMessage(reply, { transfer: [x, y, layer, pointOffset, points].map(column => column.buffer) });
});
