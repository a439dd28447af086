import { closeSync, copyFileSync, existsSync, openSync, readSync, renameSync, statSync, truncateSync } from 'node:fs';
import { basename } from 'node:path';
import { err, ok, type Result } from '#domain/result.ts';
import { diskFreeBytes } from '#server/store/disk.ts';
import { isUnopenable } from '#server/store/fault.ts';
import type { StoreOpenError } from '#server/store/store-types.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { unwritable } from './directory-lock.ts';
import { unfinishedTail } from './log-tail.ts';
import { databasePath, walPath } from './paths.ts';

/** Each round cuts the log at an earlier place, so this only guards against an endless loop. */
const MAX_ROUNDS = 8;
const HEAD_BYTES = 64;
/** Length and checksum. */
const ENTRY_HEADER_BYTES = 16;

/** `isUnopenable`: its file is damaged where all else depends on it. Then nothing was changed. */
export type SalvageError = StoreOpenError & { readonly isUnopenable?: boolean };

/**
 * Opens the database and, if the tail of its write-ahead log is damaged, saves what stands before the damage: the log is
 * copied aside, cut where DuckDB says that it breaks, and replayed. It is never deleted: it may hold everything. Where
 * damage in the database keeps the log from being replayed, the database is opened without it. `dropped`: told how many bytes
 * at the end of the log belong to no whole transaction, as after a kill.
 */
export async function openWithSalvage(
  options: DatabaseOptions,
  nowMs: number,
  notice: (text: string) => void,
  dropped: (bytes: number) => void = () => undefined,
): Promise<Result<Database, SalvageError>> {
  const { dataDir } = options;
  const wal = walPath(dataDir);
  let tailBytes = 0;
  try {
    if (existsSync(wal)) tailBytes = unfinishedTail(wal);
    if (hasEmptyHead(wal)) {
      const lost = statSync(wal).size;
      const copy = setAside(wal, nowMs);
      notice(
        `The write-ahead log began with zeros and could not be read: its ${lost} bytes are lost. It is kept as ${copy}.`,
      );
    }
  } catch (cause) {
    return err(unwritable(dataDir, cause));
  }
  let copy: string | undefined;
  const sizeBefore = statSync(wal, { throwIfNoEntry: false })?.size ?? 0;
  for (let round = 0; ; round++) {
    try {
      const database = await Database.open(options);
      if (copy !== undefined) await settle(database, notice, copy, sizeBefore, statSync(wal).size);
      else if (tailBytes > 0) dropped(tailBytes);
      return ok(database);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      const damagedAt = /Corrupt WAL file: entry at byte position (\d+)/.exec(message)?.[1];
      if (damagedAt === undefined && isUnopenable(message))
        return await openWithoutLog(options, nowMs, message, notice);
      if (damagedAt === undefined || round === MAX_ROUNDS) return err(openError(dataDir, message));
      if (copy === undefined && diskFreeBytes(dataDir) < sizeBefore) return err(noRoom(wal, sizeBefore));
      copy ??= setAside(wal, nowMs);
      // DuckDB may name the place behind the header of the damaged entry: then the header has to go as well.
      const { size } = statSync(wal);
      truncateSync(wal, Number(damagedAt) < size ? Number(damagedAt) : Math.max(0, size - ENTRY_HEADER_BYTES));
    }
  }
}

async function openWithoutLog(
  options: DatabaseOptions,
  nowMs: number,
  message: string,
  notice: (text: string) => void,
): Promise<Result<Database, SalvageError>> {
  const { dataDir } = options;
  const wal = walPath(dataDir);
  const unopenable = { ...openError(dataDir, message), isUnopenable: true };
  if (!existsSync(wal)) return err(unopenable);
  const { size } = statSync(wal);
  const copy = freeName(wal, nowMs);
  renameSync(wal, copy);
  try {
    const database = await Database.open(options);
    notice(
      `The database is damaged where its write-ahead log goes on: the ${size} bytes of the log are lost. It is kept as ${basename(copy)}.`,
    );
    return ok(database);
  } catch {
    renameSync(copy, wal);
    return err(unopenable);
  }
}

/** The log is whole again: a checkpoint takes it over, so that nothing is ever written behind the place of the damage. */
async function settle(
  database: Database,
  notice: (text: string) => void,
  copy: string,
  sizeBefore: number,
  sizeNow: number,
): Promise<void> {
  notice(
    `The write-ahead log was damaged at byte ${sizeNow} of ${sizeBefore}: spans committed before that are back, ` +
      `the ${sizeBefore - sizeNow} bytes behind it are lost. The damaged log is kept as ${copy}.`,
  );
  await database.write.run('checkpoint');
}

/** DuckDB takes a log whose head is zeroed for an empty one and says nothing. Nothing has it open yet, so it may be read. */
function hasEmptyHead(wal: string): boolean {
  if (!existsSync(wal)) return false;
  const head = new Uint8Array(HEAD_BYTES);
  const file = openSync(wal, 'r');
  const read = readSync(file, head);
  closeSync(file);
  return read > 0 && head.every(byte => byte === 0);
}

function noRoom(wal: string, bytes: number): StoreOpenError {
  return {
    cause: 'unwritable',
    message: `the write-ahead log ${wal} is damaged, and there is no room to keep a copy of its ${bytes} bytes before it is cut`,
    remedy: 'free as much disk space, then start again',
  };
}

function setAside(wal: string, nowMs: number): string {
  const copy = freeName(wal, nowMs);
  copyFileSync(wal, copy);
  return basename(copy);
}

function freeName(wal: string, nowMs: number): string {
  let copy = `${wal}.damaged-${nowMs}`;
  for (let i = 2; existsSync(copy); i++) copy = `${wal}.damaged-${nowMs}-${i}`;
  return copy;
}

function openError(dataDir: string, message: string): StoreOpenError {
  const path = databasePath(dataDir);
  const line = message
    .replaceAll(/\s+/g, ' ')
    .slice(0, 400)
    .replace(/[.!\s]+$/, '');
  if (/could not set lock/i.test(message)) {
    return {
      cause: 'locked',
      message: `the database ${path} is open in another process: ${line}`,
      remedy: 'stop that process or choose another directory with --data-dir',
    };
  }
  if (/permission denied|read-only file system|no space left/i.test(message)) return unwritable(dataDir, line);
  return {
    cause: 'damaged',
    message: `the database ${path} cannot be opened: ${line}`,
    remedy: `move ${dataDir} aside (keep it: it may be recoverable) and start again, or restore a backup`,
  };
}
