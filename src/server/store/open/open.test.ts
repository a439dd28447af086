import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs, { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from '#server/store/store.ts';
import { StoreCore } from '#server/store/store-core.ts';
import {
  baggageKeys,
  HOUR_MS,
  ingest,
  makeTempDir,
  openCore,
  removeDir,
  select,
} from '#server/store/testing/open-core.ts';
import { manySpans, request, span, traceA } from '#server/store/testing/spans.ts';
import { DirectoryLock } from './directory-lock.ts';
import { unfinishedTail } from './log-tail.ts';
import { databasePath, walPath } from './paths.ts';
import { SCHEMA_VERSION } from './schema-version.ts';

let dir: string;

beforeEach(() => {
  dir = makeTempDir();
});

afterEach(() => removeDir(dir));

function tryOpen(dataDir: string) {
  return StoreCore.open({
    settings: { dataDir, retentionMs: HOUR_MS, baggageKeys: [], minFreeDiskBytes: 0, memoryLimit: '256MB' },
    events: {
      notice: () => undefined,
      committed: () => undefined,
      checkpointed: () => undefined,
      compacted: () => undefined,
      state: () => undefined,
      deduped: () => undefined,
    },
    nowMs: () => 1,
  });
}

describe('DirectoryLock', () => {
  it('keeps a second owner out, naming process, path and remedy, until it is released', () => {
    const first = DirectoryLock.take(dir);
    expect(first.ok).toBe(true);
    const second = DirectoryLock.take(dir);
    expect(second).toMatchObject({ ok: false, error: { cause: 'locked' } });
    if (!second.ok) {
      expect(second.error.message).toContain(String(process.pid));
      expect(second.error.message).toContain(dir);
      expect(second.error.remedy).toContain('--data-dir');
    }
    if (first.ok) first.value.release();
    expect(DirectoryLock.take(dir).ok).toBe(true);
  });

  it('takes over from a process that is dead, from a later one with its number, and from a torn lock file', () => {
    const dead = spawnSync(process.execPath, ['-e', '0']).pid;
    const lock = join(dir, 'lock');
    for (const content of [`{"pid":${dead},"started":"1"}`, `{"pid":${process.pid},"started":"1"}`, '{"pid":']) {
      writeFileSync(lock, content);
      const taken = DirectoryLock.take(dir);
      expect(taken.ok).toBe(true);
      expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ pid: process.pid });
      if (taken.ok) taken.value.release();
    }
  });

  it('creates the directory for this user only', () => {
    expect(DirectoryLock.take(join(dir, 'a/b')).ok).toBe(true);
    expect(statSync(join(dir, 'a/b')).mode & 0o077).toBe(0);
    expect(statSync(join(dir, 'a/b/lock')).mode & 0o077).toBe(0);
  });

  it('says that a directory cannot be made', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(DirectoryLock.take(join(dir, 'file/data'))).toMatchObject({ ok: false, error: { cause: 'unwritable' } });
  });
});

/** A directory as a kill leaves it: 20 acknowledged requests, of which the log still holds all. */
async function killed(): Promise<string> {
  const copy = makeTempDir();
  const { core } = await openCore(dir);
  await ingest(core, request(span('1')));
  for (let i = 1; i <= 20; i++) await ingest(core, manySpans(i.toString(16).padStart(32, '0'), 50));
  copyFileSync(databasePath(dir), databasePath(copy));
  copyFileSync(walPath(dir), walPath(copy));
  await core.close();
  return copy;
}

