import type { TagValue } from '#domain/search/trace-summary.ts';
import type { AttributeField, Field, IntrinsicField } from '#domain/traceql/ast.ts';
import { KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';
import { QueryRefused } from '#domain/traceql/run/refusal.ts';
import { traceqlErrorText } from '#domain/traceql/traceql-error.ts';
import { readQuery } from '#domain/traceql/validate.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, AttrType, segmentTable } from '#server/store/schema/segment-table.ts';
import type { Predicate } from '#server/traceql/predicate.ts';
import { SqlBuilder } from '#server/traceql/sql-params.ts';
import { narrowingPredicate } from './narrowing.ts';
import { answering, searchRange } from './search.ts';
import type { Answer } from './search-types.ts';
import { idsOf } from './tags.ts';

export interface TagValuesArgs {
  /** As in a query: `span.http.route`, `.x`, `name`, `span:status`. */
  readonly tag: string;
  readonly q: string;
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
  /** 0: as many as the reply may hold. */
  readonly limit: number;
}

/** A reply holds at most so much text, as Tempo's does by default. */
const MAX_BYTES = 1024 * 1024;

/** Values of a tag: the commonest first where `q` narrows (counted by span), otherwise in order. */
export async function tagValues(context: QueryContext, args: TagValuesArgs): Promise<Answer<readonly TagValue[]>> {
  return answering(async () => {
    const field = fieldOfTag(args.tag);
    const keywords = keywordsOf(field);
    if (keywords !== undefined) return keywords.map(value => ({ type: 'keyword' as const, value }));
    const { segments, startNs, endNs } = searchRange(context, args);
    const sql = new SqlBuilder(context);
    const counts = new Map<string, { readonly value: TagValue; count: number }>();
    const time = `start_ns <= ${endNs} and start_ns + duration_ns >= ${startNs}`;
    for (const segment of segments) {
      const predicate = await narrowingPredicate(args.q, sql, segment, segments);
      if (predicate?.constant === false) continue;
      for (const [value, count] of await valuesOf(sql, segment, segments, field, predicate, time)) {
        const key = `${value.type}:${value.value}`;
        const known = counts.get(key);
        if (known === undefined) counts.set(key, { value, count });
        else known.count += count;
      }
    }
    const sorted = [...counts.values()].sort(
      (a, b) => b.count - a.count || (a.value.value < b.value.value ? -1 : a.value.value > b.value.value ? 1 : 0),
    );
    return cut(
      sorted.map(entry => entry.value),
      args.limit,
    );
  });
}

function cut(values: readonly TagValue[], limit: number): readonly TagValue[] {
  const kept = limit > 0 ? values.slice(0, limit) : values;
  let bytes = 0;
  const end = kept.findIndex(({ value }) => {
    bytes += Buffer.byteLength(value);
    return bytes > MAX_BYTES;
  });
  return end === -1 ? kept : kept.slice(0, end);
}

/** The tag as a field, read by the grammar itself. */
function fieldOfTag(tag: string): Field {
  const read = readQuery(`{ ${tag} != nil }`);
  const expr =
    read.ok && read.value.body.type === 'pipeline' && read.value.body.stages[0].type === 'filter'
      ? read.value.body.stages[0].expr
      : undefined;
  const field = expr?.type === 'binary' ? expr.left : undefined;
  if (field?.type === 'attribute' || field?.type === 'intrinsic') return field;
  const cause = read.ok ? 'not one attribute' : traceqlErrorText(read.error).replace('invalid TraceQL query: ', '');
  throw new QueryRefused(`please provide a valid tagName: failed to parse identifier ${tag}: ${cause}`);
}

function keywordsOf(field: Field): readonly string[] | undefined {
  if (field.type !== 'intrinsic') return undefined;
  if (field.name === 'status') return STATUS_NAMES;
  return field.name === 'kind' ? KIND_NAMES : undefined;
}

type Counted = readonly (readonly [TagValue, number])[];

async function valuesOf(
  sql: SqlBuilder,
  segment: SegmentRef,
  segments: readonly SegmentRef[],
  field: Field,
  predicate: Predicate | undefined,
  time: string,
): Promise<Counted> {
  const spans = `${segmentTable('spans', segment.id)} s where ${time} and ${predicate?.text({ rows: ` where ${time}`, traces: '' }) ?? 'true'}`;
  if (field.type === 'intrinsic') return intrinsicValues(sql, segment, segments, field, spans, predicate !== undefined);
  const narrowed = predicate === undefined ? undefined : spans;
  if (field.scope === 'resource' && field.key === 'service.name') return serviceValues(sql, spans);
  if (field.scope === 'any') {
    const own = await attributeValues(sql, segment, { ...field, scope: 'span' }, narrowed);
    const resource =
      field.key === 'service.name'
        ? await serviceValues(sql, spans)
        : await attributeValues(sql, segment, { ...field, scope: 'resource' }, narrowed);
    return [...own, ...resource];
  }
  return attributeValues(sql, segment, field, narrowed);
}

async function serviceValues(sql: SqlBuilder, spans: string): Promise<Counted> {
  return texts(await sql.columns(`select s.service as value, count(*) as n from ${spans} group by 1`));
}

function texts(columns: Record<string, unknown[]>): Counted {
  const values = (columns.value ?? []) as string[];
  return values.map((value, i) => [{ type: 'string', value }, Number(columns.n?.[i] ?? 0)]);
}

/** From the dictionary; narrowed by the spans that carry the values, which are then counted. */
async function attributeValues(
  sql: SqlBuilder,
  segment: SegmentRef,
  field: AttributeField,
  spans: string | undefined,
): Promise<Counted> {
  const { scope, key } = field;
  if (scope === 'any' || scope === 'parent') return [];
  const table = segmentTable('attr_values', segment.id);
  const wanted = `scope = ${AttrScope[scope]} and key = ${sql.text(key)}`;
  const promoted = scope === 'span' ? segment.promoted.get(key) : undefined;
  const ids = promoted === undefined ? idsOf(segment, scope, spans ?? '') : `select s.${promoted} from ${spans}`;
  const counted = `select id, count(*) as n from (${ids}) t(id) group by id`;
  if (spans === undefined) {
    // Lists apart: telling plain values apart is much cheaper without them.
    const scalars = await sql.columns(
      `select distinct type, str, int, num from ${table} where ${wanted} and type <= ${AttrType.double}`,
    );
    const lists = await sql.columns(
      `select distinct type, strs, nums from ${table} where ${wanted} and type = ${AttrType.list}`,
    );
    return [...countedAt(scalars), ...countedAt(lists)];
  }
  return countedAt(
    await sql.columns(
      `select type, str, int, num, strs, nums, n from ${table} v join (${counted}) c on c.id = v.id where ${wanted}`,
    ),
  );
}

/** Rows of (type, value columns, n); without `n` nothing was counted. */
function countedAt(columns: Record<string, unknown[]>): Counted {
  return ((columns.type ?? []) as number[]).flatMap((type, i) => {
    const n = Number(columns.n?.[i] ?? 0);
    return tagValuesAt(type, i, columns).map(value => [value, n] as const);
  });
}

function tagValuesAt(type: number, i: number, columns: Record<string, unknown[]>): readonly TagValue[] {
  switch (type) {
    case AttrType.string:
      return [{ type: 'string', value: columns.str[i] as string }];
    case AttrType.bool:
      return [{ type: 'bool', value: String(columns.num[i] === 1) }];
    case AttrType.int:
      return [{ type: 'int', value: String(columns.int[i]) }];
    case AttrType.double:
      return [{ type: 'float', value: floatText(columns.num[i] as number) }];
    case AttrType.list: {
      const strings = (columns.strs[i] as string[]) ?? [];
      const numbers = (columns.nums[i] as number[]) ?? [];
      return [
        ...strings.map((value): TagValue => ({ type: 'string', value })),
        ...numbers.map(
          (n): TagValue =>
            Number.isInteger(n) ? { type: 'int', value: String(n) } : { type: 'float', value: floatText(n) },
        ),
      ];
    }
    default:
      return [];
  }
}

function floatText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(1) : String(value);
}

