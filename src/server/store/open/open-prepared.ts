import { err, ok, type Result } from '#domain/result.ts';
import { isDamage, messageOf } from '#server/store/fault.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { databasePath } from './paths.ts';
import { openWithSalvage, type SalvageError } from './salvage.ts';
import { migratedFrom, prepareSchema, SCHEMA_VERSION } from './schema-version.ts';
import { keepAside } from './set-aside.ts';

export interface PrepareOptions extends DatabaseOptions {
  readonly minFreeDiskBytes: number;
}

/** Who is told of what happens on the way. */
export interface PrepareListeners {
  /** What was lost or repaired. */
  readonly notice: (text: string) => void;
  /** What went as it should. */
  readonly told?: (text: string) => void;
  /** See `openWithSalvage`. */
  readonly dropped?: (bytes: number) => void;
}

/** `isMetaDamage`: a small table of the store cannot be read. */
export type PrepareError = SalvageError & { readonly isMetaDamage?: boolean };

/** Opens the database of a directory with the schema of this version. One of an older version is copied before it is changed. */
export async function openPrepared(
  options: PrepareOptions,
  nowMs: number,
  { notice, told, dropped }: PrepareListeners,
): Promise<Result<Database, PrepareError>> {
  const { dataDir } = options;
  const opened = await openWithSalvage(options, nowMs, notice, dropped);
  if (!opened.ok) return opened;
  let database = opened.value;
  try {
    const version = await migratedFrom(database.write);
    if (version !== undefined) {
      await database.write.run('checkpoint');
      database.close();
      const copy = keepAside(dataDir, `version-${version}`, options.minFreeDiskBytes, nowMs);
      database = await Database.open(options);
      const kept = copy === undefined ? 'there was no room to keep a copy of it' : `it is kept as ${copy}`;
      told?.(`The database is brought from schema version ${version} to ${SCHEMA_VERSION}; as it was before, ${kept}.`);
    }
    const prepared = await prepareSchema(database.write, dataDir);
    if (prepared.ok) return ok(database);
    database.close();
    return prepared;
  } catch (cause) {
    database.close();
    return err(unreadable(dataDir, cause));
  }
}

export function unreadable(dataDir: string, cause: unknown): PrepareError {
  const message = `the database ${databasePath(dataDir)} cannot be read: ${messageOf(cause)}`;
  const remedy = `move ${dataDir} aside (keep it) and start again`;
  return { cause: 'damaged', message, remedy, isMetaDamage: isDamage(cause) };
}
