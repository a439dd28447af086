import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { withoutCopies } from '#server/tempo/copies.ts';
import type { TraceQuery } from '#server/traceql/trace-query.ts';
import type { TimeGrid } from './time-grid.ts';

/** `spans_7 s where …`: the matching spans of a segment that start within the grid; undefined if there are none. */
export async function plainRows(
  context: QueryContext,
  query: TraceQuery,
  segment: SegmentRef,
  grid: TimeGrid,
): Promise<string | undefined> {
  const predicate = query.matches?.get(segment.id);
  if (predicate === undefined || predicate.constant === false) return undefined;
  const between = (column: string) => `${column} between ${grid.lowNs} and ${grid.highNs}`;
  const condition = predicate.text({ rows: ` where ${between('start_ns')}`, traces: '' });
  const once = await withoutCopies(context, segment);
  return `${segmentTable('spans', segment.id)} s where ${between('s.start_ns')} and ${condition} and ${once}`;
}
