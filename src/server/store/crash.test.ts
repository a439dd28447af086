import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { databasePath, walPath } from './open/paths.ts';
import { killLoop, spanCount } from './testing/kill-loop.ts';
import { HOUR_MS, ingest, makeTempDir, openCore, removeDir, select } from './testing/open-core.ts';
import { manySpans } from './testing/spans.ts';

let dir: string;

beforeEach(() => {
  dir = makeTempDir();
});

afterEach(() => removeDir(dir));

const idOf = (number: number) => number.toString(16).padStart(32, '0') as TraceId;

describe('kill -9 at a random moment', () => {
  it('loses nothing that was acknowledged, and tears nothing', async () => {
    const { acknowledged, broken } = await killLoop(dir, 20, Math.random);
    expect(broken).toEqual([]);
    expect(acknowledged).toBeGreaterThanOrEqual(20);
  }, 120_000);
});

const abortPoints = [
  'before_truncate',
  'before_header',
  'after_free_list_write',
  'before_wal_finish',
  'before_moving_recovery',
  'before_deleting_checkpoint_wal',
];

describe.each(abortPoints)('a checkpoint that ends %s', point => {
  it('costs nothing: reads and writes go on at once', async () => {
    const { core, clock, notices } = await openCore(dir, { isConfigurable: true });
    for (let i = 1; i <= 10; i++) await ingest(core, manySpans(idOf(i), 20));
    await select(core, `set debug_checkpoint_abort = '${point}'`);
    clock.nowMs += 11 * 60_000;
    const during = Promise.all([core.maintain(), ingest(core, manySpans(idOf(11), 20))]);
    await during;
    for (let i = 1; i <= 10; i++) expect(spanCount(await core.trace(i, idOf(i)))).toBe(20);
    expect((await ingest(core, manySpans(idOf(12), 20))).result.kind).toBe('stored');
    expect(await core.ready()).toMatchObject({ ok: true });
    if (notices.length > 0) expect(notices.join()).toMatch(/checkpoint failed; nothing is lost/);
    await core.close();
    const again = await openCore(dir);
    expect(again.core.status()).toMatchObject({ spans: 240, state: 'ready', notices: [] });
    await again.core.close();
  });

  it('costs nothing when the process is killed there', async () => {
    const script = fileURLToPath(new URL('testing/abort-checkpoint.ts', import.meta.url));
    const child = spawnSync(process.execPath, [script, dir, point], { stdio: ['ignore', 'ignore', 'inherit'] });
    expect(child.signal).toBe('SIGKILL');
    const { core } = await openCore(dir);
    expect(core.status()).toMatchObject({ spans: 200, state: 'ready', notices: [] });
    for (let i = 1; i <= 10; i++) expect(spanCount(await core.trace(i, idOf(i)))).toBe(20);
    await core.close();
  });
});

describe('a compaction that is killed', () => {
  it('leaves the old segment or the new one, whole', async () => {
    const script = fileURLToPath(new URL('testing/compact-until-killed.ts', import.meta.url));
    const { core, clock } = await openCore(dir);
    for (let i = 1; i <= 5; i++) await ingest(core, manySpans(idOf(i), 20));
    await ingest(core, manySpans(idOf(3), 20));
    clock.nowMs += 4 * HOUR_MS;
    await core.maintain();
    await core.close();
    const sound = readFileSync(databasePath(dir));
    const states = new Set<string>();
    // Every seventh statement; that each may fail is in compaction.test.ts.
    for (let n = 2, hasDied = true; hasDied; n += 7) {
      writeFileSync(databasePath(dir), sound);
      rmSync(walPath(dir), { force: true });
      const child = spawnSync(process.execPath, [script, dir, String(n)], { stdio: ['ignore', 'ignore', 'inherit'] });
      hasDied = child.signal === 'SIGKILL';
      const after = await openCore(dir);
      const [{ state }] = (await after.core.figures(1)).segments;
      states.add(state);
      expect(after.core.status()).toMatchObject({ spans: state === 'compacted' ? 100 : 120, notices: [] });
      for (let i = 1; i <= 5; i++) expect(spanCount(await after.core.trace(i, idOf(i)))).toBe(20);
      expect((await ingest(after.core, manySpans(idOf(6), 20))).result.kind).toBe('stored');
      await after.core.close();
    }
    expect([...states]).toEqual(['closed', 'compacted']);
  }, 120_000);
});

describe('a clock that is set back', () => {
  it('neither loses spans nor keeps a segment open until it has caught up', async () => {
    const { core, clock } = await openCore(dir);
    await ingest(core, manySpans(idOf(1), 20));
    clock.nowMs -= 1_000 * HOUR_MS;
    await core.maintain();
    expect((await ingest(core, manySpans(idOf(2), 20))).result.kind).toBe('stored');
    expect(await select(core, 'select count(*) as n from segments')).toEqual([{ n: 2n }]);
    clock.nowMs += 1_000 * HOUR_MS;
    for (const id of [1, 2]) expect(spanCount(await core.trace(id, idOf(id)))).toBe(20);
    await core.close();
  });
});
