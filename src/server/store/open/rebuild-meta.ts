import type { DuckDBConnection } from '@duckdb/node-api';
import { isDamage } from '#server/store/fault.ts';
import { promotedKeys } from '#server/store/promoted-keys.ts';
import { bindParams } from '#server/store/read/sql-params.ts';
import { metaSql } from '#server/store/schema/meta.sql.ts';
import { segmentTable, segmentTables } from '#server/store/schema/segment-table.ts';
import { SCHEMA_VERSION } from './schema-version.ts';

/** The store's small tables. */
export const metaTables = [
  'schema_meta',
  'segments',
  'pruned',
  'pins',
  'pin_parts',
  'states',
  'service_slots',
] as const;

export type MetaTable = (typeof metaTables)[number];

/** Read whole at start: damage in them is found before anything depends on them. The others may hold a GiB. */
export const metaTablesReadAtStart = ['segments', 'pruned', 'pins', 'service_slots'] as const;

/** What goes with each table; the spans themselves are in none of them. */
const lost: Readonly<Record<MetaTable, string>> = {
  schema_meta: '',
  segments: 'which of them are samples or copies of pinned traces',
  pruned: 'what retention dropped, and when',
  pins: 'the pins',
  pin_parts: 'the copies of pinned traces',
  states: 'the states of long links',
  service_slots: 'the colours of services',
};

/** Made anew from the segments, or constant: rows that can still be read would only be in the way. */
const derived: ReadonlySet<string> = new Set(['schema_meta', 'segments']);
/** Below so many rows nothing more is tried to tell a damaged one from its neighbours; a part of a pin stands alone. */
const SMALLEST_STEP: Readonly<Partial<Record<MetaTable, number>>> = { pin_parts: 1 };
const STEP_ROWS = 64;

/**
 * Makes anew those of the store's small tables that cannot be read whole, with the rows of them that can be; the list of
 * segments from the segments themselves. Says what is lost with them, one clause each; undefined: they can all be read, so
 * that the damage is elsewhere.
 */
export async function rebuildMeta(
  connection: DuckDBConnection,
  baggageKeys: readonly string[],
  nowMs: number,
): Promise<readonly string[] | undefined> {
  // An older version has not got all of them.
  await connection.run(metaSql);
  const damaged = await damagedMeta(connection, metaTables);
  if (damaged.length === 0) return undefined;
  const rescued = damaged.filter(table => !derived.has(table));
  const lostRows = new Map<string, string>();
  for (const table of rescued) {
    const { kept, total } = await keepReadable(connection, table);
    lostRows.set(table, kept === 0 ? '' : ` (${total - kept} of ${total} rows)`);
    if (kept === total) lostRows.delete(table);
  }
  await connection.run('begin');
  for (const table of damaged) await connection.run(`drop table ${table}`);
  await connection.run(metaSql);
  for (const table of rescued) await connection.run(`insert into ${table} from temp.${rescueTable(table)}`);
  if (damaged.includes('schema_meta')) {
    await connection.run("insert into schema_meta values ('version', $version)", { version: SCHEMA_VERSION });
  }
  if (damaged.includes('segments')) {
    const ids = await inOrderOfArrival(connection, await segmentsFound(connection));
    for (const [i, id] of ids.entries()) await addSegment(connection, id, i + 1, promotedKeys(baggageKeys), nowMs);
  }
  await connection.run('commit');
  await connection.run('checkpoint');
  return damaged.flatMap(table => {
    const rows = derived.has(table) ? '' : lostRows.get(table);
    return rows === undefined || lost[table] === '' ? [] : [`${lost[table]}${rows}`];
  });
}

/** Those of the store's small tables, among `tables`, that cannot be read from end to end. */
export async function damagedMeta<T extends MetaTable>(
  connection: DuckDBConnection,
  tables: readonly T[],
): Promise<readonly T[]> {
  const damaged: T[] = [];
  for (const table of tables) if (!(await isReadable(connection, table))) damaged.push(table);
  return damaged;
}

/** Copies what can be read of a table into a temporary one: whole where that works, else in halves, down to single steps. */
async function keepReadable(
  connection: DuckDBConnection,
  table: MetaTable,
): Promise<{ readonly kept: number; readonly total: number }> {
  const target = rescueTable(table);
  await connection.run(`create or replace temp table ${target} as from ${table} limit 0`);
  const { total, last } = await extentOf(connection, table);
  const smallest = SMALLEST_STEP[table] ?? STEP_ROWS;
  const ranges = [{ from: 0, to: last }];
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const { from, to } = range;
    try {
      await connection.run(`insert into temp.${target} from ${table} where rowid between ${from} and ${to}`);
    } catch (cause) {
      if (!isDamage(cause)) throw cause;
      if (to - from < smallest) continue;
      const middle = (from + to) >> 1;
      ranges.push({ from: middle + 1, to }, { from, to: middle });
    }
  }
  const kept = await connection.runAndReadAll(`select count(*) from temp.${target}`);
  return { kept: Number(kept.getRows()[0][0]), total };
}

