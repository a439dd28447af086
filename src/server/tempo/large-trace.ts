import type { Field } from '#domain/traceql/ast.ts';
import { QueryRefused } from '#domain/traceql/run/refusal.ts';
import { hex } from '#domain/traceql/run/trace-data.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { loadTraces, MAX_LOADED_SPANS } from '#server/traceql/load-traces.ts';
import type { Predicate } from '#server/traceql/predicate.ts';
import type { TraceQuery } from '#server/traceql/trace-query.ts';
import type { CandidateRange } from './candidates.ts';
import { withoutCopies } from './copies.ts';
import { loadReplySpans } from './reply-spans.ts';
import type { FoundTrace } from './search-types.ts';

/** Why a query that needs whole traces stops at this one. */
export function tooLarge(traceId: bigint): QueryRefused {
  return new QueryRefused(
    `trace ${hex(traceId, 32)} has more than ${MAX_LOADED_SPANS} spans: only a query of one { … } reads such traces; leave it out with trace:id != "${hex(traceId, 32)}"`,
  );
}

/**
 * A trace too large to be loaded, as a search that SQL answers alone shows it: its numbers are added up in SQL and only the
 * spans of the reply are read. Undefined if it does not overlap the range or does not match. Fields that only the whole
 * trace tells are left out.
 */
export async function describeLargeTrace(
  context: QueryContext,
  query: TraceQuery,
  matches: ReadonlyMap<number, Predicate>,
  traceId: bigint,
  range: Pick<CandidateRange, 'startNs' | 'endNs'>,
  spansPerSpanset: number,
): Promise<FoundTrace | undefined> {
  const rows = await rowsOf(context, query.segments, traceId);
  const summary = await summarise(query, rows);
  if (summary === undefined || summary.startNs > range.endNs || summary.endNs < range.startNs) return undefined;
  const matching = rows.flatMap(({ segment, from }) => {
    const predicate = matches.get(segment.id);
    if (predicate === undefined || predicate.constant === false) return [];
    const traces = ` where trace_id = ${traceId}::uhugeint`;
    return [{ segment, from: `${from} and ${predicate.text({ rows: traces, traces })}` }];
  });
  if (matching.length === 0) return undefined;
  const [{ matched }] = await query.sql.rows(
    `select count(*) as matched from (${matching.map(({ from }) => `select 1 from ${from}`).join(' union all ')})`,
  );
  if (matched === 0n) return undefined;
  const first = matching.map(({ from }) => `select s.row_id, s.start_ns from ${from}`).join(' union all ');
  const shown = await query.sql.columns(
    `select row_id from (${first}) order by start_ns, row_id limit ${spansPerSpanset}`,
  );
  const { startNs, endNs, services, root } = summary;
  return {
    traceId,
    rootServiceName: root?.service ?? '',
    rootName: root?.name ?? '',
    startNs,
    durationNs: endNs - startNs,
    services,
    spansets: [
      { matched: Number(matched), attributes: [], spans: await readSpans(query, traceId, shown.row_id as bigint[]) },
    ],
  };
}

interface Rows {
  readonly segment: SegmentRef;
  readonly from: string;
}

async function rowsOf(context: QueryContext, segments: readonly SegmentRef[], traceId: bigint): Promise<Rows[]> {
  const rows: Rows[] = [];
  for (const segment of segments) {
    const once = await withoutCopies(context, segment);
    const table = segmentTable('spans', segment.id);
    rows.push({ segment, from: `${table} s where s.trace_id = ${traceId}::uhugeint and ${once}` });
  }
  return rows;
}

async function summarise({ sql }: TraceQuery, rows: readonly Rows[]) {
  const columns = 's.service, s.status, s.name, s.start_ns, s.duration_ns, s.parent_span_id, s.row_id';
  const spans = rows.map(({ from }) => `select ${columns} from ${from}`).join(' union all ');
  const c = await sql.columns(
    `select service, count(*) as n, count(*) filter (where status = 2) as failed, min(start_ns) filter (where start_ns > 0) as low,
       max(start_ns + duration_ns) as high from (${spans}) group by service order by service`,
  );
  if ((c.n?.length ?? 0) === 0) return undefined;
  const [root] = await sql.rows(
    `select name, service from (${spans}) where parent_span_id = 0 order by start_ns desc, row_id desc limit 1`,
  );
  const services = (c.service as string[]).map((name, i) => ({
    name,
    spanCount: Number(c.n[i]),
    errorCount: Number(c.failed[i]),
  }));
  const lows = (c.low as (bigint | null)[]).filter(low => low !== null);
  const startNs = lows.reduce((least, low) => (low < least ? low : least), lows[0] ?? 0n);
  const endNs = (c.high as bigint[]).reduce((most, high) => (high > most ? high : most), startNs);
  return { services, startNs, endNs, root: root as { name: string; service: string } | undefined };
}

async function readSpans(
  query: TraceQuery,
  traceId: bigint,
  rowIds: readonly bigint[],
): Promise<FoundTrace['spansets'][number]['spans']> {
  if (rowIds.length === 0) return [];
  const plan = { sql: query.sql, segments: query.segments, needs: query.needs, filters: new Map() };
  const spans = (await loadTraces(plan, [traceId], new Set(rowIds))).get(traceId)?.spans ?? [];
  const namesWanted = query.fields.some(f => f.type === 'intrinsic' && f.name === 'name');
  const attributes = await loadReplySpans(
    query,
    spans,
    query.fields.filter(field => !needsWholeTrace(field)),
  );
  return spans.map(span => ({
    spanId: span.columns.spanId,
    startNs: span.columns.startNs,
    durationNs: span.columns.durationNs,
    name: namesWanted ? span.columns.name : undefined,
    attributes: attributes.get(span) ?? [],
  }));
}

function needsWholeTrace(field: Field): boolean {
  if (field.type === 'attribute') return field.scope === 'baggage';
  return /^(?:root|nestedSet|traceDuration$|span:childCount$)/.test(field.name);
}
