import { buildingTable, type SegmentTable, segmentTable } from './segment-table.ts';

/**
 * DDL of segment `id` with `promotedCount` promoted columns. No keys, no constraints, no indexes: arrival order gives zone
 * maps on time, redelivered spans must not fail a batch, and retention is DROP TABLE.
 *
 * spans        one row per span; row_id ascends over the whole store. Times are clamped to int64, duration_ns to ≥ 0; the
 *              exact values stand in the fragment. service is '' where the resource names none. attrs and baggage are ids
 *              into attr_values (scope 0 and 5; among attrs the weight of a sampled span, scope 6).
 * attr_values  every attribute met, by scope; the same value may have several ids. num carries ints, doubles and bools
 *              (0/1); strs and nums the elements of homogeneous and mixed arrays by kind. str is also the text of bytes
 *              (base64) and of maps and lists (JSON), for display.
 * fragments    where the original bytes are: one row per trace × resource × request. body_length bytes from body_from on of the
 *              unpacked block are ScopeSpans fields (tag 0x12) as they stand in a ResourceSpans.
 * blocks       neighbouring fragments, compressed together (`../block-codec.ts`). DuckDB is told not to try again: analysing
 *              these bytes took 90 % of a checkpoint.
 *
 * An open segment has its rows in order of arrival. Compaction (`../compaction`) keeps row_id and all other ids, leaves out
 * redelivered spans, and sorts: spans and blocks by trace, traces by their start; fragments by trace_id, one for each
 * trace × resource; attr_values by scope, key and id. It adds to spans what is known of the parent (`PARENT_COLUMNS`).
 */
export function segmentSql(id: number, promotedCount: number): string {
  return tablesSql(id, promotedCount, '', segmentTable);
}

/** DDL of the tables in which the compacted form of a segment is built. */
export function buildingSql(id: number, promotedCount: number): string {
  return tablesSql(id, promotedCount, `, ${PARENT_COLUMNS}`, buildingTable);
}

/**
 * Of a span whose parent lies in the same segment: the parent's service, kind and status; its row where it is a producer; how
 * long after the parent's end the span began, where either is of messaging. is_answered: whether a call of this span (client
 * or producer) has a span of the other side in the segment, or a further call below it. All are small or mostly NULL.
 */
const PARENT_COLUMNS =
  'parent_service varchar, parent_kind utinyint, parent_status utinyint, parent_row bigint, queue_ns bigint, is_answered boolean';

/** Tells a segment that has `PARENT_COLUMNS` from one that was compacted before there were any. */
export const PARENT_COLUMN = 'parent_kind';

function tablesSql(
  id: number,
  promotedCount: number,
  more: string,
  nameOf: (table: SegmentTable, id: number) => string,
): string {
  const promoted = Array.from({ length: promotedCount }, (_, i) => `, p_${i} integer`).join('');
  return `
create table ${nameOf('spans', id)} (
  row_id bigint, trace_id uhugeint, span_id ubigint, parent_span_id ubigint, start_ns bigint, duration_ns bigint,
  name varchar, service varchar, kind utinyint, status utinyint, status_message varchar,
  resource_id integer, scope_id integer, attrs integer[], baggage integer[]${promoted}${more}
);
create table ${nameOf('attr_values', id)} (
  id integer, scope utinyint, key varchar, type utinyint, str varchar, int bigint, num double, strs varchar[], nums double[]
);
create table ${nameOf('resources', id)} (
  id integer, service varchar, attrs integer[], message blob, schema_url varchar
);
create table ${nameOf('scopes', id)} (
  id integer, name varchar, version varchar, attrs integer[], message blob, schema_url varchar
);
create table ${nameOf('events', id)} (row_id bigint, time_ns bigint, name varchar, attrs integer[]);
create table ${nameOf('links', id)} (row_id bigint, trace_id uhugeint, span_id ubigint, attrs integer[]);
create table ${nameOf('fragments', id)} (
  trace_id uhugeint, start_ns bigint, resource_id integer, block_id integer, body_from integer, body_length integer
);
create table ${nameOf('blocks', id)} (id integer, body blob using compression uncompressed);
`;
}
