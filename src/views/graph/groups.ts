import type { Picture } from './picture.ts';

/** Which nodes stand together in a frame. */
export interface PictureGroups {
  /** By number, in the order of the alphabet. */
  readonly names: readonly string[];
  /** Number of each node's group; -1 for none. */
  readonly of: Int32Array;
}

/**
 * Services by the value of the attribute that the graph is grouped by; with them the data stores, destinations and hosts that
 * one group alone uses. Undefined where no service has a value.
 */
export function groupsOf({ nodes, edges }: Picture): PictureGroups | undefined {
  const values = nodes.map(({ group }) => group);
  const names = [...new Set(values.filter(value => value !== ''))].sort();
  if (names.length === 0) return undefined;
  const number = new Map(names.map((name, i) => [name, i]));
  const of = Int32Array.from(values, value => number.get(value) ?? NONE);
  const users = nodes.map(() => new Set<number>());
  for (const { from, to } of edges) {
    users[from].add(of[to]);
    users[to].add(of[from]);
  }
  for (const [node, { kind }] of nodes.entries()) {
    const [first = NONE] = users[node];
    if (kind !== 'service' && users[node].size === 1) of[node] = first;
  }
  return { names, of };
}

const NONE = -1;
