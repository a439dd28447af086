import { SpanKind } from '#domain/trace/trace-table.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import type { GraphRange } from './graph-range.ts';

/** What is known of one segment, up to the row that was looked at last. */
interface Known {
  readonly throughRow: bigint;
  readonly shares: boolean;
}

const MEMORY_KEY = 'shared-ids';

/**
 * Whether two spans of the range carry one id, as the halves of a call do in Zipkin. Each row is looked at once; telling
 * them apart in every query would cost a quarter of it.
 */
export async function holdsSharedIds(context: QueryContext, { segments }: GraphRange): Promise<boolean> {
  for (const segment of segments) if (await shares(context, segment)) return true;
  return false;
}

async function shares(context: QueryContext, segment: SegmentRef): Promise<boolean> {
  const all = (context.memory.get(MEMORY_KEY) ?? new Map()) as Map<number, Known>;
  context.memory.set(MEMORY_KEY, all);
  const before = all.get(segment.id);
  if (before?.shares) return true;
  const seen = before?.throughRow ?? -1n;
  const table = segmentTable('spans', segment.id);
  const [fresh] = await context.rows(
    `select max(row_id) as through, min(start_ns) as low, max(start_ns + duration_ns) as high from ${table} where row_id > ${seen}`,
  );
  if (fresh?.through === null || fresh?.through === undefined) return false;
  const [low, high, throughRow] = [fresh.low, fresh.high, fresh.through] as [bigint, bigint, bigint];
  // Halves overlap in time, up to the skew of their clocks; they may lie in neighbouring segments.
  const between = `start_ns + duration_ns >= ${low - SKEW_NS} and start_ns <= ${high + SKEW_NS}`;
  const pool = context
    .segments(low - SKEW_NS, high + SKEW_NS)
    .map(
      ({ id }) =>
        `select row_id, trace_id, span_id, kind, service, start_ns from ${segmentTable('spans', id)} where ${between}`,
    )
    .join(' union all ');
  // Not so of redelivered copies.
  const differ = ['kind', 'service', 'start_ns'].map(column => `min(${column}) <> max(${column})`).join(' or ');
  const found = await context.rows(
    `select 1 from (${pool}) group by hash(trace_id, span_id) having max(row_id) > ${seen} and (${differ}) limit 1`,
  );
  all.set(segment.id, { throughRow, shares: found.length > 0 });
  return found.length > 0;
}

const SKEW_NS = 60_000_000_000n;

export interface SharedIdsSql {
  /** Need `pool`. */
  readonly ctes: readonly string[];
  /** The spans of `pool` among which children and parents are looked for. */
  readonly children: string;
  readonly parents: string;
  /** `from` clause: server halves `c` and the client halves `p` that share their id. */
  readonly halves: string;
}

/**
 * For ids that several spans carry: a server half hangs from its client half, and children from the server half; of other
 * spans with one id the earliest is the parent. As `linkParents` (`#domain/trace`) has it.
 */
export function sharedIdsSql(): SharedIdsSql {
  const { client, server } = SpanKind;
  const first = (kind: number) => `arg_min(row_id, (start_ns, -duration_ns)) filter (where kind = ${kind})`;
  return {
    ctes: [
      `shared as materialized (
         select trace_id, span_id, ${first(client)} as client_row, ${first(server)} as server_row,
           arg_min(row_id, (start_ns, -duration_ns)) as first_row
         from pool where span_id <> 0 group by trace_id, span_id having count(*) > 1)`,
      `demoted as materialized (
         select s.row_id from pool s join shared h on h.trace_id = s.trace_id and h.span_id = s.span_id
         where s.row_id <> case when h.client_row is not null and h.server_row is not null then h.server_row else h.first_row end)`,
      `server_halves as materialized (
         select s.row_id, h.client_row from pool s join shared h on h.trace_id = s.trace_id and h.span_id = s.span_id
         where s.kind = ${server} and h.client_row is not null)`,
    ],
    children: '(from pool where row_id not in (select row_id from server_halves))',
    parents: '(from pool where row_id not in (select row_id from demoted))',
    halves: 'server_halves h join pool c on c.row_id = h.row_id join pool p on p.row_id = h.client_row',
  };
}
