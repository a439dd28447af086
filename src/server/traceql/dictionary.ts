import type { Value } from '#domain/traceql/run/value.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { AttrType, segmentTable } from '#server/store/schema/segment-table.ts';
import type { SqlBuilder } from './sql-params.ts';

/** Up to so many ids a list column is probed value by value; more are cheaper as a hash join over its elements. */
const MAX_PROBES = 4;
/** Up to so many ids are written out: constants pass over whole row groups, which what a query finds does not. */
const MAX_LISTED = 64;

/** Ids of attribute values: written out when few, otherwise the query that finds them. */
export type ValueIds = { readonly few: readonly number[] } | { readonly subquery: string };

/** Looks up which values of a key fulfil `condition` (over the columns of attr_values). */
export async function findValueIds(
  sql: SqlBuilder,
  segment: SegmentRef,
  scope: number,
  key: string,
  condition: string,
): Promise<ValueIds> {
  const table = segmentTable('attr_values', segment.id);
  const subquery = `select id from ${table} where scope = ${scope} and key = ${sql.text(key)} and (${condition})`;
  const ids = await remembered(sql, segment, `${subquery} limit ${MAX_LISTED + 1}`);
  return ids.length <= MAX_LISTED ? { few: ids } : { subquery };
}

const MEMORY_KEY = 'value ids';
const MAX_REMEMBERED = 2_000;

/** A segment that has not grown since gives the same ids; what is asked again and again is looked up once. */
async function remembered(sql: SqlBuilder, segment: SegmentRef, statement: string): Promise<readonly number[]> {
  let known = sql.memory.get(MEMORY_KEY) as Map<string, readonly number[]> | undefined;
  if (known === undefined || known.size >= MAX_REMEMBERED) {
    known = new Map();
    sql.memory.set(MEMORY_KEY, known);
  }
  const key = `${segment.spanCount} ${sql.keyOf(statement)}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const { id } = await sql.columns(statement);
  const ids = (id ?? []) as number[];
  if (key.length <= MAX_KEY_LENGTH) known.set(key, ids);
  return ids;
}

/** A list of a thousand values is not kept for the day that somebody asks it again. */
const MAX_KEY_LENGTH = 2_048;

export function hasNone(ids: ValueIds): boolean {
  return 'few' in ids && ids.few.length === 0;
}

/** `column` is an integer column that may be NULL. Two conditions: DuckDB takes both into its scan, but not a coalesce. */
export function columnHas(column: string, ids: ValueIds): string {
  return `(${column} is not null and ${column} in (${listOf(ids)}))`;
}

/** Whether lists are looked through for one id after the other. */
export function isProbed(ids: ValueIds): ids is { readonly few: readonly number[] } {
  return 'few' in ids && ids.few.length <= MAX_PROBES;
}

/** What stands in the parentheses of SQL's `in`. */
export function listOf(ids: ValueIds): string {
  return 'few' in ids ? ids.few.join(', ') : ids.subquery;
}

/**
 * Rows of `table` (named `row`) whose list `column` holds one of the ids; `rowId` is the column that tells rows apart and
 * `among` narrows the scan.
 */
export function listHas(
  row: string,
  column: string,
  ids: ValueIds,
  inner: { readonly table: string; readonly rowId: string; readonly among: string },
): string {
  if (isProbed(ids)) return `(${ids.few.map(id => `list_contains(${row}.${column}, ${id})`).join(' or ')})`;
  const elements = `select ${inner.rowId}, unnest(${column}) as value from ${inner.table}${inner.among}`;
  return `${row}.${inner.rowId} in (select ${inner.rowId} from (${elements}) where value in (${listOf(ids)}))`;
}

/**
 * One row of attr_values by its columns type, str, int, num and, if lists are wanted, strs and nums. Bytes and maps have no
 * place in TraceQL: they exist, but compare with nothing.
 */
export function valueAt(c: Record<string, unknown[]>, i: number): Value {
  switch (c.type[i] as number) {
    case AttrType.string:
      return c.str[i] as string;
    case AttrType.bool:
      return c.num[i] === 1;
    case AttrType.int:
      return c.int[i] as bigint;
    case AttrType.double:
      return c.num[i] as number;
    case AttrType.empty:
      return undefined;
    case AttrType.list:
      return { strings: (c.strs?.[i] as string[] | null) ?? [], numbers: (c.nums?.[i] as number[] | null) ?? [] };
    default:
      return { strings: [], numbers: [] };
  }
}