async function intrinsicValues(
  sql: SqlBuilder,
  segment: SegmentRef,
  segments: readonly SegmentRef[],
  field: IntrinsicField,
  spans: string,
  isNarrowed: boolean,
): Promise<Counted> {
  const table = (name: 'events' | 'links' | 'scopes') => segmentTable(name, segment.id);
  const grouped = async (value: string, from: string) =>
    texts(await sql.columns(`select ${value} as value, count(*) as n from ${from} group by 1`));
  const n = isNarrowed ? 'count(*)' : '0';
  switch (field.name) {
    case 'name':
      return texts(await sql.columns(`select s.name as value, ${n} as n from ${spans} group by 1`));
    case 'statusMessage':
      return grouped('s.status_message', `${spans} and s.status_message <> ''`);
    case 'event:name':
      return grouped('name', `${table('events')} where row_id in (select s.row_id from ${spans})`);
    case 'instrumentation:name':
    case 'instrumentation:version': {
      // As in Tempo, which has none of them once q narrows.
      if (isNarrowed) return [];
      const column = field.name === 'instrumentation:name' ? 'name' : 'version';
      return grouped(column, `${table('scopes')} where ${column} <> ''`);
    }
    case 'rootName':
    case 'rootServiceName': {
      const column = field.name === 'rootName' ? 'name' : 'service';
      const everySpan = segments
        .map(
          ({ id }) => `select trace_id, parent_span_id, start_ns, ${column} as value from ${segmentTable('spans', id)}`,
        )
        .join(' union all ');
      const roots = `select trace_id, arg_max(value, start_ns) as value from (${everySpan}) where parent_span_id = 0 group by trace_id`;
      const traces = `select distinct s.trace_id from ${spans}`;
      return grouped("coalesce(r.value, '')", `(${traces}) t left join (${roots}) r on r.trace_id = t.trace_id`);
    }
    default:
      return [];
  }
}
