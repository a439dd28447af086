import { join } from 'node:path';

// Apart from what opens the files: asking for their size must not load DuckDB.

export function databasePath(dataDir: string): string {
  return join(dataDir, 'throughline.duckdb');
}

export function walPath(dataDir: string): string {
  return `${databasePath(dataDir)}.wal`;
}

/** The one folder, besides the database itself, that SQL can write to. */
export function backupDir(dataDir: string): string {
  return join(dataDir, 'backup');
}
