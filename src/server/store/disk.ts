import { statfsSync, statSync } from 'node:fs';
import { databasePath, walPath } from './open/paths.ts';

/** Sizes of the store's files. `stat` only: the owner of a DuckDB file must never open it. */
export function fileBytes(dataDir: string): { readonly database: number; readonly wal: number } {
  return { database: sizeOf(databasePath(dataDir)), wal: sizeOf(walPath(dataDir)) };
}

export function totalBytes(dataDir: string): number {
  const { database, wal } = fileBytes(dataDir);
  return database + wal;
}

export function diskFreeBytes(dataDir: string): number {
  try {
    const { bavail, bsize } = statfsSync(dataDir);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
