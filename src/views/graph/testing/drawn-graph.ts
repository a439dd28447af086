import type { EdgeChange, EdgeName } from '#domain/api/graph-api.ts';
import { type EdgeRow, graphOfRows } from '#domain/graph/graph-rows.ts';
import { layoutGraph } from '#domain/graph/layout/layout-graph.ts';
import type { NodeKind } from '#domain/graph/service-graph.ts';
import { type Geometry, geometryOf, layoutInputOf } from '#views/graph/geometry.ts';
import { type Picture, pictureOf } from '#views/graph/picture.ts';

const KINDS: Readonly<Record<string, NodeKind>> = { db: 'database', queue: 'messaging', host: 'external' };
const MS = 1e6;

/**
 * A picture from words: `web>cart:90` 90 calls, `web>cart:90!9` 9 of them failed, `cart>db.redis` a data store,
 * `shop~orders~mail` through orders, `shop~mail` asynchronous without a destination, `shop~queue.orders` to nobody known.
 * `groups` by service.
 */
export function pictureFrom(
  text: string,
  changes: readonly EdgeChange[] = [],
  groups: Readonly<Record<string, string>> = {},
): Picture {
  const rows = text.trim().split(/\s+/).map(rowOf);
  const graph = graphOfRows([], rows, 10_000);
  const group = graph.nodes.name.map(name => groups[name] ?? '');
  return pictureOf({ ...graph, nodes: { ...graph.nodes, group } }, changes);
}

export function geometryFor(picture: Picture): Geometry {
  return geometryOf(picture, layoutGraph(layoutInputOf(picture, undefined)));
}

/** Lines of a picture: `web > cart 90, 9 failed`. */
export function edgesAsText({ nodes, edges }: Picture): string[] {
  return edges
    .map(({ from, to, async, calls, errors }) => {
      const failed = errors > 0 ? `, ${errors} failed` : '';
      return `${nodes[from].name} ${async ? '~' : '>'} ${nodes[to].name} ${calls}${failed}`;
    })
    .sort();
}

/** A p95 that went from 100 ms to 400 ms. */
export function slower(from: string, to: string): EdgeChange {
  const edge: EdgeName = { from, to, toKind: 'service', async: false, destination: '' };
  return { edge, what: 'p95', before: 100 * MS, now: 400 * MS, worse: true };
}

function rowOf(word: string): EdgeRow {
  const [names = '', counts = '10'] = word.split(':');
  const ends = names.split(/[>~]/);
  const [calls, errors = 0] = counts.split('!').map(Number);
  const [kind, name] = ends.at(-1)!.includes('.') ? ends.at(-1)!.split('.') : ['', ends.at(-1)!];
  const toKind = KINDS[kind] ?? 'service';
  const isAsync = names.includes('~');
  return {
    from: ends[0],
    to: name,
    toKind,
    toSystem: '',
    async: isAsync,
    destination: ends.length === 3 ? ends[1] : toKind === 'messaging' ? name : '',
    calls,
    errors,
    p50Ns: 50 * MS,
    p95Ns: 80 * MS,
    p99Ns: 90 * MS,
    p95LowNs: 70 * MS,
    p95HighNs: 85 * MS,
    queueP50Ns: 0,
    queueP95Ns: 0,
    clientOnly: 0,
    traces: calls,
  };
}
