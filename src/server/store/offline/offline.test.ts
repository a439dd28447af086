import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pin } from '#domain/api/pin-api.ts';
import type { Result } from '#domain/result.ts';
import { DirectoryLock } from '#server/store/open/directory-lock.ts';
import { databasePath } from '#server/store/open/paths.ts';
import { HOUR_MS, ingest, makeTempDir, openCore, removeDir, select } from '#server/store/testing/open-core.ts';
import { pinOf } from '#server/store/testing/pins.ts';
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
    expect(await runOffline({ kind: 'backup', dataDir: dir, file: join(dir, 'none', 'backup.duckdb') })).toMatchObject({
      error: { message: `there is no folder ${join(dir, 'none')}` },
    });
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

describe('pins', () => {
  let pin: Pin;

  beforeEach(async () => {
    const { core } = await openCore(dir);
    const made = (await core.pins(1, pinOf(traceA, { note: 'keep me' }))) as Result<Pin, unknown>;
    if (!made.ok) throw new Error('not pinned');
    pin = made.value;
    await core.close();
  });

  async function change(sql: string): Promise<void> {
    const { core } = await openCore(dir);
    await select(core, sql);
    await core.close();
  }

  it('are in a backup, with note and copy', async () => {
    const file = join(dir, 'backup.duckdb');
    expect(await runOffline({ kind: 'backup', dataDir: dir, file })).toMatchObject({ ok: true });
    const other = makeTempDir();
    copyFileSync(file, databasePath(other));
    const { core } = await openCore(other);
    expect(await core.pins(1, { do: 'find', pin: pin.id })).toEqual({ state: 'kept', pin });
    expect(await core.pins(1, { do: 'trace', pin: pin.id })).toEqual(await core.trace(1, traceA));
    await core.close();
    removeDir(other);
  });

  it('are verified: sound, cut short, changed, and of another trace than they say', async () => {
    const verify = async () => {
      const report = await runOffline({ kind: 'verify', dataDir: dir });
      return report.ok ? report.value : report.error;
    };
    expect(await verify()).toEqual({ lines: ['502 spans in 2 segments, 1 pin, 0 problems'], isSound: true });
    await change('update pins set span_count = 7');
    expect(await verify()).toMatchObject({ lines: [`the copy of pin ${pin.id} has 2 spans of 7`, expect.anything()] });
    await change("update pin_parts set bytes = repeat('x', octet_length(bytes)::integer)::blob");
    expect(await verify()).toMatchObject({ lines: [expect.stringContaining('cannot be unpacked'), expect.anything()] });
    await change('delete from pin_parts');
    expect(await verify()).toMatchObject({
      lines: [`the copy of pin ${pin.id} has 0 bytes of ${pin.bytes}`, expect.anything()],
      isSound: false,
    });
  });
});
