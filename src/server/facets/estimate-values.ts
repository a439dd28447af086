import type { FacetValue } from '#domain/api/server-api.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';
import { remembered } from './remembered.ts';

/** Traces per value among the spans of one segment. */
interface SegmentCounts {
  /** The most frequent ones. */
  readonly values: readonly FacetValue[];
  /** How many values there are in all. */
  readonly listed: number;
}

export interface EstimateRequest {
  readonly sql: SqlBuilder;
  /** One statement per segment that gives (type, value, trace_id, failed). */
  readonly parts: readonly string[];
  /** SQL condition on `value`. */
  readonly condition: string;
}

const MAX_VALUES = 1_000;

/**
 * Traces per value, most frequent first, for more spans than are counted exactly: estimated in each segment (HyperLogLog) and
 * added up, so that a trace whose spans lie in two segments counts in both. What a segment gave is remembered as long as no
 * span is added to it.
 */
export async function estimateValues(
  context: QueryContext,
  { sql, parts, condition }: EstimateRequest,
): Promise<{ readonly values: readonly FacetValue[]; readonly listed: number }> {
  const merged = new Map<string, FacetValue>();
  let listed = 0;
  for (const part of parts) {
    const statement = `select type, value, approx_count_distinct(trace_id) as traces,
        approx_count_distinct(trace_id) filter (where failed) as errors, count(*) over () as listed
      from (${part}) where ${condition} group by type, value order by traces desc limit ${MAX_VALUES}`;
    const counts = await remembered(context, sql, statement, async (): Promise<SegmentCounts> => {
      const c = await sql.columns(statement);
      const values = (c.value as string[]).map((value, i) => ({
        type: c.type[i] as FacetValue['type'],
        value,
        traces: Number(c.traces[i]),
        errorTraces: Number(c.errors[i]),
      }));
      return { values, listed: Number(c.listed[0] ?? 0) };
    });
    listed = Math.max(listed, counts.listed);
    for (const each of counts.values) {
      const key = `${each.type} ${each.value}`;
      const known = merged.get(key);
      merged.set(key, {
        ...each,
        traces: each.traces + (known?.traces ?? 0),
        errorTraces: each.errorTraces + (known?.errorTraces ?? 0),
      });
    }
  }
  const values = [...merged.values()].sort((a, b) => b.traces - a.traces || (a.value < b.value ? -1 : 1));
  return { values, listed: Math.max(listed, values.length) };
}

/** Traces that have any of the rows, added up over the segments as above. */
export async function estimateTraces(
  context: QueryContext,
  { sql, parts }: Pick<EstimateRequest, 'sql' | 'parts'>,
): Promise<number> {
  let traces = 0;
  for (const part of parts) {
    const statement = `select approx_count_distinct(trace_id) as traces from (${part})`;
    traces += await remembered(context, sql, statement, async () => Number((await sql.rows(statement))[0].traces));
  }
  return traces;
}
