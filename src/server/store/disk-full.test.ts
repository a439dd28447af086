import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { spanCount } from './testing/kill-loop.ts';
import { ingest, makeTempDir, openCore, removeDir, type TestCore } from './testing/open-core.ts';
import { manySpans } from './testing/spans.ts';

const MIB = 1024 * 1024;
const dir = makeTempDir();
/** A disk of its own, which needs root and mount(8). */
const mounted =
  process.getuid?.() === 0 &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'throughline-test', dir]).status === 0;

afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', dir]);
  removeDir(dir);
});

const idOf = (number: number) => number.toString(16).padStart(32, '0') as TraceId;
const ballast = join(dir, 'ballast');

/** Fills the disk but for `bytes`. */
function leave(bytes: number): void {
  rmSync(ballast, { force: true });
  const { bavail, bsize } = statfsSync(dir);
  const size = bavail * bsize - bytes;
  if (size > 0) writeFileSync(ballast, new Uint8Array(size));
}

describe.skipIf(!mounted)('a disk that is full (needs root to mount one)', () => {
  let store: TestCore;
  let next = 1;
  const stored: number[] = [];

  beforeAll(async () => {
    store = await openCore(dir);
    await send();
  });

  async function send(): Promise<string> {
    const number = next++;
    const { result } = await ingest(store.core, manySpans(idOf(number), 500));
    if (result.kind === 'stored') stored.push(number);
    return result.kind;
  }

  async function expectAllThere(): Promise<void> {
    for (const number of stored) expect(spanCount(await store.core.trace(number, idOf(number)))).toBe(500);
  }

  it('in the log: refuses what it cannot write, goes on reading, and takes more when there is space', async () => {
    leave(MIB / 4);
    const kinds: string[] = [];
    while (kinds.at(-1) !== 'unavailable' && kinds.length < 100) kinds.push(await send());
    expect(kinds.at(-1)).toBe('unavailable');
    await expectAllThere();
    rmSync(ballast);
    await vi.waitFor(async () => expect(await send()).toBe('stored'), { timeout: 5_000 });
    await expectAllThere();
    expect(await store.core.ready()).toMatchObject({ ok: true });
  });

  it('in a checkpoint: keeps everything, and checkpoints later', async () => {
    for (let i = 0; i < 10; i++) expect(await send()).toBe('stored');
    await ingest(store.core, manySpans(idOf(999), 1), { sample: true });
    for (let i = 0; i < 30; i++) expect(await send()).toBe('stored');
    leave(MIB / 4);
    // Ends with a checkpoint, whatever is free.
    await store.core.removeSample();
    expect(store.notices.join()).toMatch(/checkpoint failed; nothing is lost/);
    await expectAllThere();
    rmSync(ballast);
    await vi.waitFor(async () => expect(await send()).toBe('stored'), { timeout: 5_000 });
    await expectAllThere();
    await store.core.close();
    store = await openCore(dir);
    await expectAllThere();
    expect(store.core.status().spans).toBe(stored.length * 500);
    await store.core.close();
  });
});
