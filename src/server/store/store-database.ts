import { err, ok, type Result } from '#domain/result.ts';
import { checkpointSpace, isCheckpointDue } from './checkpoints.ts';
import { dropUnfinished } from './compaction/compactor.ts';
import { fileBytes } from './disk.ts';
import { DiskGuard } from './disk-guard.ts';
import { isDamage, isFatal, messageOf } from './fault.ts';
import { Notices } from './notices.ts';
import type { Database } from './open/database.ts';
import { databasePath } from './open/paths.ts';
import { keepAside, rebuildMeta } from './open/rebuild-meta.ts';
import { openWithSalvage } from './open/salvage.ts';
import { prepareSchema } from './open/schema-version.ts';
import type { StoreEvents, WorkerSettings } from './protocol.ts';
import { SegmentCatalog } from './segment-catalog.ts';
import { ServiceSlots } from './service-slots.ts';
import type { StoreOpenError } from './store-types.ts';

/** What a core needs beside its settings. The clock is a function so that tests can move it. */
export interface CoreOptions {
  readonly settings: WorkerSettings;
  readonly events: StoreEvents;
  readonly nowMs: () => number;
}

/** The open database and what is known of its contents; both are had anew when DuckDB gives an instance up. */
export class StoreDatabase {
  readonly options: CoreOptions;
  readonly notices: Notices;
  readonly disk: DiskGuard;
  /** DuckDB gave the instance up: `reopen` before anything else. */
  isBroken = false;
  /** What to do when a checkpoint found that out. */
  onBroken: () => Promise<void> = () => Promise.resolve();
  #database: Database;
  #catalog: SegmentCatalog;
  #slots: ServiceSlots;
  #lastWriteMs: number;
  #lastCheckpointMs: number;

  private constructor(
    options: CoreOptions,
    database: Database,
    catalog: SegmentCatalog,
    slots: ServiceSlots,
    notices: Notices,
  ) {
    const { dataDir, minFreeDiskBytes } = options.settings;
    this.options = options;
    this.notices = notices;
    this.disk = new DiskGuard(dataDir, minFreeDiskBytes, text => notices.tell(text));
    this.#database = database;
    this.#catalog = catalog;
    this.#slots = slots;
    this.#lastWriteMs = this.#lastCheckpointMs = options.nowMs();
  }

  /** Opens the database of a directory that is already locked. */
  static async open(options: CoreOptions): Promise<Result<StoreDatabase, StoreOpenError>> {
    const { dataDir } = options.settings;
    const notices = new Notices(options.events.notice);
    const first = await StoreDatabase.#load(options, notices);
    if (first.ok || !('isMetaDamage' in first.error)) return first;
    // Nothing has it open now.
    const copy = keepAside(dataDir, options.nowMs());
    const repaired = await repairMeta(options, copy, text => notices.add(text));
    return repaired.ok ? await StoreDatabase.#load(options, notices) : repaired;
  }

  static async #load(
    options: CoreOptions,
    notices: Notices,
  ): Promise<Result<StoreDatabase, StoreOpenError & { readonly isMetaDamage?: true }>> {
    const { dataDir } = options.settings;
    const opened = await openWithSalvage(options.settings, options.nowMs(), text => notices.add(text));
    if (!opened.ok) return opened;
    const database = opened.value;
    try {
      const prepared = await prepareSchema(database.write, dataDir);
      if (!prepared.ok) {
        database.close();
        return prepared;
      }
      await dropUnfinished(database.write);
      const catalog = await SegmentCatalog.load(database.write);
      const slots = await ServiceSlots.load(database.write);
      return ok(new StoreDatabase(options, database, catalog, slots, notices));
    } catch (cause) {
      database.close();
      const error = unreadable(dataDir, cause);
      return err(isDamage(cause) ? { ...error, isMetaDamage: true } : error);
    }
  }

  get connections(): Database {
    return this.#database;
  }

  get catalog(): SegmentCatalog {
    return this.#catalog;
  }

  get slots(): ServiceSlots {
    return this.#slots;
  }

  /** A new instance, which replays the log. Nothing may use the old one any more. Throws if none can be had now. */
  async reopen(): Promise<void> {
    const { settings, nowMs } = this.options;
    this.#database.close();
    const opened = await openWithSalvage(settings, nowMs(), text => this.notices.add(text));
    if (!opened.ok) throw new Error(opened.error.message);
    this.#database = opened.value;
    await dropUnfinished(this.#database.write);
    this.#catalog = await SegmentCatalog.load(this.#database.write);
    this.#slots = await ServiceSlots.load(this.#database.write);
    this.isBroken = false;
    this.notices.add('The database was reopened after a fatal error.');
  }

  wrote(): void {
    this.#lastWriteMs = this.options.nowMs();
  }

  isCheckpointDue(): boolean {
    const { settings, nowMs } = this.options;
    const now = nowMs();
    return isCheckpointDue({
      walBytes: fileBytes(settings.dataDir).wal,
      idleMs: Math.abs(now - this.#lastWriteMs),
      sinceLastMs: Math.abs(now - this.#lastCheckpointMs),
      diskFreeBytes: this.disk.freeBytes(),
    });
  }

  /** Never rejects: what is committed is durable without it, and the next one may succeed. */
  async checkpoint(): Promise<void> {
    const began = performance.now();
    this.#lastCheckpointMs = this.options.nowMs();
    try {
      await this.#database.write.run('checkpoint');
      this.options.events.checkpointed((performance.now() - began) / 1000);
    } catch (cause) {
      this.notices.add(`A checkpoint failed; nothing is lost: ${messageOf(cause)}`);
      if (!isFatal(cause)) return;
      this.isBroken = true;
      await this.onBroken();
    }
  }

  /** With a last checkpoint where the disk has room for it. */
  async close(): Promise<void> {
    if (this.isBroken) return;
    const { wal } = fileBytes(this.options.settings.dataDir);
    if (wal > 0 && this.disk.freeBytes(0) > checkpointSpace(wal)) await this.checkpoint();
    this.#database.close();
  }
}

/** Makes the small tables of the store anew where they cannot be read. */
async function repairMeta(
  { settings, nowMs }: CoreOptions,
  copy: string | undefined,
  notice: (text: string) => void,
): Promise<Result<void, StoreOpenError>> {
  const opened = await openWithSalvage(settings, nowMs(), notice);
  if (!opened.ok) return opened;
  try {
    const lost = await rebuildMeta(opened.value.write, settings.baggageKeys, nowMs());
    const kept =
      copy === undefined ? 'There was no room to keep the damaged file.' : `The damaged file is kept as ${copy}.`;
    const what = lost.length === 0 ? 'nothing' : lost.join('; ');
    notice(
      `The small tables of ${databasePath(settings.dataDir)} were damaged and made anew; lost with them: ${what}. ${kept}`,
    );
    return ok(undefined);
  } catch (cause) {
    return err(unreadable(settings.dataDir, cause));
  } finally {
    opened.value.close();
  }
}

function unreadable(dataDir: string, cause: unknown): StoreOpenError {
  const message = `the database in ${dataDir} cannot be read: ${messageOf(cause)}`;
  return { cause: 'damaged', message, remedy: `move ${dataDir} aside (keep it) and start again` };
}
