import { matchingSpans } from '#server/facets/matching-spans.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { searchRange } from '#server/tempo/search.ts';
import { SqlBuilder } from '#server/traceql/sql-params.ts';
import { callsSql } from './calls-sql.ts';
import { type GraphRange, graphRange } from './graph-range.ts';

export interface RangeArgs {
  /** TraceQL; the calls of the traces in which a span matches. '' for all. */
  readonly q: string;
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
}

/** The calls of a query in a range, as SQL (tables: `callsSql`). */
export interface CountedRange {
  readonly range: GraphRange;
  readonly sql: SqlBuilder;
  /** Stands after `with`. */
  readonly ctes: string;
}

/** Undefined if nothing can match. `caller`: only the calls out of this service are asked for. Rejects with `QueryRefused`. */
export async function countedRange(
  context: QueryContext,
  args: RangeArgs,
  caller?: string,
): Promise<CountedRange | undefined> {
  const range = graphRange(context, args.startNs, args.endNs);
  if (range.segments.length === 0) return undefined;
  if (/^\s*(?:\{\s*\}\s*)?$/.test(args.q)) {
    const sql = new SqlBuilder(context);
    return { range, sql, ctes: await callsSql(context, sql, range, { traces: undefined, caller }) };
  }
  const { sql, parts } = await matchingSpans(context, args.q, searchRange(context, args));
  if (parts.length === 0) return undefined;
  const traces = parts.map(({ rows }) => `select s.trace_id from ${rows}`).join(' union ');
  return { range, sql, ctes: await callsSql(context, sql, range, { traces, caller }) };
}
