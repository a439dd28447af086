import { err, ok, type Result } from '#domain/result.ts';
import { checkpointSpace, isCheckpointDue } from './checkpoints.ts';
import { dropUnfinished } from './compaction/compactor.ts';
import { fileBytes } from './disk.ts';
import { DiskGuard } from './disk-guard.ts';
import { isBusyElsewhere, isFatal, messageOf } from './fault.ts';
import { Notices } from './notices.ts';
import type { Database } from './open/database.ts';
import { unwritable } from './open/directory-lock.ts';
import { openPrepared, type PrepareError, unreadable } from './open/open-prepared.ts';
import { databasePath } from './open/paths.ts';
import { damagedMeta, metaTablesReadAtStart, rebuildMeta } from './open/rebuild-meta.ts';
import { openWithSalvage } from './open/salvage.ts';
import { keepAside, moveAside } from './open/set-aside.ts';
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

/** What is had anew with each instance. */
interface Loaded {
  readonly database: Database;
  readonly catalog: SegmentCatalog;
  readonly slots: ServiceSlots;
  /** Small tables were made anew before. */
  readonly isMetaRebuilt: boolean;
}

/** The open database and what is known of its contents; both are had anew when DuckDB gives an instance up. */
export class StoreDatabase {
  readonly options: CoreOptions;
  readonly notices: Notices;
  readonly disk: DiskGuard;
  /** DuckDB gave the instance up: `reopen` before anything else. */
  isBroken = false;
  /** A small table cannot be read: `reopen` makes it anew. */
  isMetaDamaged = false;
  /** Small tables were made anew; whoever depends on what was in them looks after it and resets this. */
  isMetaRebuilt = false;
  /** What to do when a checkpoint found that out. */
  onBroken: () => Promise<void> = () => Promise.resolve();
  #loaded: Loaded;
  #lastWriteMs: number;
  #lastCheckpointMs: number;

  private constructor(options: CoreOptions, loaded: Loaded, notices: Notices) {
    const { dataDir, minFreeDiskBytes } = options.settings;
    this.options = options;
    this.notices = notices;
    this.disk = new DiskGuard(dataDir, minFreeDiskBytes, text => notices.tell(text));
    this.#loaded = loaded;
    this.isMetaRebuilt = loaded.isMetaRebuilt;
    this.#lastWriteMs = this.#lastCheckpointMs = options.nowMs();
  }

  /** Opens the database of a directory that is already locked. */
  static async open(options: CoreOptions): Promise<Result<StoreDatabase, StoreOpenError>> {
    const notices = new Notices(options.events.notice);
    const loaded = await StoreDatabase.#loadMended(options, notices, false);
    return loaded.ok ? ok(new StoreDatabase(options, loaded.value, notices)) : loaded;
  }

