import type { Field } from '#domain/traceql/ast.ts';
import type { SpanData } from '#domain/traceql/run/trace-data.ts';
import { isList, isNumeric, type Value } from '#domain/traceql/run/value.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { type CandidateRange, findCandidates } from '#server/tempo/candidates.ts';
import { judgeWhole } from '#server/tempo/search.ts';
import type { TraceQuery } from '#server/traceql/trace-query.ts';
import type { Cells } from './cells.ts';
import { log2Bucket } from './log2-buckets.ts';
import type { PlainMetrics } from './series.ts';
import { bucketAt, type TimeGrid } from './time-grid.ts';

/** Traces found by one statement. */
const CANDIDATES = 8_192;

/** Calls `take` with every matching span whose start lies in the grid. Whole traces are judged, some at a time. */
export async function eachMatchingSpan(
  context: QueryContext,
  query: TraceQuery,
  range: CandidateRange,
  grid: TimeGrid,
  take: (span: SpanData, time: number) => void,
): Promise<void> {
  for await (const { candidates } of findCandidates(query, range, CANDIDATES)) {
    for await (const { spansets } of judgeWhole(context, query, candidates, range)) {
      for (const span of new Set(spansets.flatMap(set => set.spans))) {
        const time = bucketAt(grid, span.columns.startNs);
        if (time !== undefined) take(span, time);
      }
    }
  }
}

/** Adds one span. */
export function addSpan(metrics: PlainMetrics, cells: Cells, span: SpanData, time: number): void {
  let measured = 0;
  let bucket: number | undefined = 0;
  if ('field' in metrics) {
    const value = firstValue(metrics.field, span);
    if (!isNumeric(value)) return;
    measured = Number(value);
    if (metrics.fn === 'histogram_over_time' || metrics.fn === 'quantile_over_time') {
      bucket = typeof value === 'bigint' ? log2Bucket(value) : undefined;
    }
    if (bucket === undefined || !Number.isFinite(measured)) return;
  }
  const group = cells.group(metrics.by.map(field => groupValue(field, span)));
  if (group === undefined) return;
  const { segment, rowId } = span.columns;
  cells.add(group, {
    time,
    bucket,
    count: 1,
    sum: measured,
    min: measured,
    max: measured,
    segment,
    rowId: Number(rowId),
  });
}

/** Of several events or links, the first. */
function firstValue(field: Field, span: SpanData): Value {
  return span.field(field, span.eventCount > 0 ? 0 : -1, span.linkCount > 0 ? 0 : -1);
}

function groupValue(field: Field, span: SpanData): Value {
  const value = firstValue(field, span);
  if (field.type === 'attribute' && field.scope === 'baggage' && isList(value)) return [...value.strings].sort()[0];
  // As Tempo: a span without events has the event name "".
  return value === undefined && field.type === 'intrinsic' && field.name === 'event:name' ? '' : value;
}
