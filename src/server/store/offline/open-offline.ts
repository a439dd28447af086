import { existsSync } from 'node:fs';
import { err, type Result } from '#domain/result.ts';
import { isDamage, messageOf } from '#server/store/fault.ts';
import type { Database } from '#server/store/open/database.ts';
import { DirectoryLock } from '#server/store/open/directory-lock.ts';
import { openPrepared } from '#server/store/open/open-prepared.ts';
import { databasePath } from '#server/store/open/paths.ts';
import type { StoreOpenError } from '#server/store/store-types.ts';

/** Runs `work` on the database of a directory that no server has open. `notices`: what the log had lost. */
export async function withOfflineDatabase<T>(
  dataDir: string,
  work: (database: Database, notices: readonly string[]) => Promise<Result<T, StoreOpenError>>,
): Promise<Result<T, StoreOpenError>> {
  if (!existsSync(databasePath(dataDir))) {
    const message = `there is no database in ${dataDir}`;
    return err({ cause: 'unwritable', message, remedy: 'name its folder with --data-dir' });
  }
  const lock = DirectoryLock.take(dataDir);
  if (!lock.ok)
    return err({ ...lock.error, remedy: 'stop that process; or make a backup, which may run, and verify that' });
  try {
    const notices: string[] = [];
    const options = { dataDir, memoryLimit: '1GB', minFreeDiskBytes: 0 };
    const opened = await openPrepared(options, Date.now(), { notice: text => notices.push(text) });
    if (!opened.ok && opened.error.isUnopenable === true)
      return err({ ...opened.error, remedy: 'restore a backup; a server would keep this file aside and begin anew' });
    if (!opened.ok) return opened;
    const database = opened.value;
    try {
      return await work(database, notices);
    } catch (cause) {
      if (!isDamage(cause)) throw cause;
      const message = `${databasePath(dataDir)} is damaged: ${messageOf(cause)}`;
      return err({
        cause: 'damaged',
        message,
        remedy: 'restore a backup; until then a server leaves out what is damaged',
      });
    } finally {
      database.close();
    }
  } finally {
    lock.value.release();
  }
}