  /** What of the database is damaged is repaired, or moved aside. `isMetaDamaged`: that is known already. */
  static async #loadMended(
    options: CoreOptions,
    notices: Notices,
    isMetaDamaged: boolean,
  ): Promise<Result<Loaded, StoreOpenError>> {
    let mends = isMetaDamaged;
    if (!isMetaDamaged) {
      const loaded = await StoreDatabase.#load(options, notices);
      if (loaded.ok) return loaded;
      const { isMetaDamage = false, isUnopenable = false } = loaded.error;
      if (!isMetaDamage && !isUnopenable) return loaded;
      mends = isMetaDamage;
      const begun = isUnopenable ? beginAnew(options, loaded.error, notices) : ok(undefined);
      if (!begun.ok) return begun;
    }
    const mended = mends ? await repairMeta(options, notices) : ok(undefined);
    if (!mended.ok) return mended;
    const loaded = await StoreDatabase.#load(options, notices);
    return loaded.ok ? ok({ ...loaded.value, isMetaRebuilt: mends }) : loaded;
  }

  static async #load(options: CoreOptions, notices: Notices): Promise<Result<Loaded, PrepareError>> {
    const { settings, nowMs, events } = options;
    const opened = await openPrepared(settings, nowMs(), {
      notice: text => notices.add(text),
      told: text => notices.tell(text),
      dropped: bytes => events.logTail?.(bytes),
    });
    if (!opened.ok) return opened;
    const database = opened.value;
    try {
      await dropUnfinished(database.write);
      if ((await damagedMeta(database.write, metaTablesReadAtStart)).length > 0) {
        database.close();
        return err({ ...unreadable(settings.dataDir, 'a small table is damaged'), isMetaDamage: true });
      }
      const catalog = await SegmentCatalog.load(database.write);
      const slots = await ServiceSlots.load(database.write);
      return ok({ database, catalog, slots, isMetaRebuilt: false });
    } catch (cause) {
      database.close();
      return err(unreadable(settings.dataDir, cause));
    }
  }

  get connections(): Database {
    return this.#loaded.database;
  }

  get catalog(): SegmentCatalog {
    return this.#loaded.catalog;
  }

  get slots(): ServiceSlots {
    return this.#loaded.slots;
  }

  /** A new instance, which replays the log. Nothing may use the old one any more. Throws if none can be had now. */
  async reopen(): Promise<void> {
    this.#loaded.database.close();
    const loaded = await StoreDatabase.#loadMended(this.options, this.notices, this.isMetaDamaged);
    if (!loaded.ok) throw new Error(loaded.error.message);
    this.#loaded = loaded.value;
    this.isBroken = false;
    this.isMetaDamaged = false;
    this.isMetaRebuilt = loaded.value.isMetaRebuilt;
    if (!this.isMetaRebuilt) this.notices.add('The database was reopened after a fatal error.');
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
    const last = this.#lastCheckpointMs;
    this.#lastCheckpointMs = this.options.nowMs();
    try {
      await this.#loaded.database.write.run('checkpoint');
      this.options.events.checkpointed((performance.now() - began) / 1000);
    } catch (cause) {
      // Compaction is in the middle of a step: the next second is early enough.
      if (isBusyElsewhere(cause)) {
        this.#lastCheckpointMs = last;
        return;
      }
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
    this.#loaded.database.close();
  }
}

/** Makes those of the store's small tables anew that cannot be read. Nothing may have the database open. */
async function repairMeta({ settings, nowMs }: CoreOptions, notices: Notices): Promise<Result<void, StoreOpenError>> {
  const copy = keepAside(settings.dataDir, 'damaged', settings.minFreeDiskBytes, nowMs());
  const opened = await openWithSalvage(settings, nowMs(), text => notices.add(text));
  if (!opened.ok) return opened;
  try {
    const lost = await rebuildMeta(opened.value.write, settings.baggageKeys, nowMs());
    if (lost === undefined) return ok(undefined);
    const kept =
      copy === undefined ? 'There was no room to keep the damaged file.' : `The damaged file is kept as ${copy}.`;
    const what = lost.length === 0 ? 'nothing' : lost.join('; ');
    notices.add(
      `The small tables of ${databasePath(settings.dataDir)} were damaged and made anew; lost with them: ${what}. ${kept}`,
    );
    return ok(undefined);
  } catch (cause) {
    return err(unreadable(settings.dataDir, cause));
  } finally {
    opened.value.close();
  }
}

/** Nothing can be read of a database whose header or catalogue is damaged: it is kept, and an empty one takes its place. */
function beginAnew(
  { settings, nowMs }: CoreOptions,
  { message }: StoreOpenError,
  notices: Notices,
): Result<void, StoreOpenError> {
  try {
    const kept = moveAside(settings.dataDir, nowMs());
    notices.add(
      `The store began anew, empty: ${message}. The damaged file is kept as ${kept}, with its log; none of its spans is served. ` +
        'Restore a backup to have them back.',
    );
    return ok(undefined);
  } catch (cause) {
    return err(unwritable(settings.dataDir, cause));
  }
}
