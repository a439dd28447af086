import { segmentTable } from '#server/store/schema/segment-table.ts';

/** Spans that are moved in one statement, about: two row groups of DuckDB, 0.3 s on two cores. */
const SLICE_SPANS = 240_000;

/** Temporary tables of one compaction; they live in memory, beside the log. */
export const workTables = ['work_traces', 'work_places', 'work_packed', 'work_found', 'work_copies'] as const;

/**
 * work_traces  the traces of the segment, numbered by their start, with the times of their spans
 * work_places  its fragments by trace number, those of a trace in order of arrival
 * work_packed  the new fragments, by trace number
 * work_found   copies as the bytes show them; work_copies: their rows
 */
export function workTablesSql(segment: number): readonly string[] {
  return [
    `create or replace temp table work_traces as
select trace_id, (row_number() over (order by first_ns, trace_id))::integer as number, spans, low, high
from (select trace_id, coalesce(min(start_ns) filter (start_ns > 0), 0) as first_ns,
    min(start_ns) as low, max(start_ns) as high, count(*) as spans
  from ${segmentTable('spans', segment)} group by trace_id)`,
    `create or replace temp table work_places as
select t.number, f.resource_id, f.start_ns, f.block_id, f.body_from, f.body_length
from ${segmentTable('fragments', segment)} f join work_traces t on t.trace_id = f.trace_id order by t.number, f.rowid`,
    `create or replace temp table work_packed (
  number integer, start_ns bigint, resource_id integer, block_id integer, body_from integer, body_length integer)`,
    'create or replace temp table work_found (number integer, resource_id integer, place integer)',
    'create or replace temp table work_copies (row_id bigint)',
  ];
}

/** Neighbouring traces that are moved together, and when their spans start. */
export const slicesSql = `select max(number) as last, min(low) as low, max(high) as high, sum(spans)::bigint as spans from (
  select *, (sum(spans) over (order by number) - spans) // ${SLICE_SPANS} as slice from work_traces)
group by slice order by slice`;

/** The rows of `work_found`: the order of the rows of a trace and resource is that of their spans in the fragments. */
export function copiesSql(segment: number): string {
  return `insert into work_copies select r.row_id from (
  select s.row_id, t.number, s.resource_id,
    row_number() over (partition by t.number, s.resource_id order by s.row_id) - 1 as place
  from ${segmentTable('spans', segment)} s join work_traces t on t.trace_id = s.trace_id
  where t.number in (select number from work_found)) r
join work_found f on f.number = r.number and f.resource_id = r.resource_id and f.place = r.place`;
}
