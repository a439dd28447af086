import type { CallsWindow, EdgeName } from '#domain/api/graph-api.ts';
import { edgeKey } from '#domain/graph/changes.ts';
import type { NodeKind } from '#domain/graph/service-graph.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';
import type { CountedRange } from './counted-range.ts';

/** Columns of a series over a window. */
export const COLUMNS = 60;

export type Series = CallsWindow['series'];

/** Number of the column in which something started, as SQL over `start_ns`. */
export function columnSql({ startNs, endNs }: { readonly startNs: bigint; readonly endNs: bigint }): string {
  return `least(${COLUMNS - 1}, (start_ns - ${startNs})::hugeint * ${COLUMNS} // ${endNs - startNs})::integer`;
}

/** Condition on `calls` that leaves one edge. */
export function edgeCondition(sql: SqlBuilder, edge: EdgeName): string {
  const { from, to, toKind, async: isAsync, destination } = edge;
  return `(caller = ${sql.text(from)} and callee = ${sql.text(to)} and callee_kind = ${sql.text(toKind)}
    and is_async = ${isAsync} and destination = ${sql.text(destination)})`;
}

export function emptySeries(): { calls: number[]; errors: number[]; p95Ns: number[] } {
  const zeros = () => new Array<number>(COLUMNS).fill(0);
  return { calls: zeros(), errors: zeros(), p95Ns: zeros() };
}

/** Calls, errors and the 95th percentile over time, by `edgeKey`. */
export async function edgeSeries(
  { sql, ctes }: CountedRange,
  window: { readonly startNs: bigint; readonly endNs: bigint },
  edges: readonly EdgeName[],
): Promise<ReadonlyMap<string, Series>> {
  const c = await sql.columns(`with ${ctes}
    select caller, callee, callee_kind, is_async, destination, ${columnSql(window)} as place, count(*) as n,
      count(*) filter (where failed) as errors, quantile_disc(duration_ns, 0.95) as p95
    from (from answered_calls union all from peer_calls) where ${edges.map(edge => edgeCondition(sql, edge)).join(' or ')} group by all`);
  const found = new Map<string, ReturnType<typeof emptySeries>>();
  for (const [i, place] of ((c.place ?? []) as number[]).entries()) {
    const key = edgeKey({
      from: c.caller[i] as string,
      to: c.callee[i] as string,
      toKind: c.callee_kind[i] as NodeKind,
      async: c.is_async[i] as boolean,
      destination: c.destination[i] as string,
    });
    const series = found.get(key) ?? emptySeries();
    found.set(key, series);
    series.calls[place] = Number(c.n[i]);
    series.errors[place] = Number(c.errors[i]);
    series.p95Ns[place] = Number(c.p95[i]);
  }
  return found;
}
