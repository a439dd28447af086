import type { LatencyUnit } from '#domain/api/latency-api.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { withoutCopies } from '#server/tempo/copies.ts';
import { type MatchingRows, matchingRows } from '#server/tempo/metrics/matching-rows.ts';
import { instantGrid } from '#server/tempo/metrics/time-grid.ts';
import { parse } from '#server/tempo/search.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';
import { prepareTraceQuery } from '#server/traceql/trace-query.ts';
import { weightSql } from './weights.ts';

export interface LatencyArgs {
  readonly q: string;
  /** Unix ns, without the end. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly of: LatencyUnit;
}

/** What is counted, as SQL. */
export interface LatencyUnits {
  readonly sql: SqlBuilder;
  /**
   * Stands after `from`: one row per unit with row_id, trace_id, span_id, start_ns, duration_ns, failed, weight, service, name. A
   * span, or the root of a trace with a matching span. Undefined if there is none.
   */
  readonly relation: string | undefined;
  /** `count(…)` of units, and of those that failed. */
  readonly count: string;
  readonly errors: string;
  readonly estimated: boolean;
  /** The matching spans behind them. */
  readonly matching: readonly MatchingRows[];
  /** Segments in which spans of the same traces may lie. */
  readonly around: readonly SegmentRef[];
}

/** Clocks differ: a span may start this much before its root. */
const BEFORE_NS = 60_000_000_000n;
/** Spans of a trace may start this long after its root. */
const AFTER_NS = 3_600_000_000_000n;

/** Compiles the query. Units start within the range. Rejects with `QueryRefused`. */
export async function latencyUnits(
  context: QueryContext,
  { q, startNs, endNs, of }: LatencyArgs,
): Promise<LatencyUnits> {
  const [lowNs, highNs] = of === 'spans' ? [startNs, endNs - 1n] : [startNs - BEFORE_NS, endNs - 1n + AFTER_NS];
  const segments = context.segments(lowNs, highNs + 1n);
  const around = context.segments(lowNs - AFTER_NS, highNs + AFTER_NS);
  const query = await prepareTraceQuery(context, parse(q), around);
  const matching = await matchingRows(context, query, instantGrid(lowNs, highNs), segments);
  const weights = new Map<number, string>();
  for (const { id } of around) {
    const weight = await weightSql(context, id);
    if (weight !== undefined) weights.set(id, weight);
  }
  const columns = (id: number) =>
    `s.row_id, s.trace_id, s.span_id, s.start_ns, s.duration_ns, ${weights.get(id) ?? '1::double'} as weight, s.service, s.name`;
  const relation =
    matching.length === 0
      ? undefined
      : of === 'spans'
        ? union(
            matching.map(({ segment, rows }) => `select ${columns(segment.id)}, s.status = 2 as failed from ${rows}`),
          )
        : await rootsOf(context, { startNs, endNs, around, matching, columns });
  const estimated = weights.size > 0;
  return {
    sql: query.sql,
    relation,
    count: estimated ? 'sum(weight)' : 'count(*)',
    errors: estimated ? 'coalesce(sum(weight) filter (failed), 0)' : 'count(*) filter (failed)',
    estimated,
    matching,
    around,
  };
}

/** Traces with a matching span, one row each: (trace_id, failed). */
export function matchedTraces(matching: readonly MatchingRows[]): string {
  const spans = matching.map(({ rows }) => `select s.trace_id, s.status = 2 as failed from ${rows}`);
  return `select trace_id, bool_or(failed) as failed from ${union(spans)} group by trace_id`;
}

/** The roots of traces with a matching span; of several roots the last. */
async function rootsOf(
  context: QueryContext,
  {
    startNs,
    endNs,
    around,
    matching,
    columns,
  }: Pick<LatencyArgs, 'startNs' | 'endNs'> &
    Pick<LatencyUnits, 'around' | 'matching'> & { readonly columns: (segment: number) => string },
): Promise<string | undefined> {
  const rows: { readonly id: number; readonly rows: string }[] = [];
  for (const segment of around) {
    if (segment.minStartNs >= endNs || segment.maxEndNs < startNs) continue;
    const once = await withoutCopies(context, segment);
    rows.push({
      id: segment.id,
      rows: `${segmentTable('spans', segment.id)} s where s.parent_span_id = 0 and s.start_ns >= ${startNs} and s.start_ns < ${endNs} and ${once}`,
    });
  }
  if (rows.length === 0) return undefined;
  const earlier = await earlierRoots(
    context,
    union(rows.map(each => `select s.trace_id, s.row_id, s.start_ns from ${each.rows}`)),
  );
  const last = earlier.length === 0 ? '' : ` and s.row_id not in (${earlier.join(', ')})`;
  const roots = rows.map(each => `select ${columns(each.id)} from ${each.rows}${last}`);
  return `(select r.*, m.failed from ${union(roots)} r join (${matchedTraces(matching)}) m on m.trace_id = r.trace_id)`;
}

/** Row ids of the roots that are followed by another root of the same trace. */
async function earlierRoots(context: QueryContext, roots: string): Promise<readonly bigint[]> {
  const { row_id } = await context.columns(
    `with roots as (select * from ${roots})
     select row_id from (
       select row_id, row_number() over (partition by trace_id order by start_ns desc, row_id desc) as place from roots
       where trace_id in (select trace_id from roots group by trace_id having count(*) > 1)
     ) where place > 1`,
  );
  return (row_id ?? []) as bigint[];
}

function union(parts: readonly string[]): string {
  return `(${parts.join('\nunion all\n')})`;
}
