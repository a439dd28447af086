import type { RedSeries } from '#domain/api/latency-api.ts';
import { type ColumnGrid, columnGrid, describeGrid } from '#domain/latency/time-columns.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { answering } from '#server/tempo/search.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { coversOf } from './covers.ts';
import { type ColumnsArgs, columnSql } from './heatmap.ts';
import { findVersionMarks } from './service-versions.ts';
import { type LatencyUnits, latencyUnits } from './units.ts';

/** Rate, errors and quantiles of the durations per column of time, and when services changed their version. */
export async function red(context: QueryContext, args: ColumnsArgs): Promise<Answer<RedSeries>> {
  return answering(async () => {
    const grid = columnGrid(args.startNs, args.endNs, args.columns);
    const units = await latencyUnits(context, args);
    const { observed, ...series } = await countColumns(units, grid);
    const covers = coversOf(args.of, units.estimated);
    return {
      ...describeGrid(grid),
      ...series,
      versions: await findVersionMarks(units, grid),
      of: args.of,
      covers: series.quantiles === 'sampled' ? `${covers}; quantiles of ${sampleText(observed)}` : covers,
      estimated: units.estimated,
      observed,
    };
  });
}

function sampleText(observed: number): string {
  return `one in ${sampledPart(observed)}`;
}

/** Quantiles of more units are those of a sample of about so many. */
const MAX_RANKED = 1_000_000;

/** One in so many is ranked: a power of two. */
function sampledPart(units: number): number {
  return units <= MAX_RANKED ? 1 : 2 ** Math.ceil(Math.log2(units / MAX_RANKED));
}

type Counted = Pick<RedSeries, 'counts' | 'errors' | 'p50Ns' | 'p95Ns' | 'p99Ns' | 'quantiles' | 'observed'>;

async function countColumns({ sql, relation, estimated }: LatencyUnits, grid: ColumnGrid): Promise<Counted> {
  const series = () => new Array<number>(grid.columns).fill(0);
  const [counts, errors] = [series(), series()];
  const empty = () => new Array<number>(grid.columns).fill(-1);
  const [p50Ns, p95Ns, p99Ns] = [empty(), empty(), empty()];
  if (relation === undefined) return { counts, errors, p50Ns, p95Ns, p99Ns, quantiles: 'exact', observed: 0 };
  const [row] = await sql.rows(`select count(*) as n from ${relation}`);
  const observed = Number(row?.n ?? 0);
  const part = sampledPart(observed);
  const c = await sql.columns(estimated ? weightedSql(relation, grid) : plainSql(relation, grid, part));
  ((c.t ?? []) as number[]).forEach((column, i) => {
    counts[column] = Number(c.n[i]);
    errors[column] = Number(c.e[i]);
    const quantiles = c.q[i] as readonly bigint[] | null;
    if (quantiles === null) return;
    [p50Ns[column], p95Ns[column], p99Ns[column]] = quantiles.map(Number);
  });
  return { counts, errors, p50Ns, p95Ns, p99Ns, quantiles: part === 1 ? 'exact' : 'sampled', observed };
}

function plainSql(relation: string, grid: ColumnGrid, part: number): string {
  // By hash: every so-manieth row would always be the same place in the traces. Row ids are cheaper to read than span ids.
  const some = part === 1 ? '' : ` filter (hash(row_id) & ${part - 1} = 0)`;
  return `select ${columnSql(grid)} as t, count(*) as n, count(*) filter (failed) as e,
    quantile_disc(duration_ns, [0.5, 0.95, 0.99])${some} as q from ${relation} group by t`;
}

/** The value at which the weights add up to the part of their sum. */
function weightedSql(relation: string, grid: ColumnGrid): string {
  const at = (part: number) => `min(duration_ns) filter (below >= ${part} * total)`;
  const ranked = `select ${columnSql(grid)} as t, duration_ns, failed, weight,
      sum(weight) over (partition by t order by duration_ns, span_id rows unbounded preceding) as below,
      sum(weight) over (partition by t) as total from ${relation}`;
  return `select t, sum(weight) as n, coalesce(sum(weight) filter (failed), 0) as e, [${at(0.5)}, ${at(0.95)}, ${at(0.99)}] as q
    from (${ranked}) group by t`;
}
