import { SpanKind } from '#domain/trace/trace-table.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { withoutCopies } from '#server/tempo/copies.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';
import type { GraphRange } from './graph-range.ts';
import { ASKS, FAILED, OF_BOTH, pairsSql, SPAN_COLUMNS, type SpansSql, TAKES } from './pairs-sql.ts';
import { idColumns, namesSql, saidKeys, sayingSpans, textsSql } from './peers-sql.ts';
import { holdsSharedIds, sharedIdsSql } from './shared-ids.ts';

const { consumer, producer } = SpanKind;

/**
 * The calls of a range as common table expressions, to stand after `with`. The rules are those of `countCalls`
 * (`#domain/graph/count-calls.ts`), which a test holds beside this. Tables for what follows:
 *
 *     answered_calls, peer_calls
 *               caller, callee, callee_kind, callee_system, is_async, destination, failed, start_ns, duration_ns, queue_ns,
 *               client_only, trace_id, row_id of the span whose duration it is; both together are all calls
 *     requests  service, failed, start_ns, duration_ns, trace_id, row_id
 *     lonely    service, unnamed (the call says not whom; otherwise the caller is unknown), spans: how many of them
 *
 * `traces` is a select of the trace ids to count; undefined for all. With `caller` only the calls out of that service are
 * whole: the tables are small then, and `requests` and `lonely` are of no use. `sql` takes the parameters.
 */
