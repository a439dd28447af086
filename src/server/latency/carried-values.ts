import type { PairPart } from '#domain/api/latency-api.ts';
import type { FieldCounts } from '#domain/difference/compare-fields.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import type { AttributeScope } from '#domain/traceql/ast.ts';
import { KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';
import { printField } from '#domain/traceql/print.ts';
import type { QueryContext, SegmentRef, SqlValue } from '#server/store/query-context.ts';
import { AttrScope, AttrType, segmentTable } from '#server/store/schema/segment-table.ts';

/** Spans and the unit that each belongs to; units of the selection come first. */
export interface UnitSpans {
  readonly rowIds: readonly bigint[];
  readonly units: readonly number[];
  readonly selectionUnits: number;
  /** Segments in which spans of the traces lie. */
  readonly segments: readonly SegmentRef[];
}

/** Stands for the scope of intrinsics, whose key is their name. */
const INTRINSIC = 100;
/** Longer values are no choice for a filter. */
const MAX_VALUE_BYTES = 1024;

/** A field and where it stands. */
export interface CarriedField extends FieldCounts {
  readonly scope: number;
  readonly key: string;
}

/** How many units have which value of which field. Values that only one unit has are counted, but not listed. */
export async function countCarried(context: QueryContext, spans: UnitSpans): Promise<readonly CarriedField[]> {
  // Units are counted by hashes: distinct texts per group cost ten times as much.
  const countSql = (id: 'told' | 'field') =>
    `select id, count(*) as n, count(*) filter (unit < ${spans.selectionUnits}) as selection
     from (select distinct unit, ${id} as id from told) group by id`;
  const c = await context.columns(
    `${carriedSql(spans)},
     told as materialized (select *, hash(scope, key) as field, hash(scope, key, type, value) as told from carried),
     names as (select told, any_value(field) as field, any_value(scope) as scope, any_value(key) as key,
       any_value(type) as type, any_value(value) as value from told group by told),
     counted as materialized (select n.*, c.n, c.selection from (${countSql('told')}) c join names n on n.told = c.id),
     fields as (select field, any_value(scope) as scope, any_value(key) as key, count(value) as distinct_values from counted group by field)
     select scope, key, type, value, false as whole, n, selection, 0 as distinct_values from counted
       where value is not null and (n > 1 or type in ('int', 'float'))
     union all select f.scope, f.key, null, null, true, c.n, c.selection, f.distinct_values
       from (${countSql('field')}) c join fields f on f.field = c.id`,
    { ...paramsOf(spans) },
  );
  const fields = new Map<string, { counts: CarriedField; values: FieldCounts['values'][number][] }>();
  ((c.key ?? []) as string[]).forEach((key, i) => {
    const scope = c.scope[i] as number;
    const name = fieldName(scope, key);
    if (name === undefined) return;
    let field = fields.get(name);
    if (field === undefined) {
      const values: FieldCounts['values'][number][] = [];
      const carried = { selection: 0, rest: 0 };
      field = { counts: { field: name, scope, key, values, distinct: 0, carried }, values };
      fields.set(name, field);
    }
    const selection = Number(c.selection[i]);
    const counts = { selection, rest: Number(c.n[i]) - selection };
    if (c.whole[i] === true) {
      field.counts = { ...field.counts, distinct: Number(c.distinct_values[i]), carried: counts };
    } else {
      field.values.push({ value: { type: c.type[i] as TagValue['type'], value: c.value[i] as string }, ...counts });
    }
  });
  // What is baggage is also an attribute of the span that carries it; the choice is the trace's.
  for (const name of [...fields.keys()]) {
    const key = /^baggage\.(.*)$/s.exec(name)?.[1];
    for (const other of key === undefined ? [] : [`span.${key}`, `span.baggage.${key}`, `resource.${key}`]) {
      fields.delete(other);
    }
  }
  return [...fields.values()].map(({ counts }) => counts);
}

const SCOPES = Object.entries(AttrScope);

function fieldName(scope: number, key: string): string | undefined {
  if (scope === INTRINSIC) return key;
  const name = SCOPES.find(([, number]) => number === scope)?.[0];
  if (name === undefined || name === 'sampling') return undefined;
  return printField({ type: 'attribute', scope: name as AttributeScope, key, from: 0, to: 0 });
}

/** Per condition on one of the fields the units that fulfil it. At most 48 conditions. */
export async function membersOf(
  context: QueryContext,
  spans: UnitSpans,
  fields: readonly CarriedField[],
  parts: readonly PairPart[],
): Promise<readonly (readonly number[])[]> {
  const byName = new Map(fields.map(field => [field.field, field]));
  const c = await context.columns(
    `${carriedSql(spans, '$keys')},
     wanted as (select unnest($scopes::integer[]) as scope, unnest($keys::varchar[]) as key, unnest($operators::varchar[]) as op,
       unnest($types::varchar[]) as type, unnest($values::varchar[]) as value, unnest($bits::integer[]) as bit),
     found as (select c.unit, w.bit from carried c join wanted w on w.scope = c.scope and w.key = c.key
       where case w.op when '=' then c.type = w.type and c.value = w.value
         when '>=' then try_cast(c.value as double) >= try_cast(w.value as double)
         else try_cast(c.value as double) < try_cast(w.value as double) end)
     select unit, coalesce(bit_or(1 << (bit % 24)) filter (bit < 24), 0)::integer as low,
       coalesce(bit_or(1 << (bit % 24)) filter (bit >= 24), 0)::integer as high from found group by unit`,
    {
      ...paramsOf(spans),
      scopes: parts.map(part => byName.get(part.field)?.scope ?? -1),
      keys: parts.map(part => byName.get(part.field)?.key ?? ''),
      operators: parts.map(part => part.operator),
      types: parts.map(part => part.value.type),
      values: parts.map(part => part.value.value),
      bits: parts.map((_, i) => i),
    },
  );
  const members = parts.map((): number[] => []);
  ((c.unit ?? []) as number[]).forEach((unit, i) => {
    const [low, high] = [c.low[i] as number, c.high[i] as number];
    members.forEach((units, bit) => {
      if (((bit < 24 ? low >> bit : high >> (bit - 24)) & 1) === 1) units.push(unit);
    });
  });
  return members;
}

function paramsOf({ rowIds, units }: UnitSpans): Record<string, SqlValue> {
  return { rows: rowIds, units };
}

/**
 * Common table expressions up to `carried`: one row (unit, scope, key, type, value) per value that a unit has; the value is
 * null where it is there, but no choice for a filter. `keys` names a parameter: of attributes only those keys.
 */
function carriedSql({ segments }: UnitSpans, keys?: string): string {
  const parts: string[] = [
    'units as materialized (select unnest($rows::bigint[]) as row_id, unnest($units::integer[]) as unit)',
  ];
  for (const segment of segments) parts.push(`spans_of_${segment.id} as materialized (${unitSpansSql(segment)})`);
  const every = segments.map(({ id }) => `select unit, trace_id from spans_of_${id}`).join(' union ');
  parts.push(`traces as materialized (${every})`);
  const among = keys === undefined ? '' : ` and v.key in (select unnest(${keys}::varchar[]))`;
  const values = segments.flatMap(segment => [dictionaryValues(segment, among), ...intrinsicValues(segment)]);
  parts.push(`carried as (${[...values, ...rootValues(segments)].join('\nunion all\n')})`);
  return `with ${parts.join(',\n')}`;
}

function unitSpansSql({ id, promoted }: SegmentRef): string {
  const columns = [...promoted.values()].map(name => `s.${name}`);
  const ids =
    columns.length === 0
      ? 's.attrs'
      : `list_concat(s.attrs, list_filter([${columns.join(', ')}], lambda x: x is not null))`;
  return `select u.unit, s.row_id, s.trace_id, s.resource_id, s.scope_id, s.name, s.kind, s.status, s.status_message, ${ids} as ids
    from ${segmentTable('spans', id)} s join units u on u.row_id = s.row_id`;
}

/** Attributes of spans, resources, scopes and events, and the baggage of the traces. Ids are those of one dictionary. */
function dictionaryValues({ id }: SegmentRef, among: string): string {
  const table = (name: 'resources' | 'scopes' | 'events' | 'spans' | 'attr_values') => segmentTable(name, id);
  const ids = [
    `select unit, unnest(ids) as id from spans_of_${id}`,
    `select u.unit, unnest(r.attrs) from (select distinct unit, resource_id from spans_of_${id}) u join ${table('resources')} r on r.id = u.resource_id`,
    `select u.unit, unnest(c.attrs) from (select distinct unit, scope_id from spans_of_${id}) u join ${table('scopes')} c on c.id = u.scope_id`,
    `select u.unit, unnest(e.attrs) from ${table('events')} e join spans_of_${id} u on u.row_id = e.row_id`,
    `select t.unit, unnest(s.baggage) from (select trace_id, baggage from ${table('spans')} where len(baggage) > 0) s
       join traces t on t.trace_id = s.trace_id`,
  ];
  const text = `case v.type when ${AttrType.string} then v.str when ${AttrType.bool} then case v.num when 1 then 'true' else 'false' end
    when ${AttrType.int} then v.int::varchar when ${AttrType.double} then v.num::varchar end`;
  const type = `case v.type when ${AttrType.bool} then 'bool' when ${AttrType.int} then 'int' when ${AttrType.double} then 'float' else 'string' end`;
  return `select unit, scope, key, type, case when strlen(value) <= ${MAX_VALUE_BYTES} then value end as value from (
    select i.unit, v.scope::integer as scope, v.key, ${type} as type,
      unnest(case v.type when ${AttrType.list} then case when len(v.strs) > 0 then v.strs else [null] end else [${text}] end) as value
    from (select distinct unit, id from (${ids.join(' union all ')})) i
    join ${table('attr_values')} v on v.id = i.id where v.type <> ${AttrType.empty}${among})`;
}

function intrinsicValues({ id }: SegmentRef): readonly string[] {
  const from = `from spans_of_${id}`;
  const events = `${segmentTable('events', id)} e join spans_of_${id} u on u.row_id = e.row_id`;
  const scopes = `${segmentTable('scopes', id)} c join spans_of_${id} u on u.scope_id = c.id`;
  const of = (name: string, type: string, value: string, rest: string) =>
    `select distinct unit, ${INTRINSIC}, '${name}', '${type}', ${value} ${rest}`;
  return [
    of('name', 'string', 'name', from),
    of('kind', 'keyword', wordOf('kind', KIND_NAMES), from),
    of('status', 'keyword', wordOf('status', STATUS_NAMES), from),
    of('statusMessage', 'string', 'status_message', `${from} where status_message <> ''`),
    of('event:name', 'string', 'e.name', `from ${events}`),
    of('instrumentation:name', 'string', 'c.name', `from ${scopes} where c.name <> ''`),
    of('instrumentation:version', 'string', 'c.version', `from ${scopes} where c.version <> ''`),
  ];
}

function rootValues(segments: readonly SegmentRef[]): readonly string[] {
  const roots = segments
    .map(({ id }) => `select trace_id, name, service from ${segmentTable('spans', id)} where parent_span_id = 0`)
    .join(' union all ');
  const of = (name: string, column: string) =>
    `select distinct t.unit, ${INTRINSIC}, '${name}', 'string', r.${column} from (${roots}) r join traces t on t.trace_id = r.trace_id`;
  return [of('rootName', 'name'), of('rootServiceName', 'service')];
}

/** Numbers outside the list are as in OTLP: unspecified. */
function wordOf(column: string, names: readonly string[]): string {
  const cases = names.map((name, number) => `when ${number} then '${name}'`).join(' ');
  return `case ${column} ${cases} else '${names[0]}' end`;
}
