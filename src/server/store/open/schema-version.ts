import type { DuckDBConnection } from '@duckdb/node-api';
import { err, ok, type Result } from '#domain/result.ts';
import { metaSql } from '#server/store/schema/meta.sql.ts';
import type { StoreOpenError } from '#server/store/store-types.ts';
import { databasePath } from './database.ts';

/** Raised whenever a table changes its meaning or shape. */
export const SCHEMA_VERSION = '1';

/** Creates the schema in an empty database; refuses one of another version without touching it. */
export async function prepareSchema(
  connection: DuckDBConnection,
  dataDir: string,
): Promise<Result<void, StoreOpenError>> {
  const tables = await connection.runAndReadAll(
    "select count(*), count(*) filter (table_name = 'schema_meta') from duckdb_tables()",
  );
  const [count, meta] = tables.getRows()[0].map(Number);
  if (count === 0) {
    await connection.run('begin');
    await connection.run(metaSql);
    await connection.run("insert into schema_meta values ('version', $version)", { version: SCHEMA_VERSION });
    await connection.run('commit');
    // Replay of DDL from the log has had bugs: leave none in it.
    await connection.run('checkpoint');
    return ok(undefined);
  }
  const found = meta === 0 ? 'unknown' : await versionOf(connection);
  if (found === SCHEMA_VERSION) return ok(undefined);
  return err({
    cause: 'schema',
    message: `the database ${databasePath(dataDir)} has schema version ${found}; this program reads version ${SCHEMA_VERSION}`,
    remedy: `run the version of throughline that wrote it, or move ${dataDir} aside and start with an empty store`,
  });
}

async function versionOf(connection: DuckDBConnection): Promise<string> {
  const rows = await connection.runAndReadAll("select value from schema_meta where key = 'version'");
  return String(rows.getRows()[0]?.[0] ?? 'unknown');
}