export async function callsSql(
  context: QueryContext,
  sql: SqlBuilder,
  range: GraphRange,
  { traces, caller }: { readonly traces: string | undefined; readonly caller: string | undefined },
): Promise<string> {
  const { startNs, endNs, fromNs, toNs, segments } = range;
  const inRange = (column: string) => `${column} >= ${startNs} and ${column} < ${endNs}`;
  const chosen = traces === undefined ? '' : ' and s.trace_id in (select trace_id from chosen)';
  const from = (table: string) => (caller === undefined ? '' : ` and ${table}.service = ${sql.text(caller)}`);
  const said = await saidKeys(sql, segments);
  const ids = idColumns(said);
  const unanswered: string[] = [];
  const producers: string[] = [];
  const links: string[] = [];
  const parts: SpansSql[] = [];
  const copies = new Map<SegmentRef, string>();
  for (const segment of segments) copies.set(segment, await withoutCopies(context, segment));
  const shared = (await holdsSharedIds(context, range)) ? sharedIdsSql() : undefined;
  // Otherwise the parent is one of several spans, which may lie in several segments.
  const isPlain = shared === undefined && [...copies.values()].every(condition => condition === 'true');
  for (const keys of said) {
    const { id, hasParents } = keys.segment;
    const knowParents = isPlain && hasParents;
    const once = `${copies.get(keys.segment)}${chosen}`;
    const near = `s.start_ns >= ${fromNs} and s.start_ns < ${toNs} and ${once}`;
    const spans = `${segmentTable('spans', id)} s`;
    parts.push({ spans, where: near, knowParents });
    links.push(`select distinct row_id, trace_id, span_id from ${segmentTable('links', id)} where span_id <> 0`);
    const waiting = `s.kind in ${ASKS} and ${inRange('s.start_ns')} and ${once}${from('s')}`;
    unanswered.push(
      ...sayingSpans(
        sql,
        'unanswered',
        keys,
        ids,
        SPAN_COLUMNS,
        `${spans} anti join ${knowParents ? 'answered_afar' : 'answered'} a on a.p_row = s.row_id
         where ${waiting}${knowParents ? ' and not s.is_answered' : ''}`,
      ),
    );
    producers.push(
      ...sayingSpans(
        sql,
        'producers',
        keys,
        ids,
        ['row_id'],
        `${spans} where s.kind = ${producer} and ${near}${from('s')}`,
      ),
    );
  }
  const isAsync = `(p_kind = ${producer} or c_kind = ${consumer})`;
  const keyColumns = ['seg', 'is_producer', ...ids];
  const key = keyColumns.join(', ');
  const same = keyColumns.map(column => `n.${column} = s.${column}`).join(' and ');
  // What says nothing of a peer names nobody.
  const says = ['false', ...ids.map(id => `s.${id} <> -1`)].join(' or ');
  const ctes = [
    ...(traces === undefined ? [] : [`chosen as materialized (${traces})`]),
    ...pairsSql(parts, shared, caller === undefined ? undefined : sql.text(caller)),
    `linked as materialized (
       select ${OF_BOTH}, c.trace_id = p.trace_id and c.parent_span_id = p.span_id as is_pair
       from (${links.join(' union all ')}) l join pool c on c.row_id = l.row_id
       join pool p on p.trace_id = l.trace_id and p.span_id = l.span_id and p.kind = ${producer}${from('p')})`,
    answeredSql('answered', 'met'),
    ...(parts.some(({ knowParents }) => knowParents) ? [answeredSql('answered_afar', 'far')] : []),
    ...said.map(keys => textsSql(sql, keys)),
    ...unanswered,
    ...producers,
    ...['unanswered', 'producers'].map(
      table => `${table} as not materialized (${segments.map(({ id }) => `from ${table}_${id}`).join(' union all ')})`,
    ),
    ...namesSql(said, ids, ['unanswered', 'producers'].map(table => `select ${key} from ${table}`).join(' union all ')),
    `answered_calls as not materialized (
       select caller, callee, 'service' as callee_kind, '' as callee_system, ${isAsync} as is_async, destination,
         c_failed or p_failed as failed, start_ns, duration_ns,
         case when ${isAsync} then queue_ns end as queue_ns, false as client_only, trace_id, c_row as row_id
       from (
         select *, '' as destination from pairs where is_call and p_kind <> ${producer}
         union all
         select b.*, coalesce(d.destination, '') from (
           select * from pairs where is_call and p_kind = ${producer}
           union all select * exclude (is_pair) from linked where not is_pair) b
         left join (select s.row_id, n.destination from producers s join names n on ${same}) d on d.row_id = b.p_row)
       where ${inRange('start_ns')})`,
    `peer_calls as not materialized (
       select s.service as caller, n.name as callee, n.kind as callee_kind, n.system as callee_system, s.is_producer as is_async,
         case when s.is_producer then n.destination else '' end as destination, s.${FAILED} as failed, s.start_ns, s.duration_ns,
         null::bigint as queue_ns, n.client_only, s.trace_id, s.row_id
       from (from unanswered s where ${says}) s join names n on ${same} where n.name <> '')`,
    `requests as not materialized (
       select service, ${FAILED} as failed, start_ns, duration_ns, trace_id, row_id from pool
       where (kind in ${TAKES} or parent_span_id = 0) and ${inRange('start_ns')}
       union all
       select callee, c_failed, start_ns, duration_ns, trace_id, c_row from pairs
       where caller <> callee and c_kind not in ${TAKES} and not is_root and ${inRange('start_ns')})`,
    `lonely as not materialized (
       select s.service, true as unnamed, s.spans
       from (select service, ${key}, count(*) as spans from unanswered group by all) s join names n on ${same} where n.name = ''
       union all
       select callee, false, count(*) from far where caller is null and not is_root and ${inRange('start_ns')}
         and c_row not in (select c_row from linked) group by callee)`,
  ];
  return ctes.join(',\n');
}

/** p_row: clients and producers that are answered. */
function answeredSql(name: string, pairs: string): string {
  return `${name} as materialized (
    select p_row from ${pairs} where p_kind in ${ASKS} and (is_call or c_kind in ${ASKS})
    union all select p_row from linked
    -- Read once without a condition: DuckDB would put those of all readers together, and above the join, where they cost
    -- more than the join itself.
    union all select null from (select count(*) from ${pairs}))`;
}
