import { QueryRefused } from '#domain/traceql/run/refusal.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { type CandidateRange, findCandidates } from '#server/tempo/candidates.ts';
import { judgeWhole, parse } from '#server/tempo/search.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';
import { prepareTraceQuery, type TraceQuery } from '#server/traceql/trace-query.ts';

/** The spans that a query matches in a range, as SQL. */
export interface MatchingSpans {
  readonly sql: SqlBuilder;
  /** Segments with any such span; `rows` stands after `from`: `spans_7 s where …`. */
  readonly parts: readonly { readonly segment: SegmentRef; readonly rows: string }[];
  /** Where spans of the same traces may lie. */
  readonly segments: readonly SegmentRef[];
}

/** Queries that SQL cannot answer alone are judged trace by trace; beyond so many spans that takes too long. */
const MAX_JUDGED_SPANS = 20_000;
const BATCH = 512;

/** Compiles a query. Rejects with `QueryRefused` if it is unsound, or matches too much to be judged. */
export async function matchingSpans(context: QueryContext, q: string, range: CandidateRange): Promise<MatchingSpans> {
  const query = await prepareTraceQuery(context, parse(q), range.segments);
  const { sql } = query;
  if (query.matches === undefined) return { sql, parts: await judged(context, query, range), segments: range.segments };
  const parts = range.segments.flatMap(segment => {
    const predicate = query.matches?.get(segment.id);
    if (predicate === undefined || predicate.constant === false) return [];
    const time = timeCondition(segment, range);
    const condition = predicate.text({ rows: ` where ${time}`, traces: '' });
    return [{ segment, rows: `${segmentTable('spans', segment.id)} s where ${time} and ${condition}` }];
  });
  return { sql, parts, segments: range.segments };
}

/** Of a segment that lies in the range as a whole the condition stays the same while the range moves on. */
function timeCondition(segment: SegmentRef, { startNs, endNs }: CandidateRange): string {
  const isWhole = segment.minStartNs >= startNs && segment.maxEndNs <= endNs;
  if (!isWhole) return `start_ns <= ${endNs} and start_ns + duration_ns >= ${startNs}`;
  // Bounds leave out spans that came without a time.
  return startNs > 0n ? 'start_ns > 0' : 'true';
}

async function judged(
  context: QueryContext,
  query: TraceQuery,
  range: CandidateRange,
): Promise<MatchingSpans['parts']> {
  const rowIds = new Map<number, bigint[]>();
  let count = 0;
  for await (const { candidates } of findCandidates(query, range, BATCH)) {
    for await (const { spansets } of judgeWhole(context, query, candidates, range)) {
      for (const span of new Set(spansets.flatMap(set => set.spans))) {
        const { segment, rowId } = span.columns;
        const ids = rowIds.get(segment) ?? [];
        rowIds.set(segment, ids);
        ids.push(rowId);
        count++;
      }
      if (count > MAX_JUDGED_SPANS) throw new QueryRefused(`more than ${MAX_JUDGED_SPANS} spans match to be counted`);
    }
  }
  return range.segments.flatMap(segment => {
    const ids = rowIds.get(segment.id);
    if (ids === undefined) return [];
    return [{ segment, rows: `${segmentTable('spans', segment.id)} s where s.row_id in (${ids.join(', ')})` }];
  });
}
