import { statSync } from 'node:fs';
import { ok, type Result } from '#domain/result.ts';
import { databasePath } from '#server/store/open/paths.ts';
import type { StoreOpenError } from '#server/store/store-types.ts';
import { backupFileFault, backupUnwritable, copyWhole } from './backup-file.ts';
import { withOfflineDatabase } from './open-offline.ts';

/**
 * Writes the whole store to `file`, one database that opens by itself: rename it to the name of the database in an empty
 * folder. Only while no server runs; an existing file is kept. Resolves to its size in bytes.
 */
export async function backupStore(dataDir: string, file: string): Promise<Result<number, StoreOpenError>> {
  const fault = backupFileFault(file);
  if (fault !== undefined) return fault;
  return await withOfflineDatabase(dataDir, async database => {
    await database.write.run('checkpoint');
    // A file of DuckDB may be read through `fs` only when this process has it closed.
    database.close();
    try {
      copyWhole(databasePath(dataDir), file);
      return ok(statSync(file).size);
    } catch (cause) {
      return backupUnwritable(file, cause);
    }
  });
}