describe('a damaged write-ahead log', () => {
  const damages: [string, (log: Buffer) => Buffer, (spans: number) => void][] = [
    ['nothing', log => log, spans => expect(spans).toBe(1_001)],
    ['a zero-filled tail', log => Buffer.concat([log, Buffer.alloc(4096)]), spans => expect(spans).toBe(1_001)],
    [
      'zeros over its second half',
      log => Buffer.from(log).fill(0, log.length >> 1),
      spans => expect(spans).toBeGreaterThan(300),
    ],
    [
      'a flipped byte',
      log => {
        const flipped = Buffer.from(log);
        flipped[Math.floor(log.length * 0.7)] ^= 0xff;
        return flipped;
      },
      spans => expect(spans).toBeGreaterThan(500),
    ],
    ['a zeroed head', log => Buffer.from(log).fill(0, 0, 4096), spans => expect(spans).toBe(0)],
  ];

  it.each(damages)('with %s opens with all that stands before the damage', async (what, damage, expectSpans) => {
    const copy = await killed();
    const log = damage(readFileSync(walPath(copy)));
    writeFileSync(walPath(copy), log);
    const { core, notices } = await openCore(copy);
    expectSpans(core.status().spans);
    if (what === 'nothing') expect(core.status()).toMatchObject({ state: 'ready', notices: [] });
    else {
      expect(notices).toHaveLength(1);
      expect(notices[0]).toContain('lost');
      expect(core.status()).toMatchObject({ state: 'salvaged', notices });
      const aside = readdirSync(copy).find(name => name.includes('.damaged-')) ?? '';
      expect(notices[0]).toContain(aside);
      expect(readFileSync(join(copy, aside)).equals(log)).toBe(true);
    }
    const before = core.status().spans;
    expect((await ingest(core, request(span('2')))).result.kind).toBe('stored');
    expect(await core.trace(1, traceA)).toBeDefined();
    await core.close();
    const again = await openCore(copy);
    expect(again.core.status()).toMatchObject({ spans: before + 1, state: 'ready' });
    await again.core.close();
    removeDir(copy);
  });
});

it('a damaged log that cannot be kept for want of disk stays as it is, and the start is refused', async () => {
  const copy = await killed();
  const log = readFileSync(walPath(copy)).fill(0, 5000);
  writeFileSync(walPath(copy), log);
  const full = vi.spyOn(fs, 'statfsSync').mockReturnValue({ bavail: 1, bsize: 100 } as fs.StatsFs);
  syncBuiltinESMExports();
  const refused = await tryOpen(copy);
  full.mockRestore();
  syncBuiltinESMExports();
  expect(refused).toMatchObject({ error: { cause: 'unwritable', message: expect.stringContaining('no room') } });
  expect(readFileSync(walPath(copy)).equals(log)).toBe(true);
  removeDir(copy);
});

describe('a log that is damaged anywhere', () => {
  const places = [0.02, 0.11, 0.24, 0.37, 0.5, 0.63, 0.76, 0.89, 0.97, 0.999];
  const damages: [string, (log: Buffer, at: number) => Buffer][] = [
    ['one byte is flipped', (log, at) => Buffer.from(log).fill(log[at] ^ 0xff, at, at + 1)],
    ['a page is zeroed', (log, at) => Buffer.from(log).fill(0, at, Math.min(log.length, at + 4096))],
    ['all behind it is zeroed', (log, at) => Buffer.from(log).fill(0, at)],
    ['random bytes follow', (log, at) => Buffer.concat([log.subarray(0, at), randomBytes(300)])],
  ];

  it('opens with every whole commit before the damage, and says so', async () => {
    const copy = await killed();
    const whole = readFileSync(walPath(copy));
    const database = readFileSync(databasePath(copy));
    for (const [i, place] of places.entries()) {
      const [what, damage] = damages[i % damages.length];
      const at = Math.floor(whole.length * place);
      writeFileSync(databasePath(copy), database);
      writeFileSync(walPath(copy), damage(whole, at));
      const { core, notices } = await openCore(copy);
      const { spans, state } = core.status();
      // Requests are of one size, the first is small; one of them is cut through.
      expect(spans, `${what} at ${place}`).toBeGreaterThanOrEqual(place * 1_000 - 101);
      expect(spans % 50, `${what} at ${place}`).toBeLessThanOrEqual(1);
      if (what !== 'random bytes follow') expect([state, notices.length]).toEqual(['salvaged', 1]);
      await core.close();
    }
    removeDir(copy);
  }, 60_000);
});

