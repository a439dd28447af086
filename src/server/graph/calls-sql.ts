import { SpanKind, StatusCode } from '#domain/trace/trace-table.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { withoutCopies } from '#server/tempo/copies.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';
import type { GraphRange } from './graph-range.ts';
import { namedPeers } from './peers-sql.ts';
import { holdsSharedIds, sharedIdsSql } from './shared-ids.ts';

const { client, consumer, producer, server } = SpanKind;
const ASKS = `(${client}, ${producer})`;
const TAKES = `(${server}, ${consumer})`;

/**
 * The calls of a range as common table expressions, to stand after `with`. The rules are those of `countCalls`
 * (`#domain/graph/count-calls.ts`), which a test holds beside this. Tables for what follows:
 *
 *     calls     caller, callee, callee_kind, callee_system, is_async, destination, failed, start_ns, duration_ns, queue_ns,
 *               client_only, trace_id, name (of the span whose duration it is)
 *     requests  service, failed, start_ns, duration_ns, trace_id, name
 *     lonely    service, unnamed (the call says not whom; otherwise the caller is unknown)
 *
 * `traces` is a select of the trace ids to count; undefined for all. `sql` takes the parameters.
 */
export async function callsSql(
  context: QueryContext,
  sql: SqlBuilder,
  range: GraphRange,
  traces: string | undefined,
): Promise<string> {
  const { startNs, endNs, fromNs, toNs, segments } = range;
  const inRange = (column: string) => `${column} >= ${startNs} and ${column} < ${endNs}`;
  const chosen = traces === undefined ? '' : ' and s.trace_id in (select trace_id from chosen)';
  const rowsOf: string[] = [];
  const links: string[] = [];
  for (const segment of segments) {
    const condition = `s.start_ns >= ${fromNs} and s.start_ns < ${toNs} and ${await withoutCopies(context, segment)}${chosen}`;
    rowsOf.push(
      `select s.row_id, s.trace_id, s.span_id, s.parent_span_id, s.start_ns, s.duration_ns, s.service, s.kind, s.status, s.name
       from ${segmentTable('spans', segment.id)} s where ${condition}`,
    );
    links.push(
      `select distinct row_id, trace_id, span_id from ${segmentTable('links', segment.id)} where span_id <> 0`,
    );
  }
  const shared = (await holdsSharedIds(context, range)) ? sharedIdsSql() : undefined;
  const failed = `(c.status = ${StatusCode.error} or p.status = ${StatusCode.error})`;
  const callee = `c.row_id as c_row, p.row_id as p_row, c.service as callee, p.service as caller, c.kind as c_kind, p.kind as p_kind,
    c.start_ns, c.duration_ns, greatest(c.start_ns - p.start_ns - p.duration_ns, 0) as queue_ns, ${failed} as failed,
    c.trace_id, c.name, c.parent_span_id = 0 as is_root`;
  const joined = (from: string) => `select ${callee} from ${from}
     where c.service <> p.service or c.kind in ${TAKES} or (c.kind in ${ASKS} and p.kind in ${ASKS})`;
  const isCall = `(caller <> callee or (p_kind in ${ASKS} and c_kind in ${TAKES}))`;
  const ctes = [
    ...(traces === undefined ? [] : [`chosen as materialized (${traces})`]),
    `pool as not materialized (${rowsOf.join('\nunion all\n')})`,
    ...(shared?.ctes ?? []),
    // Spans of one service under one another are no calls and stay out, unless they tell which of them was answered.
    `pairs as materialized (${[
      joined(
        `pool c join pool p on c.trace_id = p.trace_id and c.parent_span_id = p.span_id and c.row_id <> p.row_id${shared?.onParent ?? ''}`,
      ),
      ...(shared === undefined ? [] : [joined(shared.halves)]),
    ].join('\nunion all\n')})`,
    `linked as materialized (
       select ${callee}, c.trace_id = p.trace_id and c.parent_span_id = p.span_id as is_pair
       from (${links.join(' union all ')}) l join pool c on c.row_id = l.row_id
       join pool p on p.trace_id = l.trace_id and p.span_id = l.span_id and p.kind = ${producer})`,
    `answered as materialized (
       select p_row from pairs where p_kind in ${ASKS} and (caller <> callee or c_kind in (${server}, ${consumer}, ${client}, ${producer}))
       union select p_row from linked)`,
    // Producers name the destination also of calls that were answered.
    ...(await namedPeers(
      sql,
      range,
      `s.kind in ${ASKS} and (s.kind = ${producer} or s.row_id not in (select p_row from answered))
        and s.start_ns >= ${fromNs} and s.start_ns < ${toNs}${chosen}`,
    )),
    `calls as materialized (
       select caller, callee, 'service' as callee_kind, '' as callee_system, p_kind = ${producer} or c_kind = ${consumer} as is_async,
         coalesce(d.destination, '') as destination, failed, start_ns, duration_ns,
         case when p_kind = ${producer} or c_kind = ${consumer} then queue_ns end as queue_ns, false as client_only, trace_id, b.name
       from (select * from pairs where ${isCall} union all select * exclude (is_pair) from linked where not is_pair) b
       left join peers d on d.row_id = b.p_row where ${inRange('start_ns')}
       union all
       select s.service, n.name, n.kind, n.system, s.kind = ${producer}, case when s.kind = ${producer} then n.destination else '' end,
         s.status = ${StatusCode.error}, s.start_ns, s.duration_ns, null, n.client_only, s.trace_id, s.name
       from pool s join peers n on n.row_id = s.row_id
       where n.name <> '' and ${inRange('s.start_ns')} and s.row_id not in (select p_row from answered))`,
    `requests as (
       select service, status = ${StatusCode.error} as failed, start_ns, duration_ns, trace_id, name from pool
       where (kind in ${TAKES} or parent_span_id = 0) and ${inRange('start_ns')}
       union all
       select c.service, c.status = ${StatusCode.error}, c.start_ns, c.duration_ns, c.trace_id, c.name from pairs b join pool c on c.row_id = b.c_row
       where caller <> callee and c_kind not in ${TAKES} and not is_root and ${inRange('b.start_ns')})`,
    `lonely as (
       select service, true as unnamed from pool s left join peers n on n.row_id = s.row_id
       where s.kind in ${ASKS} and coalesce(n.name, '') = '' and ${inRange('s.start_ns')} and s.row_id not in (select p_row from answered)
       union all
       select service, false from pool where kind in ${TAKES} and parent_span_id <> 0 and ${inRange('start_ns')}
         and row_id not in (select c_row from pairs union all select c_row from linked))`,
  ];
  return ctes.join(',\n');
}
