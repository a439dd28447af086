import type { DuckDBConnection } from '@duckdb/node-api';
import { err, ok, type Result } from '#domain/result.ts';
import { metaSql, migrations } from '#server/store/schema/meta.sql.ts';
import type { StoreOpenError } from '#server/store/store-types.ts';
import { databasePath } from './paths.ts';

/** Raised whenever a table changes its meaning or shape. */
export const SCHEMA_VERSION = '6';

/** Creates the schema in an empty database, brings an older one up to date; refuses any other without touching it. */
export async function prepareSchema(
  connection: DuckDBConnection,
  dataDir: string,
): Promise<Result<void, StoreOpenError>> {
  const found = await versionOf(connection);
  if (found === undefined) {
    await connection.run('begin');
    await connection.run(metaSql);
    await connection.run("insert into schema_meta values ('version', $version)", { version: SCHEMA_VERSION });
    await connection.run('commit');
    // Replay of DDL from the log has had bugs: leave none in it.
    await connection.run('checkpoint');
    return ok(undefined);
  }
  if (found === SCHEMA_VERSION) return ok(undefined);
  if (await migrate(connection, found)) return ok(undefined);
  return err({
    cause: 'schema',
    message: `the database ${databasePath(dataDir)} has schema version ${found}; this program reads version ${SCHEMA_VERSION}`,
    remedy: `run the version of throughline that wrote it, or move ${dataDir} aside and start with an empty store`,
  });
}

/** The version of a database that `prepareSchema` would change; undefined: it would change none. */
export async function migratedFrom(connection: DuckDBConnection): Promise<string | undefined> {
  const found = await versionOf(connection);
  return found !== undefined && migrations[found] !== undefined ? found : undefined;
}

/** Step by step in one transaction: a kill leaves the old version or the new one. false: no way leads from there. */
async function migrate(connection: DuckDBConnection, found: string): Promise<boolean> {
  if (migrations[found] === undefined) return false;
  await connection.run('begin');
  for (let version = found; version !== SCHEMA_VERSION; version = String(Number(version) + 1)) {
    if (migrations[version] !== '') await connection.run(migrations[version]);
  }
  await connection.run("update schema_meta set value = $version where key = 'version'", { version: SCHEMA_VERSION });
  await connection.run('commit');
  await connection.run('checkpoint');
  return true;
}

/** undefined: the database is empty. */
async function versionOf(connection: DuckDBConnection): Promise<string | undefined> {
  const tables = await connection.runAndReadAll(
    "select count(*), count(*) filter (table_name = 'schema_meta') from duckdb_tables()",
  );
  const [count, meta] = tables.getRows()[0].map(Number);
  if (count === 0) return undefined;
  if (meta === 0) return 'unknown';
  const rows = await connection.runAndReadAll("select value from schema_meta where key = 'version'");
  return String(rows.getRows()[0]?.[0] ?? 'unknown');
}