describe('a log that a kill has cut off', () => {
  it('gives back every whole commit, and what is committed next survives another kill', async () => {
    const copy = await killed();
    const log = readFileSync(walPath(copy));
    writeFileSync(walPath(copy), log.subarray(0, log.length - 100));
    const { core, notices } = await openCore(copy);
    expect(notices).toEqual([]);
    expect(core.status().spans).toBe(951);
    await ingest(core, request(span('2')));
    const next = makeTempDir();
    copyFileSync(databasePath(copy), databasePath(next));
    copyFileSync(walPath(copy), walPath(next));
    await core.close();
    const again = await openCore(next);
    expect(again.core.status()).toMatchObject({ spans: 952, state: 'ready' });
    await again.core.close();
    removeDir(copy);
    removeDir(next);
  });

  it('is told with the bytes behind the last whole commit, wherever it was cut', async () => {
    const copy = await killed();
    const [database, log] = [readFileSync(databasePath(copy)), readFileSync(walPath(copy))];
    expect(unfinishedTail(walPath(copy))).toBe(0);
    for (const cut of [1, 700, 9_000]) {
      const lay = () => {
        writeFileSync(databasePath(copy), database);
        writeFileSync(walPath(copy), log.subarray(0, log.length - cut));
      };
      lay();
      const tails: number[] = [];
      const options = { dataDir: copy, retentionMs: HOUR_MS, baggageKeys, minFreeDiskBytes: 0 };
      const opened = await openStore({ ...options, onLogTail: bytes => tails.push(bytes) });
      if (!opened.ok) throw new Error(opened.error.message);
      const { spans, notices } = await opened.value.status();
      await opened.value.close();
      expect([(spans - 1) % 50, notices]).toEqual([0, []]);
      expect(tails).toHaveLength(1);
      // DuckDB cuts the log there before it writes on: what it then holds more is one small commit.
      lay();
      const { core } = await openCore(copy);
      await ingest(core, request(span('2')));
      const { size } = statSync(walPath(copy));
      expect(size).toBeGreaterThan(log.length - cut - tails[0]);
      expect(size).toBeLessThan(log.length - cut - tails[0] + 4_000);
      expect(unfinishedTail(walPath(copy))).toBe(0);
      await core.close();
    }
    removeDir(copy);
  });

  it('of another form says nothing', () => {
    const path = walPath(dir);
    for (const log of [Buffer.alloc(0), Buffer.from('what is this'), randomBytes(1000)]) {
      writeFileSync(path, log);
      expect(unfinishedTail(path)).toBe(0);
    }
  });
});

describe('opening', () => {
  it('refuses a database of an unknown schema version and leaves it as it is; brings an older one up to date', async () => {
    const { core } = await openCore(dir);
    await ingest(core, request(span('1')));
    await core.close();
    const change = async (version: string) => {
      const instance = await DuckDBInstance.create(databasePath(dir));
      const connection = await instance.connect();
      await connection.run('update schema_meta set value = $version', { version });
      connection.closeSync();
      instance.closeSync();
    };
    await change('77');
    const refused = await tryOpen(dir);
    expect(refused).toMatchObject({ ok: false, error: { cause: 'schema' } });
    if (!refused.ok) {
      expect(refused.error.message).toContain('77');
      expect(refused.error.message).toContain(databasePath(dir));
    }
    await change('1');
    const full = await openCore(dir, { minFreeDiskBytes: Number.MAX_SAFE_INTEGER });
    expect(full.core.status().spans).toBe(1);
    expect(full.notices.join()).toContain('as it was before, there was no room to keep a copy of it');
    await full.core.close();
    expect(readdirSync(dir).filter(name => name.includes('version-1'))).toEqual([]);
    await change('1');
    const before = readFileSync(databasePath(dir));
    const again = await openCore(dir);
    expect(again.core.status()).toMatchObject({ spans: 1, state: 'ready', notices: [] });
    await again.core.close();
    const copy = readdirSync(dir).find(name => name.startsWith('throughline.duckdb.version-1-')) ?? '';
    expect(again.notices.join()).toContain(
      `from schema version 1 to ${SCHEMA_VERSION}; as it was before, it is kept as ${copy}`,
    );
    expect(readFileSync(join(dir, copy)).equals(before)).toBe(true);
    const brought = await openCore(dir);
    expect(await select(brought.core, 'select value from schema_meta')).toEqual([{ value: SCHEMA_VERSION }]);
    await brought.core.close();
  });

  it('refuses a database that is not ours, or not one at all', async () => {
    const instance = await DuckDBInstance.create(databasePath(dir));
    const connection = await instance.connect();
    await connection.run('create table mine (a integer)');
    connection.closeSync();
    instance.closeSync();
    expect(await tryOpen(dir)).toMatchObject({ ok: false, error: { cause: 'schema' } });
    writeFileSync(databasePath(dir), 'this is no database, but long enough to be looked at'.repeat(400));
    expect(await tryOpen(dir)).toMatchObject({ ok: false, error: { cause: 'damaged' } });
    expect(existsSync(databasePath(dir))).toBe(true);
  });
});
