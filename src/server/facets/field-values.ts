import type { Field } from '#domain/traceql/ast.ts';
import { KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';
import { QueryRefused } from '#domain/traceql/run/refusal.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, AttrType, segmentTable } from '#server/store/schema/segment-table.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';
import type { MatchingSpans } from './matching-spans.ts';

/**
 * SQL whose rows are (type, value, trace_id, failed): every value of a field that a matching span has. Undefined if no
 * span matches. Rejects with `QueryRefused` for fields that are no choice, such as durations.
 */
export function fieldValuesSql(field: Field, spans: MatchingSpans): string | undefined {
  const isBaggage = field.type === 'attribute' && field.scope === 'baggage';
  const parts = isBaggage ? baggageValues(field.key, spans) : ownValues(field, spans);
  return parts.length === 0 ? undefined : parts.join('\nunion all\n');
}

/** SQL whose rows are the `trace_id` of every matching span that has a value of the field, at least once. */
export function carriersSql(field: Field, spans: MatchingSpans): string | undefined {
  const isSpan = field.type === 'attribute' && field.scope === 'span';
  const columns = spans.parts.map(({ segment }) => (isSpan ? segment.promoted.get(field.key) : undefined));
  // The dictionary need not be asked.
  if (columns.length > 0 && columns.every(column => column !== undefined)) {
    return spans.parts
      .map(({ rows }, i) => `select s.trace_id from ${rows} and s.${columns[i]} is not null`)
      .join(' union all ');
  }
  return fieldValuesSql(field, spans);
}

function ownValues(field: Field, { sql, parts }: MatchingSpans): readonly string[] {
  return parts.flatMap(({ segment, rows }) => {
    if (field.type === 'intrinsic') return [intrinsicValues(field.name, segment, rows)];
    if (field.scope === 'resource' && field.key === 'service.name') return [columnValues('string', 's.service', rows)];
    if (field.scope !== 'any') return [attributeValues(field.scope, field.key, segment, rows, sql)];
    // The span's own value hides that of its resource.
    const own = attributeValues('span', field.key, segment, rows, sql);
    const lacking = `${rows} and not ${hasOwn(field.key, segment, sql)}`;
    const resource =
      field.key === 'service.name'
        ? columnValues('string', 's.service', lacking)
        : attributeValues('resource', field.key, segment, lacking, sql);
    return [own, resource];
  });
}

function columnValues(type: string, value: string, rows: string): string {
  return `select '${type}' as type, ${value} as value, s.trace_id, s.status = 2 as failed from ${rows}`;
}

function intrinsicValues(name: string, segment: SegmentRef, rows: string): string {
  switch (name) {
    case 'status':
      return columnValues('keyword', wordOf('s.status', STATUS_NAMES), rows);
    case 'kind':
      return columnValues('keyword', wordOf('s.kind', KIND_NAMES), rows);
    case 'name':
      return columnValues('string', 's.name', rows);
    case 'statusMessage':
      return `${columnValues('string', 's.status_message', rows)} and s.status_message <> ''`;
    case 'event:name': {
      const events = segmentTable('events', segment.id);
      return joined(`select row_id, 'string' as type, name as value from ${events}`, 'row_id', 'row_id', rows);
    }
    default:
      throw new QueryRefused(`unsupported: values of ${name} are not counted`);
  }
}

/** Numbers outside the list are as in OTLP: unspecified. */
function wordOf(column: string, names: readonly string[]): string {
  const cases = names.map((name, number) => `when ${number} then '${name}'`).join(' ');
  return `case ${column} ${cases} else '${names[0]}' end`;
}

/** Rows of `owners` (owner, type, value) beside the spans that refer to them. */
function joined(owners: string, ownerId: string, spanColumn: string, rows: string): string {
  return `select o.type, o.value, m.trace_id, m.failed from (${owners}) o
    join (select s.trace_id, s.status = 2 as failed, s.${spanColumn} as owner from ${rows}) m on m.owner = o.${ownerId}`;
}

function attributeValues(scope: string, key: string, segment: SegmentRef, rows: string, sql: SqlBuilder): string {
  switch (scope) {
    case 'span': {
      const values = valuesOf(AttrScope.span, key, segment, sql);
      const promoted = segment.promoted.get(key);
      if (promoted !== undefined) return joined(values, 'id', promoted, rows);
      return `select v.type, v.value, m.trace_id, m.failed from (${values}) v
        join (select s.trace_id, s.status = 2 as failed, unnest(s.attrs) as id from ${rows}) m on m.id = v.id`;
    }
    case 'resource':
      return joined(ownedValues('resources', AttrScope.resource, key, segment, sql), 'owner', 'resource_id', rows);
    case 'instrumentation':
      return joined(ownedValues('scopes', AttrScope.instrumentation, key, segment, sql), 'owner', 'scope_id', rows);
    case 'event':
      return joined(ownedValues('events', AttrScope.event, key, segment, sql), 'owner', 'row_id', rows);
    case 'link':
      return joined(ownedValues('links', AttrScope.link, key, segment, sql), 'owner', 'row_id', rows);
    default:
      throw new QueryRefused(`unsupported: values of ${scope}.${key} are not counted`);
  }
}

function ownedValues(
  table: 'resources' | 'scopes' | 'events' | 'links',
  scope: number,
  key: string,
  segment: SegmentRef,
  sql: SqlBuilder,
): string {
  const id = table === 'resources' || table === 'scopes' ? 'id' : 'row_id';
  const owners = `select ${id} as owner, unnest(attrs) as id from ${segmentTable(table, segment.id)}`;
  return `select e.owner, v.type, v.value from (${owners}) e join (${valuesOf(scope, key, segment, sql)}) v on v.id = e.id`;
}

/**
 * The dictionary's values of one key as (id, type, value): elements of lists one by one. The value of what is no choice for a
 * filter (bytes, maps, lists as a whole) is null: it is there, but not listed.
 */
function valuesOf(scope: number, key: string, segment: SegmentRef, sql: SqlBuilder): string {
  const table = `${segmentTable('attr_values', segment.id)} where scope = ${scope} and key = ${sql.text(key)}`;
  const of = (type: number, name: string, value: string) =>
    `select id, '${name}' as type, ${value} as value from ${table} and type = ${type}`;
  return [
    of(AttrType.string, 'string', 'str'),
    of(AttrType.bool, 'bool', "case num when 1 then 'true' else 'false' end"),
    of(AttrType.int, 'int', 'int::varchar'),
    of(AttrType.double, 'float', 'num::varchar'),
    of(AttrType.list, 'string', 'unnest(strs)'),
    `select id, 'string' as type, null as value from ${table} and type > ${AttrType.double}`,
  ].join(' union all ');
}

function hasOwn(key: string, segment: SegmentRef, sql: SqlBuilder): string {
  const promoted = segment.promoted.get(key);
  if (promoted !== undefined) return `(s.${promoted} is not null)`;
  const ids = `select list(id) from ${segmentTable('attr_values', segment.id)} where scope = ${AttrScope.span} and type <> ${AttrType.empty} and key = ${sql.text(key)}`;
  return `coalesce(list_has_any(s.attrs, (${ids})), false)`;
}

/** Baggage belongs to the trace: whichever of its spans carries it, in whichever segment. */
function baggageValues(key: string, { sql, parts, segments }: MatchingSpans): readonly string[] {
  if (parts.length === 0) return [];
  const matched = parts.map(({ rows }) => `select s.trace_id, s.status = 2 as failed from ${rows}`).join(' union all ');
  const traces = `select trace_id, bool_or(failed) as failed from (${matched}) group by trace_id`;
  const carried = segments.map(segment => {
    const values = valuesOf(AttrScope.baggage, key, segment, sql);
    return `select v.type, v.value, c.trace_id from (${values}) v
      join (select trace_id, unnest(baggage) as id from ${segmentTable('spans', segment.id)}) c on c.id = v.id`;
  });
  return [
    `select c.type, c.value, t.trace_id, t.failed from (${carried.join(' union all ')}) c join (${traces}) t on t.trace_id = c.trace_id`,
  ];
}
