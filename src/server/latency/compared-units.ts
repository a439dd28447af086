import type { DifferenceGroup, LatencyUnit } from '#domain/api/latency-api.ts';
import type { LatencyUnits } from './units.ts';

/** The units of one group that are compared, by the spans whose attributes count. */
export interface ComparedUnits extends DifferenceGroup {
  /** Received, unweighted. */
  readonly observed: number;
  /** Row ids of the spans, ascending over the whole store, and the unit of each, from 0 on. */
  readonly rowIds: readonly bigint[];
  readonly units: readonly number[];
}

/** About so many units of a group are compared; their traces are chosen by a hash of the trace id. */
const MAX_COMPARED: Readonly<Record<LatencyUnit, number>> = { spans: 5_000, traces: 1_000 };

const TWO_TO_64 = 2n ** 64n;
const PARTS = 1_000_000_000n;

/**
 * Chooses what to compare among the units that fulfil a condition. Spans of one trace share causes, so that one of them, by a
 * hash of its id, stands for all; of a trace every matching span counts.
 */
export async function comparedUnits(
  { sql, relation, count, matching }: LatencyUnits,
  of: LatencyUnit,
  condition: string,
): Promise<ComparedUnits> {
  const nothing = { count: 0, observed: 0, compared: 0, rowIds: [], units: [] };
  if (relation === undefined) return nothing;
  // Of the ids themselves (UHUGEINT) DuckDB estimates a third too many.
  const [row] = await sql.rows(
    `select ${count} as n, count(*) as seen, approx_count_distinct(hash(trace_id)) as traces from ${relation} u where ${condition}`,
  );
  const traces = Number(row?.traces ?? 0);
  if (traces === 0) return nothing;
  const part = Math.min(1, MAX_COMPARED[of] / traces);
  const highest = part === 1 ? TWO_TO_64 - 1n : (TWO_TO_64 * BigInt(Math.floor(part * Number(PARTS)))) / PARTS;
  const chosen = `from ${relation} u where ${condition} and hash(trace_id) <= ${highest}::ubigint`;
  const spans = matching.map(({ rows }) => `select s.row_id, s.trace_id from ${rows}`).join(' union all ');
  const c = await sql.columns(
    of === 'spans'
      ? `select trace_id, arg_min(row_id, hash(span_id)) as row_id ${chosen} group by trace_id`
      : `with chosen as materialized (select trace_id ${chosen})
         select m.trace_id, m.row_id from (${spans}) m join chosen c on c.trace_id = m.trace_id`,
  );
  const places = new Map<unknown, number>();
  const units = (c.trace_id ?? []).map(trace => {
    const place = places.get(trace) ?? places.size;
    places.set(trace, place);
    return place;
  });
  return {
    count: Number(row?.n ?? 0),
    observed: Number(row?.seen ?? 0),
    compared: places.size,
    rowIds: (c.row_id ?? []) as bigint[],
    units,
  };
}
