import { SpanKind } from '#domain/trace/trace-table.ts';

const { client, consumer, producer, server } = SpanKind;
export const ASKS = `(${client}, ${producer})`;

/**
 * Who is whose parent among the rows of `slice`, which holds whole traces: `parents` (one row for each child) and `answered`
 * (row_id). Ids that several spans carry are not told apart here: who counts calls looks at those anew.
 */
export const parentsSql = `ids as materialized (
  select trace_id, span_id, min(row_id) as row_id, any_value(service) as service, any_value(kind) as kind,
    any_value(status) as status, any_value(start_ns + duration_ns) as end_ns
  from slice where span_id <> 0 group by trace_id, span_id),
parents as materialized (
  select c.row_id as child, p.row_id, p.service, p.kind, p.status,
    case when p.kind = ${producer} then p.row_id end as row,
    case when p.kind = ${producer} or c.kind = ${consumer} then greatest(c.start_ns - p.end_ns, 0) end as queue_ns,
    p.kind in ${ASKS} and (c.service <> p.service or c.kind in (${server}, ${consumer}, ${client}, ${producer})) as answers
  from slice c join ids p on p.trace_id = c.trace_id and p.span_id = c.parent_span_id and p.row_id <> c.row_id),
answered as materialized (select distinct row_id from parents where answers)`;
