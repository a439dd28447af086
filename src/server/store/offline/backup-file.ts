import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { err, type Result } from '#domain/result.ts';
import type { StoreOpenError } from '#server/store/store-types.ts';

/** Why no backup can be written to `file`, said before one is made; undefined if it can. */
export function backupFileFault(file: string): Result<never, StoreOpenError> | undefined {
  if (existsSync(file)) return backupRefused(`${file} exists`, 'choose another name');
  const folder = dirname(resolve(file));
  return existsSync(folder)
    ? undefined
    : backupRefused(`there is no folder ${folder}`, 'make it, or choose another place');
}

/** Copies a file to where the disk has it, whole or not at all. Throws if that fails. */
export function copyWhole(from: string, file: string): void {
  const partial = `${file}.partial`;
  try {
    copyFileSync(from, partial);
    const handle = openSync(partial, 'r+');
    fsyncSync(handle);
    closeSync(handle);
    renameSync(partial, file);
  } catch (cause) {
    rmSync(partial, { force: true });
    throw cause;
  }
}

export function backupUnwritable(file: string, cause: unknown): Result<never, StoreOpenError> {
  return backupRefused(
    `cannot write ${file}: ${cause instanceof Error ? cause.message : cause}`,
    'choose another place',
  );
}

export function backupRefused(message: string, remedy: string): Result<never, StoreOpenError> {
  return err({ cause: 'unwritable', message, remedy });
}