async function extentOf(
  connection: DuckDBConnection,
  table: MetaTable,
): Promise<{ readonly total: number; readonly last: number }> {
  try {
    const found = await connection.runAndReadAll(`select count(*), coalesce(max(rowid), -1) from ${table}`);
    const [total, last] = found.getRows()[0].map(Number);
    return { total, last };
  } catch (cause) {
    if (!isDamage(cause)) throw cause;
    return { total: 0, last: -1 };
  }
}

function rescueTable(table: MetaTable): string {
  return `rescued_${table}`;
}

async function isReadable(connection: DuckDBConnection, table: MetaTable): Promise<boolean> {
  try {
    await connection.runAndReadAll(`select max(hash(t)) from ${table} t`);
    return true;
  } catch (cause) {
    if (!isDamage(cause)) throw cause;
    return false;
  }
}

/** Numbers of whole sets of segment tables. */
async function segmentsFound(connection: DuckDBConnection): Promise<number[]> {
  const found = await connection.runAndReadAll('select table_name from duckdb_tables() where not temporary');
  const names = new Set(found.getRows().map(([name]) => String(name)));
  const ids = [...names].flatMap(name => /^spans_(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  return ids.filter(id => segmentTables.every(table => names.has(segmentTable(table, id)))).sort((a, b) => a - b);
}

/** By the row numbers of their spans, which ascend over the whole store and outlive compaction, as ids do not. */
async function inOrderOfArrival(connection: DuckDBConnection, ids: readonly number[]): Promise<number[]> {
  const first = new Map<number, number>();
  for (const id of ids) {
    try {
      const found = await connection.runAndReadAll(`select min(row_id) from ${segmentTable('spans', id)}`);
      first.set(id, Number(found.getRows()[0][0] ?? 0));
    } catch (cause) {
      if (!isDamage(cause)) throw cause;
    }
  }
  return [...ids].sort((a, b) => (first.get(a) ?? 0) - (first.get(b) ?? 0) || a - b);
}

/** As one that is closed now: retention counts anew, since nothing tells when its spans arrived. */
async function addSegment(
  connection: DuckDBConnection,
  id: number,
  place: number,
  configured: readonly string[],
  nowMs: number,
): Promise<void> {
  const spans = segmentTable('spans', id);
  let [count, low, high] = [0n, 0n, 0n];
  let promoted: readonly string[] = configured;
  try {
    const found = await connection.runAndReadAll(
      `select count(*), min(start_ns) filter (start_ns > 0), max(start_ns + duration_ns) from ${spans}`,
    );
    [count, low, high] = found.getRows()[0].map(value => (value as bigint | null) ?? 0n);
    promoted = await promotedOf(connection, id, configured);
  } catch (cause) {
    // It is listed so that the damage is met and told when it is read.
    if (!isDamage(cause)) throw cause;
    [count, low, high] = [1n, 0n, 2n ** 63n - 1n];
  }
  const { values, types } = bindParams({ id, now: nowMs, low, high, count, promoted, place });
  await connection.run(
    "insert into segments values ($id, 'live', $now, $now, $low, $high, $count, $promoted, $place, null)",
    values,
    types,
  );
}

/** Key of each promoted column: by a value that stands in it; where there is none, it does not matter. */
async function promotedOf(
  connection: DuckDBConnection,
  id: number,
  configured: readonly string[],
): Promise<readonly string[]> {
  const columns = await connection.runAndReadAll(
    `select column_name from duckdb_columns() where table_name = '${segmentTable('spans', id)}' and column_name like 'p\\_%' escape '\\' order by column_index`,
  );
  const keys: string[] = [];
  for (const [i, [column]] of columns.getRows().entries()) {
    const found = await connection.runAndReadAll(
      `select key from ${segmentTable('attr_values', id)} where id = (select ${column} from ${segmentTable('spans', id)} where ${column} is not null limit 1)`,
    );
    const key = found.getRows()[0]?.[0];
    const unused = keys.includes(configured[i]) ? `unused ${i}` : (configured[i] ?? `unused ${i}`);
    keys.push(key === undefined ? unused : String(key));
  }
  return keys;
}
