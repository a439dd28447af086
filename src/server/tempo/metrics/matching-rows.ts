import { unsupported } from '#domain/traceql/run/refusal.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import type { TraceQuery } from '#server/traceql/trace-query.ts';
import { eachMatchingSpan } from './aggregate-traces.ts';
import { plainRows } from './plain-rows.ts';
import type { TimeGrid } from './time-grid.ts';

/** Spans of a query that SQL cannot answer alone are listed one by one. */
const MAX_LISTED = 200_000;

/** Of one segment: `rows` stands after `from`: `spans_7 s where …`. */
export interface MatchingRows {
  readonly segment: SegmentRef;
  readonly rows: string;
}

/**
 * The matching spans that start within the grid, whether or not SQL can find them alone; segments without any are left out.
 * Rejects with `QueryRefused` where there are too many to be listed.
 */
export async function matchingRows(
  context: QueryContext,
  query: TraceQuery,
  grid: TimeGrid,
  segments: readonly SegmentRef[],
): Promise<readonly MatchingRows[]> {
  if (query.matches !== undefined) {
    const parts: MatchingRows[] = [];
    for (const segment of segments) {
      const rows = await plainRows(context, query, segment, grid);
      if (rows !== undefined) parts.push({ segment, rows });
    }
    return parts;
  }
  const listed = new Map<number, bigint[]>();
  let count = 0;
  const spanCount = segments.reduce((sum, s) => sum + s.spanCount, 0);
  const range = { startNs: -1n, endNs: 2n ** 63n, fromNs: grid.lowNs, toNs: grid.highNs + 1n, segments, spanCount };
  await eachMatchingSpan(context, query, range, grid, ({ columns: { segment, rowId } }) => {
    if (++count > MAX_LISTED)
      throw unsupported(`more than ${MAX_LISTED} spans of a query that SQL cannot answer alone`);
    const known = listed.get(segment);
    if (known === undefined) listed.set(segment, [rowId]);
    else known.push(rowId);
  });
  return query.segments.flatMap(segment => {
    const ids = listed.get(segment.id);
    if (ids === undefined) return [];
    return [{ segment, rows: `${segmentTable('spans', segment.id)} s where s.row_id in (${ids.join(', ')})` }];
  });
}
