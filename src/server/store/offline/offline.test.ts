import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryLock } from '#server/store/open/directory-lock.ts';
import { databasePath } from '#server/store/open/paths.ts';
import { HOUR_MS, ingest, makeTempDir, openCore, removeDir, select } from '#server/store/testing/open-core.ts';
import { manySpans, request, span, traceA } from '#server/store/testing/spans.ts';
import { runOffline } from './run-offline.ts';

let dir: string;

beforeEach(async () => {
  dir = makeTempDir();
  const { core, clock } = await openCore(dir);
  await ingest(core, request(span('1'), span('2')));
  clock.nowMs += 4 * HOUR_MS;
  await ingest(core, manySpans('1'.padStart(32, '0'), 500));
  await core.close();
});

afterEach(() => removeDir(dir));

describe('backup', () => {
  it('writes one file that is a whole store, and keeps one that exists', async () => {
    const file = join(dir, 'backup.duckdb');
    expect(await runOffline({ kind: 'backup', dataDir: dir, file })).toMatchObject({ ok: true });
    const other = makeTempDir();
    copyFileSync(file, databasePath(other));
    const { core } = await openCore(other);
    expect(core.status()).toMatchObject({ spans: 502, state: 'ready' });
    expect(await core.trace(1, traceA)).toBeDefined();
    await core.close();
    removeDir(other);
    expect(await runOffline({ kind: 'backup', dataDir: dir, file })).toMatchObject({ ok: false });
    expect(existsSync(`${file}.partial`)).toBe(false);
  });

  it('leaves alone a store that is in use, and says where there is none', async () => {
    const lock = DirectoryLock.take(dir);
    const file = join(dir, 'backup.duckdb');
    expect(await runOffline({ kind: 'backup', dataDir: dir, file })).toMatchObject({ error: { cause: 'locked' } });
    if (lock.ok) lock.value.release();
    const nowhere = join(dir, 'nowhere');
    expect(await runOffline({ kind: 'verify', dataDir: nowhere })).toMatchObject({ ok: false });
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe('verify', () => {
  it('finds nothing wrong with a sound store', async () => {
    expect(await runOffline({ kind: 'verify', dataDir: dir })).toEqual({
      ok: true,
      value: { lines: ['502 spans in 2 segments, 0 problems'], isSound: true },
    });
  });

  it('finds rows that are missing, and blocks that are damaged', async () => {
    const { core } = await openCore(dir);
    await select(core, 'delete from spans_2 where row_id = (select max(row_id) from spans_2)');
    await core.close();
    expect(await runOffline({ kind: 'verify', dataDir: dir })).toMatchObject({
      value: {
        lines: [expect.stringContaining('499 spans in its columns and 500'), expect.anything()],
        isSound: false,
      },
    });
    const bytes = readFileSync(databasePath(dir));
    for (let at = 1 << 20; at < bytes.length; at += 1 << 18) bytes[at] ^= 0xff;
    writeFileSync(databasePath(dir), bytes);
    const found = await runOffline({ kind: 'verify', dataDir: dir });
    if (found.ok) expect(found.value.isSound).toBe(false);
    else expect(found.error.cause).toBe('damaged');
  });
});
