import { constants, copyFileSync, existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { isDamage } from '#server/store/fault.ts';
import { promotedKeys } from '#server/store/promoted-keys.ts';
import { bindParams } from '#server/store/read/sql-params.ts';
import { metaSql } from '#server/store/schema/meta.sql.ts';
import { segmentTable, segmentTables } from '#server/store/schema/segment-table.ts';
import { databasePath } from './paths.ts';
import { SCHEMA_VERSION } from './schema-version.ts';

const metaTables = ['schema_meta', 'segments', 'pruned', 'pins', 'pin_parts', 'states', 'service_slots'] as const;

/** What goes with each table; the spans themselves are in none of them. */
const lost: Readonly<Record<(typeof metaTables)[number], string>> = {
  schema_meta: '',
  segments: 'which of them are samples or copies of pinned traces',
  pruned: 'what retention dropped, and when',
  pins: 'the pins',
  pin_parts: 'the copies of pinned traces',
  states: 'the states of long links',
  service_slots: 'the colours of services',
};

/** Copies a database that nothing has open, before it is changed; its new name, or undefined where there is no room. */
export function keepAside(dataDir: string, nowMs: number): string | undefined {
  const copy = `${databasePath(dataDir)}.damaged-${nowMs}`;
  try {
    if (!existsSync(copy)) copyFileSync(databasePath(dataDir), copy, constants.COPYFILE_FICLONE);
    return basename(copy);
  } catch {
    return undefined;
  }
}

/**
 * Makes anew those of the store's small tables that cannot be read; the list of segments from the segments themselves. Says
 * what is lost with them, one clause each; nothing: they can all be read, so that the damage is elsewhere.
 */
export async function rebuildMeta(
  connection: DuckDBConnection,
  baggageKeys: readonly string[],
  nowMs: number,
): Promise<readonly string[]> {
  const damaged: (typeof metaTables)[number][] = [];
  // An older version has not got all of them.
  await connection.run(metaSql);
  for (const table of metaTables) if (!(await isReadable(connection, table))) damaged.push(table);
  if (damaged.length === 0) return [];
  await connection.run('begin');
  for (const table of damaged) await connection.run(`drop table ${table}`);
  await connection.run(metaSql);
  if (damaged.includes('schema_meta')) {
    await connection.run("insert into schema_meta values ('version', $version)", { version: SCHEMA_VERSION });
  }
  if (damaged.includes('segments')) {
    const ids = await inOrderOfArrival(connection, await segmentsFound(connection));
    for (const [i, id] of ids.entries()) await addSegment(connection, id, i + 1, promotedKeys(baggageKeys), nowMs);
  }
  await connection.run('commit');
  await connection.run('checkpoint');
  return damaged.map(table => lost[table]).filter(text => text !== '');
}

async function isReadable(connection: DuckDBConnection, table: string): Promise<boolean> {
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
