import type { QueryContext } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import type { Predicate } from '#server/traceql/predicate.ts';
import { prepareTraceQuery, type TraceQuery } from '#server/traceql/trace-query.ts';
import { type CandidateRange, findCandidates } from './candidates.ts';
import { withoutCopies } from './copies.ts';
import { answering, judgeWhole, parse, searchRange } from './search.ts';
import type { Answer, SearchArgs } from './search-types.ts';

export type CountArgs = Pick<SearchArgs, 'q' | 'startNs' | 'endNs'>;

/** How many traces a search would find in the range, and how many of their spans match. */
export async function count(
  context: QueryContext,
  args: CountArgs,
): Promise<Answer<{ traces: number; spans: number }>> {
  return answering(async () => {
    const range = searchRange(context, args);
    const query = await prepareTraceQuery(context, parse(args.q), range.segments);
    return query.matches !== undefined
      ? countPlain(context, query, query.matches, range)
      : countJudged(context, query, range);
  });
}

/** A trace is looked for this far around the ends of the range. */
const SPREAD_NS = 3_600_000_000_000n;

/**
 * One scan. Most traces have a matching span that touches the range; of those found beside it, the spans are looked at: they
 * count if the trace as a whole reaches into it.
 */
async function countPlain(
  context: QueryContext,
  query: TraceQuery,
  matches: ReadonlyMap<number, Predicate>,
  range: CandidateRange,
): Promise<{ traces: number; spans: number }> {
  const { startNs, endNs, fromNs, toNs } = range;
  const parts: string[] = [];
  for (const segment of range.segments) {
    const predicate = matches.get(segment.id);
    if (predicate === undefined || predicate.constant === false) continue;
    const time = `start_ns < ${toNs} and start_ns + duration_ns >= ${fromNs}`;
    const touches = `start_ns <= ${endNs} and start_ns + duration_ns >= ${startNs}`;
    const condition = `${time} and ${predicate.text({ rows: ` where ${time}`, traces: '' })}`;
    parts.push(
      `select trace_id, count(*) as spans, bool_or(${touches}) as touches from ${segmentTable('spans', segment.id)} s
       where ${condition} and ${await withoutCopies(context, segment)} group by trace_id`,
    );
  }
  if (parts.length === 0) return { traces: 0, spans: 0 };
  const near = (edgeNs: bigint) => `start_ns between ${edgeNs - SPREAD_NS} and ${edgeNs + SPREAD_NS}`;
  const beside = range.segments
    .map(
      ({ id }) => `select trace_id, start_ns, start_ns + duration_ns as end_ns from ${segmentTable('spans', id)}
        where start_ns > 0 and (${near(startNs)} or ${near(endNs)}) and trace_id in (select trace_id from found where not touches)`,
    )
    .join(' union all ');
  const [row] = await query.sql.rows(
    `with found as materialized (
       select trace_id, sum(spans) as spans, bool_or(touches) as touches from (${parts.join(' union all ')}) group by trace_id),
     reaching as (
       select trace_id from (${beside}) group by trace_id having min(start_ns) <= ${endNs} and max(end_ns) >= ${startNs})
     select count(*) as traces, coalesce(sum(spans), 0)::bigint as spans from found
     where touches or trace_id in (select trace_id from reaching)`,
  );
  return { traces: Number(row.traces), spans: Number(row.spans) };
}

/** Traces found by one statement. */
const CANDIDATES = 8_192;

async function countJudged(
  context: QueryContext,
  query: TraceQuery,
  range: CandidateRange,
): Promise<{ traces: number; spans: number }> {
  const total = { traces: 0, spans: 0 };
  for await (const { candidates } of findCandidates(query, range, CANDIDATES)) {
    for await (const { spansets } of judgeWhole(context, query, candidates, range)) {
      total.traces++;
      total.spans += new Set(spansets.flatMap(s => s.spans)).size;
    }
  }
  return total;
}
