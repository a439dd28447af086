import type { CallExemplar, CallsAnswer, CallsWindow, EdgeName, GraphBaseline } from '#domain/api/graph-api.ts';
import type { NodeKind } from '#domain/graph/service-graph.ts';
import { hex } from '#domain/traceql/run/trace-data.ts';
import { durationRowSql } from '#server/latency/duration-row-sql.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { answering } from '#server/tempo/search.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { type CountedRange, countedRange, type RangeArgs } from './counted-range.ts';
import { COLUMNS, columnSql, edgeCondition, emptySeries } from './edge-series.ts';
import { baselineOf, windowOf } from './query-graph.ts';

export interface CallsArgs extends RangeArgs {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly compare: GraphBaseline | undefined;
  readonly of:
    | { readonly edge: EdgeName }
    | { readonly service: string }
    | { readonly peer: string; readonly kind: NodeKind };
}

const MAX_OPERATIONS = 20;
const EXEMPLARS = 3;

/** What an edge or a node of the graph is made of: latency, course, operations, and traces to look at. */
export async function graphCalls(context: QueryContext, args: CallsArgs): Promise<Answer<CallsAnswer>> {
  return answering(async () => {
    const { window: now, ...made } = await callsIn(context, args, true);
    if (args.compare === undefined) return { now, ...made };
    const { window: before } = await callsIn(context, baselineOf(args, args.compare), false);
    return { now, before, ...made };
  });
}

interface Made extends Pick<CallsAnswer, 'operations' | 'otherOperations' | 'exemplars'> {
  readonly window: CallsWindow;
}

type Columns = Record<string, unknown[]>;

/** One statement, so that the calls are joined once: rows of several kinds. Figures alone unless `isWhole`. */
async function callsIn(context: QueryContext, args: CallsArgs, isWhole: boolean): Promise<Made> {
  const counted = await countedRange(context, args, 'edge' in args.of ? args.of.edge.from : undefined);
  if (counted === undefined) {
    return { window: windowOfRows({}, args), operations: [], otherOperations: 0, exemplars: [] };
  }
  const parts = [figuresSql(args), ...(isWhole ? [operationsSql(counted), ...EXEMPLARS_SQL] : [])];
  const columns = await counted.sql.columns(`${callsOf(counted, args)} ${parts.join(' union all by name ')}`);
  return { window: windowOfRows(columns, args), ...operationsOf(columns), exemplars: exemplarsOf(columns) };
}

/** `chosen_calls`: start_ns, duration_ns, failed, trace_id and row_id of the span. */
function callsOf({ sql, ctes }: CountedRange, { of }: CallsArgs): string {
  const columns = 'start_ns, duration_ns, failed, trace_id, row_id';
  const from =
    'edge' in of
      ? `(from answered_calls union all from peer_calls) where ${edgeCondition(sql, of.edge)}`
      : 'service' in of
        ? `requests where service = ${sql.text(of.service)}`
        : `peer_calls where callee = ${sql.text(of.peer)} and callee_kind = ${sql.text(of.kind)}`;
  return `with ${ctes}, chosen_calls as materialized (select ${columns} from ${from})`;
}

const COUNTS = 'count(*) as n, count(*) filter (where failed) as errors';

function figuresSql(window: CallsArgs): string {
  return `select 'figures' as what, grouping_id(place, bucket) as depth, place, bucket, ${COUNTS},
      quantile_disc(duration_ns, [0.5, 0.95, 0.99]) as quantiles
    from (select duration_ns, failed, ${columnSql(window)} as place,
      ${durationRowSql('greatest(duration_ns, 1)')}::integer as bucket from chosen_calls)
    group by grouping sets ((), (place), (bucket))`;
}

function operationsSql({ range }: CountedRange): string {
  const rows = 'row_id in (select row_id from chosen_calls)';
  const names = range.segments.map(({ id }) => `select row_id, name from ${segmentTable('spans', id)} where ${rows}`);
  return `(select 'operation' as what, name, ${COUNTS}, quantile_disc(duration_ns, [0.95]) as quantiles,
      count(*) over () as operations
    from chosen_calls join (${names.join(' union all ')}) using (row_id)
    group by name order by n desc, name limit ${MAX_OPERATIONS})`;
}

