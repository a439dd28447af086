import { renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiError } from '#domain/api/server-api.ts';
import type { BackupFile } from '#domain/api/store-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { outboundFetch } from '#server/proxy/outbound-fetch.ts';
import { backupDir } from '#server/store/open/paths.ts';
import { ServerFile } from '#server/store/open/server-file.ts';
import type { StoreOpenError } from '#server/store/store-types.ts';
import { backupFileFault, backupRefused, backupUnwritable, copyWhole } from './backup-file.ts';

const DEADLINE_MS = 30 * 60_000;

/** Has the server that holds the directory make the backup, and moves it to `file`. Resolves to its size in bytes. */
export async function backupByServer(dataDir: string, file: string): Promise<Result<number, StoreOpenError>> {
  const fault = backupFileFault(file);
  if (fault !== undefined) return fault;
  const url = new ServerFile(dataDir).read();
  if (url === undefined) {
    const message = `${dataDir} is in use, and by no server that says where it listens`;
    return err({ cause: 'locked', message, remedy: 'stop what uses it, then try again' });
  }
  const made = await ask(new URL('api/backup', url.endsWith('/') ? url : `${url}/`));
  if (!made.ok) return made;
  try {
    // The name comes over the network: only its last part counts.
    moveTo(join(backupDir(dataDir), made.value.name.replaceAll(/[^\w.-]/g, '')), file);
    return ok(statSync(file).size);
  } catch (cause) {
    return backupUnwritable(file, cause);
  }
}

async function ask(url: URL): Promise<Result<BackupFile, StoreOpenError>> {
  try {
    const response = await outboundFetch(url, {}, AbortSignal.timeout(DEADLINE_MS), new Uint8Array(0));
    const answer = (await response.json()) as BackupFile | ApiError;
    if ('error' in answer)
      return backupRefused(`the server at ${url.origin} made no backup: ${answer.error}`, 'put that right');
    return ok(answer);
  } catch (cause) {
    return backupRefused(`the server at ${url.origin} does not answer: ${String(cause)}`, 'stop it, then try again');
  }
}

function moveTo(from: string, file: string): void {
  try {
    renameSync(from, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EXDEV') throw cause;
    copyWhole(from, file);
    rmSync(from, { force: true });
  }
}
