/** Edges as columns, by node indices. */
export interface EdgeColumns {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Edges by the node they leave: those of node n are `edge[offset[n] … offset[n + 1])`. */
export interface Adjacency {
  readonly offset: Int32Array;
  readonly edge: Int32Array;
}

/** Lists the edges of each node by one of their ends, in the order of the edges. */
export function edgesBy(ends: Int32Array, nodes: number): Adjacency {
  const offset = new Int32Array(nodes + 1);
  for (const end of ends) offset[end + 1]++;
  for (let node = 0; node < nodes; node++) offset[node + 1] += offset[node];
  const next = offset.slice();
  const edge = new Int32Array(ends.length);
  for (let e = 0; e < ends.length; e++) edge[next[ends[e]]++] = e;
  return { offset, edge };
}

/**
 * Which edges have to be turned round (1) so that no cycle is left: those that lead back to a node on the way to which they
 * were found, depth first from the nodes that nobody calls, then by index. Self-calls are left alone. Linear, not recursive.
 */
export function backEdges({ from, to }: EdgeColumns, nodes: number): Uint8Array {
  const out = edgesBy(from, nodes);
  const called = new Uint8Array(nodes);
  for (let e = 0; e < to.length; e++) if (from[e] !== to[e]) called[to[e]] = 1;
  const back = new Uint8Array(from.length);
  // 0 not met, 1 on the way, 2 done.
  const state = new Uint8Array(nodes);
  const at = out.offset.slice(0, nodes);
  const way: number[] = [];
  const walk = (start: number): void => {
    if (state[start] !== 0) return;
    state[start] = 1;
    way.push(start);
    while (way.length > 0) {
      const node = way[way.length - 1];
      if (at[node] === out.offset[node + 1]) {
        state[node] = 2;
        way.pop();
        continue;
      }
      const e = out.edge[at[node]++];
      const next = to[e];
      if (next === node) continue;
      if (state[next] === 1) back[e] = 1;
      else if (state[next] === 0) {
        state[next] = 1;
        way.push(next);
      }
    }
  };
  for (let node = 0; node < nodes; node++) if (called[node] === 0) walk(node);
  for (let node = 0; node < nodes; node++) walk(node);
  return back;
}