const EXEMPLARS_SQL = [
  exemplarSql('slowest', 'true', 'duration_ns desc'),
  exemplarSql('failing', 'failed', 'start_ns desc'),
  exemplarSql('typical', 'not failed', 'abs(duration_ns - (select quantile_disc(duration_ns, 0.5) from chosen_calls))'),
];

function exemplarSql(why: CallExemplar['why'], where: string, order: string): string {
  return `(select '${why}' as what, trace_id, start_ns, duration_ns, failed from chosen_calls
    where ${where} order by ${order}, trace_id limit ${2 * EXEMPLARS})`;
}

/** Numbers of the rows of one kind. */
function rowsOf({ what }: Columns, kind: string): readonly number[] {
  return [...(what?.entries() ?? [])].filter(([, value]) => value === kind).map(([i]) => i);
}

function quantilesOf(c: Columns, row: number): readonly number[] {
  return ((c.quantiles[row] as readonly bigint[] | null) ?? [0n, 0n, 0n]).map(Number);
}

function windowOfRows(c: Columns, window: CallsArgs): CallsWindow {
  const stepNs = Number(window.endNs - window.startNs) / COLUMNS;
  const series = emptySeries();
  let figures = { calls: 0, errors: 0, p50Ns: 0, p95Ns: 0, p99Ns: 0 };
  const buckets = new Map<number, number>();
  for (const i of rowsOf(c, 'figures')) {
    const [calls, errors, level] = [Number(c.n[i]), Number(c.errors[i]), Number(c.depth[i])];
    const [p50Ns, p95Ns, p99Ns] = quantilesOf(c, i);
    if (level === 3) figures = { calls, errors, p50Ns, p95Ns, p99Ns };
    else if (level === 1) {
      const at = c.place[i] as number;
      series.calls[at] = calls;
      series.errors[at] = errors;
      series.p95Ns[at] = p95Ns;
    } else buckets.set(c.bucket[i] as number, calls);
  }
  return { ...windowOf(window), ...figures, stepNs, series, histogram: histogramOf(buckets) };
}

function histogramOf(buckets: ReadonlyMap<number, number>): CallsWindow['histogram'] {
  if (buckets.size === 0) return { firstBucket: 0, counts: [] };
  const sorted = [...buckets.keys()].sort((a, b) => a - b);
  const firstBucket = sorted[0];
  const counts = new Array<number>(sorted[sorted.length - 1] - firstBucket + 1).fill(0);
  for (const [bucket, count] of buckets) counts[bucket - firstBucket] = count;
  return { firstBucket, counts };
}

function operationsOf(c: Columns): Pick<CallsAnswer, 'operations' | 'otherOperations'> {
  const rows = rowsOf(c, 'operation');
  const operations = rows.map(i => ({
    name: c.name[i] as string,
    calls: Number(c.n[i]),
    errors: Number(c.errors[i]),
    p95Ns: quantilesOf(c, i)[0],
  }));
  return { operations, otherOperations: rows.length === 0 ? 0 : Number(c.operations[rows[0]]) - rows.length };
}

/** The slowest, those that failed last, and those nearest to the median; a trace stands once. */
function exemplarsOf(c: Columns): readonly CallExemplar[] {
  const shown = new Set<unknown>();
  return (['slowest', 'failing', 'typical'] as const).flatMap(why => {
    const fresh = rowsOf(c, why).filter(i => {
      if (shown.has(c.trace_id[i])) return false;
      shown.add(c.trace_id[i]);
      return true;
    });
    // Those beyond the first few may be another kind's.
    for (const i of fresh.slice(EXEMPLARS)) shown.delete(c.trace_id[i]);
    return fresh.slice(0, EXEMPLARS).map(
      (i): CallExemplar => ({
        why,
        traceId: hex(c.trace_id[i] as bigint, 32),
        startUnixNano: String(c.start_ns[i]),
        durationNs: Number(c.duration_ns[i]),
        failed: c.failed[i] as boolean,
      }),
    );
  });
}
