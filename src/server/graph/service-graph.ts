import { type EdgeRow, graphOfRows, type NodeRow } from '#domain/graph/graph-rows.ts';
import { LADDER, readQuantiles } from '#domain/graph/quantiles.ts';
import type { NodeKind, ServiceGraph } from '#domain/graph/service-graph.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { type CountedRange, countedRange, type RangeArgs } from './counted-range.ts';
import { groupsOfServices } from './service-groups.ts';

export const MAX_EDGES = 10_000;

/** Counts what calls what in a range. `groupBy` is a resource attribute; '' for none. Rejects with `QueryRefused`. */
export async function countServiceGraph(
  context: QueryContext,
  args: RangeArgs,
  groupBy: string,
): Promise<ServiceGraph> {
  const counted = await countedRange(context, args);
  if (counted === undefined) return graphOfRows([], [], MAX_EDGES);
  const rows = await readRows(counted);
  const groups = groupBy === '' ? new Map<string, string>() : await groupsOfServices(counted, groupBy);
  const nodes = rows.nodes.map(node => ({ ...node, group: groups.get(node.name) ?? '' }));
  return graphOfRows([...nodes, ...rows.peers], rows.edges, MAX_EDGES);
}

const LADDER_SQL = `[${LADDER.join(', ')}]`;

/** One statement, so that the calls are joined once: rows of several kinds in columns that they share. */
async function readRows({ sql, ctes }: CountedRange) {
  const numbers = `count(*) as n, count(*) filter (where failed) as errors, quantile_disc(duration_ns, ${LADDER_SQL}) as ladder`;
  const none = 'null as queue_p50, null as queue_p95, 0 as client_only, 0 as traces';
  const edge = (calls: string) => `
    select 'edge' as what, caller, callee, callee_kind, callee_system, is_async, destination, ${numbers},
      quantile_disc(queue_ns, 0.5) as queue_p50, quantile_disc(queue_ns, 0.95) as queue_p95,
      count(*) filter (where client_only) as client_only, approx_count_distinct(hash(trace_id)) as traces
    from ${calls} group by all`;
  const c = await sql.columns(`with ${ctes}
    ${edge('(from answered_calls union all from peer_calls)')}
    union all
    select 'peer', '', callee, callee_kind, min(callee_system), false, '', ${numbers}, ${none}
    from peer_calls where callee_kind <> 'service' group by all
    union all
    select 'node', service, '', 'service', '', false, '', ${numbers}, ${none} from requests group by all
    union all
    select 'lonely', service, '', 'service', '', unnamed, '', sum(spans)::bigint, 0, [], ${none} from lonely group by all`);
  const edges: EdgeRow[] = [];
  const peers: NodeRow[] = [];
  const services = new Map<string, NodeRow>();
  for (const [i, what] of ((c.what ?? []) as string[]).entries()) {
    const calls = Number(c.n[i]);
    const errors = Number(c.errors[i]);
    const ladder = ((c.ladder[i] as readonly bigint[] | null) ?? []).map(Number);
    const traces = Math.min(calls, Number(c.traces[i]));
    const toKind = c.callee_kind[i] as NodeKind;
    const system = c.callee_system[i] as string;
    const { p50Ns, p95Ns, p99Ns, ...bounds } = readQuantiles(ladder, traces);
    if (what === 'edge') {
      edges.push({
        from: c.caller[i] as string,
        to: c.callee[i] as string,
        toKind,
        toSystem: system,
        async: c.is_async[i] as boolean,
        destination: c.destination[i] as string,
        ...{ calls, errors, p50Ns, p95Ns, p99Ns, traces },
        ...bounds,
        queueP50Ns: Number(c.queue_p50[i] ?? 0),
        queueP95Ns: Number(c.queue_p95[i] ?? 0),
        clientOnly: Number(c.client_only[i]),
      });
    } else if (what === 'peer') {
      peers.push({ ...node(c.callee[i] as string), kind: toKind, system, calls, errors, p50Ns, p95Ns, p99Ns });
    } else {
      const name = c.caller[i] as string;
      const known = services.get(name) ?? node(name);
      const more =
        what === 'node'
          ? { calls, errors, p50Ns, p95Ns, p99Ns }
          : c.is_async[i]
            ? { unnamedCalls: calls }
            : { unknownCallers: calls };
      services.set(name, { ...known, ...more });
    }
  }
  return { edges, peers, nodes: [...services.values()] };
}

function node(name: string): NodeRow {
  const none = { calls: 0, errors: 0, p50Ns: 0, p95Ns: 0, p99Ns: 0, unnamedCalls: 0, unknownCallers: 0 };
  return { name, kind: 'service', system: '', group: '', ...none };
}
