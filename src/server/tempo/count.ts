import type { QueryContext } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import type { Predicate } from '#server/traceql/predicate.ts';
import { prepareTraceQuery, type TraceQuery } from '#server/traceql/trace-query.ts';
import { type CandidateRange, findCandidates } from './candidates.ts';
import { answering, judge, parse, searchRange } from './search.ts';
import type { Answer, SearchArgs } from './search-types.ts';

export type CountArgs = Pick<SearchArgs, 'q' | 'startNs' | 'endNs'>;

/** How many traces match in the range, and how many of their spans. Redelivered copies of a span count where SQL counts. */
export async function count(
  context: QueryContext,
  args: CountArgs,
): Promise<Answer<{ traces: number; spans: number }>> {
  return answering(async () => {
    const range = searchRange(context, args);
    const query = await prepareTraceQuery(context, parse(args.q), range.segments);
    return query.matches !== undefined ? countPlain(query, query.matches, range) : countJudged(context, query, range);
  });
}

/** One scan. A trace counts where a matching span touches the range. */
async function countPlain(
  query: TraceQuery,
  matches: ReadonlyMap<number, Predicate>,
  range: CandidateRange,
): Promise<{ traces: number; spans: number }> {
  const parts: string[] = [];
  for (const segment of range.segments) {
    const predicate = matches.get(segment.id);
    if (predicate === undefined || predicate.constant === false) continue;
    const time = `start_ns <= ${range.endNs} and start_ns + duration_ns >= ${range.startNs}`;
    const table = segmentTable('spans', segment.id);
    parts.push(
      `select trace_id, count(*) as spans from ${table} s where ${time} and ${predicate.text({ rows: ` where ${time}`, traces: '' })} group by trace_id`,
    );
  }
  if (parts.length === 0) return { traces: 0, spans: 0 };
  const [row] = await query.sql.rows(
    `select count(distinct trace_id) as traces, coalesce(sum(spans), 0)::bigint as spans from (${parts.join(' union all ')})`,
  );
  return { traces: Number(row.traces), spans: Number(row.spans) };
}

const BATCH = 512;

async function countJudged(
  context: QueryContext,
  query: TraceQuery,
  range: CandidateRange,
): Promise<{ traces: number; spans: number }> {
  const total = { traces: 0, spans: 0 };
  for await (const candidates of findCandidates(query, range, BATCH)) {
    for (let from = 0; from < candidates.length; from += BATCH) {
      for (const { spansets } of await judge(context, query, candidates.slice(from, from + BATCH), range)) {
        total.traces++;
        total.spans += new Set(spansets.flatMap(s => s.spans)).size;
      }
    }
  }
  return total;
}
