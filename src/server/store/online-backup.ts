import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { BackupFile } from '#domain/api/store-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { diskFreeBytes, totalBytes } from './disk.ts';
import { messageOf } from './fault.ts';
import type { Database } from './open/database.ts';
import { backupDir } from './open/paths.ts';

/**
 * Copies an open database into one file of its own, as of one moment: a single statement on a connection of its own, so that
 * commits, queries and checkpoints go on beside it. The file stays in the folder for backups until it is fetched from there
 * or the next backup is made.
 */
export class OnlineBackup {
  #connection: DuckDBConnection | undefined;
  #running: Promise<unknown> | undefined;
  #isStopped = false;

  /** The error is one line: another one is under way, too little disk, or what DuckDB said. */
  run(
    database: Database,
    settings: { readonly dataDir: string; readonly minFreeDiskBytes: number },
    nowMs: number,
  ): Promise<Result<BackupFile, string>> {
    if (this.#running !== undefined) return Promise.resolve(err('a backup is being made; try again when it is done'));
    const running = this.#copy(database, settings, nowMs).finally(() => {
      this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  /** Gives up the backup under way; resolves when DuckDB has let go of it. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    while (this.#running !== undefined) {
      this.#connection?.interrupt();
      await Promise.race([this.#running, new Promise(resolve => setTimeout(resolve, 20))]);
    }
    this.#isStopped = false;
  }

  async #copy(
    database: Database,
    { dataDir, minFreeDiskBytes }: { readonly dataDir: string; readonly minFreeDiskBytes: number },
    nowMs: number,
  ): Promise<Result<BackupFile, string>> {
    const folder = backupDir(dataDir);
    const name = `throughline-${new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-')}.duckdb`;
    const path = join(folder, name);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const old of readdirSync(folder)) rmSync(join(folder, old), { force: true });
      const needed = totalBytes(dataDir) + minFreeDiskBytes;
      const free = diskFreeBytes(dataDir);
      if (free < needed) return err(`a backup needs ${mib(needed)} MiB of free disk, ${mib(free)} MiB are free`);
      this.#connection = await database.connect();
      await copyTo(this.#connection, path, () => this.#isStopped);
      return ok({ name, bytes: statSync(path).size });
    } catch (cause) {
      rmSync(path, { force: true });
      rmSync(`${path}.wal`, { force: true });
      return err(
        this.#isStopped ? 'the backup was given up: the store stops' : `the backup failed: ${messageOf(cause)}`,
      );
    } finally {
      this.#connection?.closeSync();
      this.#connection = undefined;
    }
  }
}

async function copyTo(connection: DuckDBConnection, path: string, isStopped: () => boolean): Promise<void> {
  const found = await connection.runAndReadAll('select current_database()');
  const source = String(found.getRows()[0][0]);
  await connection.run(`attach ${quoted(path)} as backup (storage_version 'v1.5.0')`);
  try {
    if (isStopped()) throw new Error('stopped');
    await connection.run(`copy from database "${source.replaceAll('"', '""')}" to backup`);
    await connection.run('checkpoint backup');
  } finally {
    await connection.run('detach backup');
  }
}

/** ATTACH takes no parameters; the path is made of the configured folder and a time. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}

function mib(bytes: number): number {
  return Math.ceil(bytes / (1024 * 1024));
}
