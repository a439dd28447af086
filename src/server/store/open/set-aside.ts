import { constants, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { diskFreeBytes } from '#server/store/disk.ts';
import { databasePath, walPath } from './paths.ts';

/**
 * Copies a database that nothing has open, before it is changed; its new name, of which `what` is a part, or undefined where
 * there is no room for it beside `spareBytes`.
 */
export function keepAside(dataDir: string, what: string, spareBytes: number, nowMs: number): string | undefined {
  const path = databasePath(dataDir);
  const copy = freeName(`${path}.${what}-${nowMs}`);
  try {
    if (diskFreeBytes(dataDir) < statSync(path).size + spareBytes) return undefined;
    copyFileSync(path, copy, constants.COPYFILE_FICLONE);
    return basename(copy);
  } catch {
    rmSync(copy, { force: true });
    return undefined;
  }
}

/** Moves a database that cannot be opened, and its log, out of the way, under names that belong together; the new name. */
export function moveAside(dataDir: string, nowMs: number): string {
  const moved = freeName(`${databasePath(dataDir)}.unreadable-${nowMs}`);
  // The log first: without its database it does no harm where it lies, a new database would replay it.
  if (existsSync(walPath(dataDir))) renameSync(walPath(dataDir), `${moved}.wal`);
  renameSync(databasePath(dataDir), moved);
  return basename(moved);
}

function freeName(path: string): string {
  let name = path;
  for (let i = 2; existsSync(name); i++) name = `${path}-${i}`;
  return name;
}
