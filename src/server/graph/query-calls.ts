import type { CallExemplar, CallsAnswer, CallsWindow, EdgeName, GraphBaseline } from '#domain/api/graph-api.ts';
import type { NodeKind } from '#domain/graph/service-graph.ts';
import { durationRowSql } from '#server/latency/duration-row-sql.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { answering } from '#server/tempo/search.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { hex } from '#server/traceql/trace-data.ts';
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
    const counted = await countedRange(context, args);
    const rows = counted === undefined ? undefined : rowsOf(counted, args);
    const now = await windowFigures(counted, rows, args);
    const operations = await operationsOf(counted, rows);
    const exemplars = await exemplarsOf(counted, rows, now);
    if (args.compare === undefined) return { now, ...operations, exemplars };
    const earlier = baselineOf(args, args.compare);
    const other = await countedRange(context, earlier);
    const before = await windowFigures(other, other === undefined ? undefined : rowsOf(other, earlier), earlier);
    return { now, before, ...operations, exemplars };
  });
}

/** `chosen_calls`: start_ns, duration_ns, failed, trace_id and row_id of the span. */
function rowsOf({ sql, ctes }: CountedRange, { of }: CallsArgs): string {
  const columns = 'start_ns, duration_ns, failed, trace_id, row_id';
  const from =
    'edge' in of
      ? `(from answered_calls union all from peer_calls) where ${edgeCondition(sql, of.edge)}`
      : 'service' in of
        ? `requests where service = ${sql.text(of.service)}`
        : `peer_calls where callee = ${sql.text(of.peer)} and callee_kind = ${sql.text(of.kind)}`;
  return `with ${ctes}, chosen_calls as materialized (select ${columns} from ${from})`;
}

async function windowFigures(
  counted: CountedRange | undefined,
  rows: string | undefined,
  window: CallsArgs,
): Promise<CallsWindow> {
  const stepNs = Number(window.endNs - window.startNs) / COLUMNS;
  const empty = { calls: 0, errors: 0, p50Ns: 0, p95Ns: 0, p99Ns: 0, stepNs, series: emptySeries() };
  const histogram = { firstBucket: 0, counts: [] };
  if (counted === undefined || rows === undefined) return { ...windowOf(window), ...empty, histogram };
  const c = await counted.sql.columns(`${rows}
    select grouping_id(place, bucket) as depth, place, bucket, count(*) as n, count(*) filter (where failed) as errors,
      quantile_disc(duration_ns, [0.5, 0.95, 0.99]) as quantiles
    from (select duration_ns, failed, ${columnSql(window)} as place,
      ${durationRowSql('greatest(duration_ns, 1)')}::integer as bucket from chosen_calls)
    group by grouping sets ((), (place), (bucket))`);
  let figures = empty;
  const buckets = new Map<number, number>();
  for (const [i, level] of ((c.depth ?? []) as (number | bigint)[]).entries()) {
    const [calls, errors] = [Number(c.n[i]), Number(c.errors[i])];
    const [p50Ns, p95Ns, p99Ns] = ((c.quantiles[i] as readonly bigint[] | null) ?? [0n, 0n, 0n]).map(Number);
    if (Number(level) === 3) figures = { ...figures, calls, errors, p50Ns, p95Ns, p99Ns };
    else if (Number(level) === 1) {
      const at = c.place[i] as number;
      empty.series.calls[at] = calls;
      empty.series.errors[at] = errors;
      empty.series.p95Ns[at] = p95Ns;
    } else buckets.set(c.bucket[i] as number, calls);
  }
  return { ...windowOf(window), ...figures, histogram: histogramOf(buckets) };
}

function histogramOf(buckets: ReadonlyMap<number, number>): CallsWindow['histogram'] {
  if (buckets.size === 0) return { firstBucket: 0, counts: [] };
  const sorted = [...buckets.keys()].sort((a, b) => a - b);
  const firstBucket = sorted[0];
  const counts = new Array<number>(sorted[sorted.length - 1] - firstBucket + 1).fill(0);
  for (const [bucket, count] of buckets) counts[bucket - firstBucket] = count;
  return { firstBucket, counts };
}

async function operationsOf(counted: CountedRange | undefined, rows: string | undefined) {
  if (counted === undefined || rows === undefined) return { operations: [], otherOperations: 0 };
  const names = counted.range.segments
    .map(
      ({ id }) =>
        `select row_id, name from ${segmentTable('spans', id)} where row_id in (select row_id from chosen_calls)`,
    )
    .join(' union all ');
  const c = await counted.sql.columns(`${rows}
    select name, count(*) as n, count(*) filter (where failed) as errors, quantile_disc(duration_ns, 0.95) as p95,
      count(*) over () as operations
    from chosen_calls join (${names}) using (row_id) group by name order by n desc, name limit ${MAX_OPERATIONS}`);
  const operations = ((c.name ?? []) as string[]).map((name, i) => ({
    name,
    calls: Number(c.n[i]),
    errors: Number(c.errors[i]),
    p95Ns: Number(c.p95[i]),
  }));
  return { operations, otherOperations: Number(c.operations?.[0] ?? 0) - operations.length };
}

/** The slowest, those that failed last, and those nearest to the median; a trace stands once. */
async function exemplarsOf(
  counted: CountedRange | undefined,
  rows: string | undefined,
  { p50Ns }: CallsWindow,
): Promise<readonly CallExemplar[]> {
  if (counted === undefined || rows === undefined) return [];
  const first = (why: string, where: string, order: string) =>
    `(select '${why}' as why, * from chosen_calls where ${where} order by ${order}, trace_id limit ${2 * EXEMPLARS})`;
  const c = await counted.sql.columns(`${rows}
    ${first('slowest', 'true', 'duration_ns desc')} union all ${first('failing', 'failed', 'start_ns desc')}
    union all ${first('typical', 'not failed', `abs(duration_ns - ${Math.round(p50Ns)})`)}`);
  const shown = new Set<unknown>();
  const left = { slowest: EXEMPLARS, failing: EXEMPLARS, typical: EXEMPLARS };
  return ((c.why ?? []) as CallExemplar['why'][]).flatMap((why, i): CallExemplar[] => {
    const traceId = c.trace_id[i] as bigint;
    if (shown.has(traceId) || left[why] === 0) return [];
    shown.add(traceId);
    left[why]--;
    const [startUnixNano, durationNs] = [String(c.start_ns[i]), Number(c.duration_ns[i])];
    return [{ why, traceId: hex(traceId, 32), startUnixNano, durationNs, failed: c.failed[i] as boolean }];
  });
}
