import type { CellTrace, CellTraces } from '#domain/api/latency-api.ts';
import { hex } from '#domain/traceql/run/trace-data.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { answering } from '#server/tempo/search.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { coversOf } from './covers.ts';
import { type LatencyArgs, latencyUnits } from './units.ts';

/** [fromNs, toNs) unix × [minNs, maxNs) of duration; undefined is open. */
export interface BoxArgs extends LatencyArgs {
  readonly box: {
    readonly fromNs: bigint | undefined;
    readonly toNs: bigint | undefined;
    readonly minNs: bigint | undefined;
    readonly maxNs: bigint | undefined;
  };
}

/** The slowest, the median and the newest of what lies in a box. */
export async function cellTraces(context: QueryContext, args: BoxArgs): Promise<Answer<CellTraces>> {
  return answering(async () => {
    const units = await latencyUnits(context, withinBox(args));
    const { sql, relation, count, errors, estimated } = units;
    const basis = { of: args.of, covers: coversOf(args.of, estimated), estimated };
    const nothing = { ...basis, observed: 0, count: 0, errors: 0 };
    if (relation === undefined) return nothing;
    const boxed = `${relation} u where ${durationCondition(args.box)}`;
    const [row] = await sql.rows(
      `select count(*) as seen, ${count} as n, ${errors} as e, max(duration_ns) as slowest,
         quantile_disc(duration_ns, 0.5) as median, max(start_ns) as newest from ${boxed}`,
    );
    if (row === undefined || row.slowest === null) return nothing;
    const one = async (condition: string): Promise<CellTrace> => {
      const [found] = await sql.rows(
        `select trace_id, span_id, start_ns, duration_ns, failed, service, name from ${boxed} and ${condition}
         order by start_ns desc, span_id limit 1`,
      );
      return {
        traceId: hex(found.trace_id as bigint, 32),
        spanId: hex(found.span_id as bigint, 16),
        startUnixNano: String(found.start_ns),
        durationNs: Number(found.duration_ns),
        isError: found.failed as boolean,
        service: found.service as string,
        name: found.name as string,
      };
    };
    return {
      ...basis,
      observed: Number(row.seen),
      count: Number(row.n),
      errors: Number(row.e),
      slowest: await one(`duration_ns = ${row.slowest}`),
      median: await one(`duration_ns = ${row.median}`),
      newest: await one(`start_ns = ${row.newest}`),
    };
  });
}

/** The range cut down to the box. */
export function withinBox({ box, ...args }: BoxArgs): LatencyArgs {
  const startNs = box.fromNs !== undefined && box.fromNs > args.startNs ? box.fromNs : args.startNs;
  const endNs = box.toNs !== undefined && box.toNs < args.endNs ? box.toNs : args.endNs;
  return { ...args, startNs, endNs: endNs > startNs ? endNs : startNs };
}

export function durationCondition({ minNs, maxNs }: BoxArgs['box']): string {
  const bounds = [
    ...(minNs === undefined ? [] : [`duration_ns >= ${minNs}`]),
    ...(maxNs === undefined ? [] : [`duration_ns < ${maxNs}`]),
  ];
  return bounds.length === 0 ? 'true' : bounds.join(' and ');
}
