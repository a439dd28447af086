import type { QueryContext } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { SqlBuilder } from '#server/traceql/sql-params.ts';
import type { SpanRef } from './cells.ts';
import type { Series, SeriesExemplar } from './series.ts';
import type { TimeGrid } from './time-grid.ts';

/** A span that stands for a point. */
export interface Exemplar {
  readonly traceId: bigint;
  readonly startNs: bigint;
  readonly durationNs: bigint;
  readonly value: number;
}

/** Up to `most` exemplars, spread over the series and their points; by series. */
export async function loadExemplars(
  context: QueryContext,
  series: readonly Series[],
  most: number,
  grid: TimeGrid,
): Promise<readonly (readonly Exemplar[])[]> {
  const chosen = choose(series, most);
  const kept = keptSpans(context);
  const unknown = new Map<number, bigint[]>();
  for (const { span } of chosen.flat()) {
    if (kept.has(keyOf(span))) continue;
    const rowIds = unknown.get(span.segment);
    if (rowIds === undefined) unknown.set(span.segment, [span.rowId]);
    else rowIds.push(span.rowId);
  }
  const sql = new SqlBuilder(context);
  for (const [segment, ids] of unknown) {
    const c = await sql.columns(
      `select row_id, trace_id, start_ns, duration_ns from ${segmentTable('spans', segment)}
       where start_ns between ${grid.lowNs} and ${grid.highNs} and row_id in (${ids.join(', ')})`,
    );
    ((c.row_id ?? []) as bigint[]).forEach((rowId, i) => {
      const [traceId, startNs, durationNs] = [c.trace_id[i], c.start_ns[i], c.duration_ns[i]] as [
        bigint,
        bigint,
        bigint,
      ];
      kept.set(keyOf({ segment, rowId }), { traceId, startNs, durationNs });
    });
  }
  return chosen.map(list =>
    list.flatMap(({ span, value }) => {
      const row = kept.get(keyOf(span));
      return row === undefined ? [] : [{ ...row, value: value ?? Number(row.durationNs) / 1e9 }];
    }),
  );
}

type KeptSpan = Omit<Exemplar, 'value'>;

const MEMORY_KEY = 'exemplars';
const MAX_KEPT = 10_000;

/** Spans that stood for points before: a chart that is drawn again mostly shows the same, and looking them up is a scan. */
function keptSpans(context: QueryContext): Map<string, KeptSpan> {
  let kept = context.memory.get(MEMORY_KEY) as Map<string, KeptSpan> | undefined;
  if (kept === undefined || kept.size > MAX_KEPT) {
    kept = new Map();
    context.memory.set(MEMORY_KEY, kept);
  }
  return kept;
}

function keyOf({ segment, rowId }: SpanRef): string {
  return `${segment} ${rowId}`;
}

function choose(series: readonly Series[], most: number): readonly (readonly SeriesExemplar[])[] {
  if (series.length === 0 || most === 0) return [];
  const each = Math.max(1, Math.floor(most / series.length));
  return series.map(({ exemplars }, i) => {
    if (i >= most) return [];
    const inTime = [...exemplars].sort((a, b) => a.time - b.time);
    if (inTime.length <= each) return inTime;
    return Array.from({ length: each }, (_, k) => inTime[Math.floor((k * inTime.length) / each)]);
  });
}
