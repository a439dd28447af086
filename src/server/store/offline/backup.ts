import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { err, ok, type Result } from '#domain/result.ts';
import { databasePath } from '#server/store/open/paths.ts';
import type { StoreOpenError } from '#server/store/store-types.ts';
import { withOfflineDatabase } from './open-offline.ts';

/**
 * Writes the whole store to `file`, one database that opens by itself: rename it to the name of the database in an empty
 * folder. Only while no server runs; an existing file is kept. Resolves to its size in bytes.
 */
export async function backupStore(dataDir: string, file: string): Promise<Result<number, StoreOpenError>> {
  if (existsSync(file)) return refused(`${file} exists`, 'choose another name');
  return await withOfflineDatabase(dataDir, async database => {
    await database.write.run('checkpoint');
    // A file of DuckDB may be read through `fs` only when this process has it closed.
    database.close();
    const partial = `${file}.partial`;
    try {
      copyFileSync(databasePath(dataDir), partial);
      const handle = openSync(partial, 'r+');
      fsyncSync(handle);
      closeSync(handle);
      renameSync(partial, file);
      return ok(statSync(file).size);
    } catch (cause) {
      rmSync(partial, { force: true });
      return refused(`cannot write ${file}: ${cause instanceof Error ? cause.message : cause}`, 'choose another place');
    }
  });
}

function refused(message: string, remedy: string): Result<never, StoreOpenError> {
  return err({ cause: 'unwritable', message, remedy });
}
