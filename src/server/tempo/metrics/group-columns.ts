import type { AttributeField, Field } from '#domain/traceql/ast.ts';
import { KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';
import { hex } from '#domain/traceql/run/trace-data.ts';
import type { Value } from '#domain/traceql/run/value.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, segmentTable } from '#server/store/schema/segment-table.ts';
import { valueAt } from '#server/traceql/dictionary.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';

/**
 * A field to group by, in SQL: `codes` are grouped by instead of the values themselves (ids of the dictionary, of the
 * resource), and `decode` turns them into values afterwards.
 */
export interface GroupColumn {
  readonly codes: readonly string[];
  /** Joins to the spans `s`. */
  readonly join: string;
  /** There may be as many values as spans. */
  readonly isLarge: boolean;
  /** From one array per code to one value per row. */
  decode(codes: readonly (readonly unknown[])[]): Promise<readonly Value[]>;
}

export interface ColumnScope {
  readonly sql: SqlBuilder;
  readonly segment: SegmentRef;
  /** Segments in which other spans of the same traces may lie. */
  readonly around: readonly SegmentRef[];
  /** `spans_7 s where …`: the spans that are grouped. */
  readonly rows: string;
}

/** Whether `groupColumn` knows the field; the others need whole traces. */
export function isGroupColumn(field: Field): boolean {
  if (field.type === 'intrinsic') {
    return field.name in PLAIN || field.name.startsWith('root') || field.name.startsWith('instrumentation:');
  }
  return field.scope !== 'event' && field.scope !== 'link' && field.scope !== 'parent';
}

/** `n` tells the joins of several fields apart. */
export function groupColumn(field: Field, scope: ColumnScope, n: number): GroupColumn {
  if (field.type === 'intrinsic') {
    const plain = PLAIN[field.name];
    if (plain !== undefined) {
      const { code, read, isLarge } = plain;
      return { codes: [code], join: '', isLarge, decode: async ([codes]) => codes.map(read) };
    }
    if (field.name.startsWith('root')) return rootColumn(field.name === 'rootName' ? 'name' : 'service', scope, n);
    return ownerColumn('scopes', field.name === 'instrumentation:name' ? 'name' : 'version', scope);
  }
  const isService = field.key === 'service.name';
  switch (field.scope) {
    case 'span':
      return attributeColumn(field, scope, n);
    case 'resource':
      return ownerColumn('resources', isService ? 'service' : field, scope);
    case 'instrumentation':
      return ownerColumn('scopes', field, scope);
    case 'baggage':
      return baggageColumn(field, scope, n);
    default:
      return either(attributeColumn(field, scope, n), ownerColumn('resources', isService ? 'service' : field, scope));
  }
}

const text = (code: unknown): Value => code as string;

interface Plain {
  readonly code: string;
  readonly isLarge: boolean;
  read(code: unknown): Value;
}

const PLAIN: Readonly<Record<string, Plain>> = {
  name: { code: 's.name', isLarge: true, read: text },
  statusMessage: { code: 's.status_message', isLarge: true, read: text },
  status: { code: 's.status', isLarge: false, read: code => word(STATUS_NAMES, code) },
  kind: { code: 's.kind', isLarge: false, read: code => word(KIND_NAMES, code) },
  duration: { code: 's.duration_ns', isLarge: true, read: code => code as bigint },
  'trace:id': { code: 's.trace_id', isLarge: true, read: code => hex(code as bigint, 32) },
  'span:id': { code: 's.span_id', isLarge: true, read: code => hex(code as bigint, 16) },
  'span:parentID': {
    code: 's.parent_span_id',
    isLarge: true,
    read: code => (code === 0n ? undefined : hex(code as bigint, 16)),
  },
};

function word(names: readonly string[], code: unknown): Value {
  const name = names[code as number];
  return name === undefined ? undefined : { word: name };
}

/** Of several roots the last one; '' where there is none. */
function rootColumn(name: 'name' | 'service', { around, rows }: ColumnScope, n: number): GroupColumn {
  const every = around
    .map(
      ({ id }) =>
        `select trace_id, start_ns, ${name} as value from ${segmentTable('spans', id)} where parent_span_id = 0`,
    )
    .join(' union all ');
  const roots = `select trace_id, arg_max(value, start_ns) as value from (${every}) where trace_id in (select s.trace_id from ${rows}) group by trace_id`;
  return {
    codes: [`coalesce(r${n}.value, '')`],
    isLarge: true,
    join: ` left join (${roots}) r${n} on r${n}.trace_id = s.trace_id`,
    decode: async ([codes]) => codes.map(text),
  };
}

function attributeColumn(field: AttributeField, { sql, segment, rows }: ColumnScope, n: number): GroupColumn {
  const promoted = segment.promoted.get(field.key);
  const decode = ([codes]: readonly (readonly unknown[])[]) => attributeValues(sql, segment, AttrScope.span, codes);
  if (promoted !== undefined) return { codes: [`s.${promoted}`], join: '', isLarge: true, decode };
  const join = carriedIds(AttrScope.span, field.key, { sql, segment, rows }, `a${n}`);
  return { codes: [`a${n}.id`], join, isLarge: true, decode };
}

/** ` left join` of (row_id, id): which of the key's values each of the rows has. */
export function carriedIds(
  scope: number,
  key: string,
  { sql, segment, rows }: Pick<ColumnScope, 'sql' | 'segment' | 'rows'>,
  alias: string,
): string {
  const ids = `select id from ${segmentTable('attr_values', segment.id)} where scope = ${scope} and key = ${sql.text(key)}`;
  const carried = `select row_id, max(id) as id from (select s.row_id, unnest(s.attrs) as id from ${rows}) where id in (${ids}) group by row_id`;
  return ` left join (${carried}) ${alias} on ${alias}.row_id = s.row_id`;
}

/** Values of dictionary ids. Lists, maps and bytes are no groups, but they are there. */
async function attributeValues(
  sql: SqlBuilder,
  segment: SegmentRef,
  scope: number,
  ids: readonly unknown[],
): Promise<readonly Value[]> {
  const wanted = [...new Set(ids)].filter(id => id !== null && id !== undefined) as number[];
  const values = new Map<unknown, Value>();
  if (wanted.length > 0) {
    const table = segmentTable('attr_values', segment.id);
    const c = await sql.columns(
      `select id, type, str, int, num from ${table} where scope = ${scope} and id in (${wanted.join(', ')})`,
    );
    ((c.id ?? []) as number[]).forEach((id, i) => {
      values.set(id, valueAt(c, i));
    });
  }
  return ids.map(id => values.get(id));
}

/** What resources and instrumentation scopes say; there are few of them. */
function ownerColumn(
  table: 'resources' | 'scopes',
  what: AttributeField | 'name' | 'version' | 'service',
  { sql, segment }: ColumnScope,
): GroupColumn {
  return {
    codes: [table === 'resources' ? 's.resource_id' : 's.scope_id'],
    isLarge: false,
    join: '',
    decode: async ([codes]) => {
      const owners = segmentTable(table, segment.id);
      if (typeof what === 'string') {
        const c = await sql.columns(`select id, ${what} as value from ${owners}`);
        const texts = new Map((c.id ?? []).map((id, i) => [id, c.value[i] as string]));
        return codes.map(code => texts.get(code));
      }
      const scope = table === 'resources' ? AttrScope.resource : AttrScope.instrumentation;
      const ids = `select id from ${segmentTable('attr_values', segment.id)} where scope = ${scope} and key = ${sql.text(what.key)}`;
      const c = await sql.columns(
        `select id, attr from (select id, unnest(attrs) as attr from ${owners}) where attr in (${ids})`,
      );
      const values = await attributeValues(sql, segment, scope, c.attr ?? []);
      const byOwner = new Map((c.id ?? []).map((id, i) => [id, values[i]]));
      return codes.map(code => byOwner.get(code));
    },
  };
}

/** Baggage belongs to the trace: whichever of its spans carries it. Of several values the first. */
function baggageColumn({ key }: AttributeField, { sql, around, rows }: ColumnScope, n: number): GroupColumn {
  const carried = around.map(({ id }) => {
    const values = `select id, str from ${segmentTable('attr_values', id)} where scope = ${AttrScope.baggage} and key = ${sql.text(key)}`;
    return `select c.trace_id, v.str from (select trace_id, unnest(baggage) as id from ${segmentTable('spans', id)}) c join (${values}) v on v.id = c.id`;
  });
  const values = `select trace_id, min(str) as value from (${carried.join(' union all ')}) where trace_id in (select s.trace_id from ${rows}) group by trace_id`;
  return {
    codes: [`b${n}.value`],
    isLarge: true,
    join: ` left join (${values}) b${n} on b${n}.trace_id = s.trace_id`,
    decode: async ([codes]) => codes.map(code => (code === null ? undefined : text(code))),
  };
}

function either(first: GroupColumn, second: GroupColumn): GroupColumn {
  return {
    codes: [...first.codes, ...second.codes],
    isLarge: first.isLarge || second.isLarge,
    join: first.join + second.join,
    decode: async codes => {
      const [own, other] = await Promise.all([
        first.decode(codes.slice(0, first.codes.length)),
        second.decode(codes.slice(first.codes.length)),
      ]);
      return own.map((value, i) => value ?? other[i]);
    },
  };
}
