import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '#domain/result.ts';
import type { StoreOpenError } from '#server/store/store-types.ts';

const LOCK_FILE = 'lock';

/**
 * One process per data directory: a file created with O_EXCL that names its owner. (DuckDB's own lock is a POSIX one, which
 * silently falls when the owner closes any other handle of that file.) A lock whose owner is dead is taken over.
 */
export class DirectoryLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Creates the directory (0700) if need be and locks it. */
  static take(directory: string): Result<DirectoryLock, StoreOpenError> {
    const path = join(directory, LOCK_FILE);
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      for (let attempt = 0; attempt < 3; attempt++) {
        if (create(path)) return ok(new DirectoryLock(path));
        const owner = readOwner(path);
        if (owner !== undefined && isAlive(owner)) return err(lockedBy(directory, path, owner.pid));
        rmSync(path, { force: true });
      }
      return err(lockedBy(directory, path, undefined));
    } catch (cause) {
      return err(unwritable(directory, cause));
    }
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}

interface Owner {
  readonly pid: number;
  /** Tells a process from a later one with the same number: /proc's start time, '' where there is no /proc. */
  readonly started: string;
}

export function unwritable(directory: string, cause: unknown): StoreOpenError {
  const message = `cannot write to the data directory ${directory}: ${cause instanceof Error ? cause.message : cause}`;
  return { cause: 'unwritable', message, remedy: 'make it writable for this user or choose another with --data-dir' };
}

function lockedBy(directory: string, path: string, pid: number | undefined): StoreOpenError {
  const owner = pid === undefined ? 'another process' : `process ${pid}`;
  return {
    cause: 'locked',
    message: `the data directory ${directory} is in use by ${owner} (lock file ${path})`,
    remedy: 'stop that process or choose another directory with --data-dir',
  };
}

function create(path: string): boolean {
  try {
    const owner: Owner = { pid: process.pid, started: startOf(process.pid) };
    writeFileSync(path, JSON.stringify(owner), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw cause;
  }
}

/** undefined: the file is gone or was cut off when its writer died. */
function readOwner(path: string): Owner | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('pid' in parsed) || !('started' in parsed)) return undefined;
    return typeof parsed.pid === 'number' ? { pid: parsed.pid, started: String(parsed.started) } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (cause) {
    // EPERM: it lives, under another user.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EPERM')) return false;
  }
  return startOf(owner.pid) === owner.started;
}

/** Field 22 of /proc/<pid>/stat; the second field, in parentheses, may hold spaces. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
