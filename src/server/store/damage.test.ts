import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Pin, StoredState } from '#domain/api/pin-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { Result } from '#domain/result.ts';
import { databasePath, walPath } from './open/paths.ts';
import type { PinRequest } from './pins/pin-requests.ts';
import { spanCount } from './testing/kill-loop.ts';
import { HOUR_MS, ingest, makeTempDir, openCore, removeDir, select, type TestCore } from './testing/open-core.ts';
import { pinOf } from './testing/pins.ts';
import { manySpans } from './testing/spans.ts';

const SEGMENTS = 3;
const TRACES = 10;
const SPANS = 200;
const PLACES = 12;
/** Of a DuckDB file. */
const HEADER_BYTES = 3 * 4096;
const BLOCK_BYTES = 262_144;

let dir: string;
let bytes: Buffer;

/** Three segments, checkpointed and closed. */
beforeAll(async () => {
  dir = makeTempDir();
  const { core, clock } = await openCore(dir);
  for (let segment = 0; segment < SEGMENTS; segment++) {
    for (let i = 0; i < TRACES; i++) await ingest(core, manySpans(idOf(segment, i), SPANS));
    clock.nowMs += 4 * HOUR_MS;
  }
  await core.close();
  bytes = readFileSync(databasePath(dir));
});

afterAll(() => removeDir(dir));

function idOf(segment: number, trace: number): TraceId {
  return (1 + segment * TRACES + trace).toString(16).padStart(32, '0') as TraceId;
}

/** Opens the database with one byte changed; undefined if it refuses, which it must do by name and without touching it. */
async function openFlipped(at: number): Promise<TestCore | undefined> {
  const flipped = Buffer.from(bytes);
  flipped[at] ^= 0x55;
  writeFileSync(databasePath(dir), flipped);
  rmSync(walPath(dir), { force: true });
  const opened = await openCore(dir).catch((cause: Error) => cause);
  if (!(opened instanceof Error)) return opened;
  expect(opened.message).toMatch(/cannot be (opened|read)/);
  expect(readFileSync(databasePath(dir)).equals(flipped)).toBe(true);
  return undefined;
}

describe('a flipped byte in the database', () => {
  it('costs one segment at most: the others are searched and read, and new spans are taken', async () => {
    const seen = { refused: 0, traces: 0, columns: 0 };
    for (let place = 0; place < PLACES; place++) {
      const store = await openFlipped(Math.floor(((place + 0.6) / PLACES) * bytes.length));
      if (store === undefined) seen.refused++;
      else {
        const inColumns = (await readableSegments(store)) < SEGMENTS;
        const lost = await lostSegments(store);
        if (inColumns) seen.columns++;
        else if (lost > 0) seen.traces++;
        expect(lost).toBeLessThanOrEqual(1);
        await expectGoesOn(store, inColumns || lost > 0);
        await store.core.close();
      }
    }
    expect(seen.columns).toBeGreaterThan(0);
    expect(seen.traces).toBeGreaterThan(0);
    expect(seen.refused).toBeLessThan(PLACES / 2);
  }, 60_000);
});

/** As a search does it: reads the columns of all segments it is offered. */
function readableSegments({ core }: TestCore): Promise<number> {
  return core.run(1, async context => {
    const segments = context.segments(0n, 2n ** 62n);
    for (const { id } of segments) await context.rows(`select max(hash(s)) from spans_${id} s`);
    return segments.length;
  });
}

async function lostSegments({ core }: TestCore): Promise<number> {
  const lost = new Set<number>();
  for (let segment = 0; segment < SEGMENTS; segment++) {
    for (let i = 0; i < TRACES; i++) {
      const spans = spanCount(await core.trace(1, idOf(segment, i)));
      if (spans === 0) lost.add(segment);
      else expect(spans).toBe(SPANS);
    }
  }
  return lost.size;
}

async function expectGoesOn({ core, notices }: TestCore, isDamaged: boolean): Promise<void> {
  expect(core.status()).toMatchObject({ state: notices.length > 0 ? 'salvaged' : 'ready', notices });
  if (isDamaged) expect(notices.join()).toMatch(/Segment \d .* is damaged: its 2000 spans/);
  expect((await ingest(core, manySpans(idOf(9, 9), SPANS))).result.kind).toBe('stored');
  expect(spanCount(await core.trace(1, idOf(9, 9)))).toBe(SPANS);
  expect(await core.ready()).toMatchObject({ ok: true });
}

/** Flips a byte in each block of a table. */
async function damage(folder: string, table: string): Promise<void> {
  const { core } = await openCore(folder);
  const found = await select(
    core,
    `select distinct block_id as block from pragma_storage_info('${table}') where block_id >= 0`,
  );
  await core.close();
  const path = databasePath(folder);
  const flipped = readFileSync(path);
  for (const { block } of found) flipped[HEADER_BYTES + Number(block) * BLOCK_BYTES + 100] ^= 0x55;
  writeFileSync(path, flipped);
}

describe('damage in the small tables of the store', () => {
  it.each(['segments', 'schema_meta', 'service_slots'])('costs no span: %s is made anew', async table => {
    writeFileSync(databasePath(dir), bytes);
    rmSync(walPath(dir), { force: true });
    await damage(dir, table);
    const store = await openCore(dir);
    expect(store.core.status().state).toBe('salvaged');
    expect(store.notices.join()).toMatch(
      /small tables .* made anew.* The damaged file is kept as throughline.duckdb.damaged-/,
    );
    expect(await lostSegments(store)).toBe(0);
    expect(store.core.status().spans).toBe(SEGMENTS * TRACES * SPANS);
    expect((await ingest(store.core, manySpans(idOf(9, 9), SPANS))).result.kind).toBe('stored');
    await store.core.close();
    const again = await openCore(dir);
    expect((await again.core.figures(1)).segments.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(again.core.status()).toMatchObject({ spans: (SEGMENTS * TRACES + 1) * SPANS, state: 'ready' });
    await again.core.close();
  });

  it('is mended without a copy where the disk has no room for one, and that is said', async () => {
    writeFileSync(databasePath(dir), bytes);
    rmSync(walPath(dir), { force: true });
    await damage(dir, 'service_slots');
    const kept = () => readdirSync(dir).filter(name => name.includes('.damaged-')).length;
    const before = kept();
    const store = await openCore(dir, { minFreeDiskBytes: Number.MAX_SAFE_INTEGER });
    expect(store.notices.join()).toMatch(/small tables .* made anew.* There was no room to keep the damaged file\./);
    expect(kept()).toBe(before);
    await store.core.close();
  });

  describe('with pins and states', () => {
    let folder: string;
    let kept: Pin;
    let foreign: Pin;
    let state: string;

    const ask = <T>(store: TestCore, request: PinRequest) => store.core.pins(1, request) as Promise<T>;
    const made = async (store: TestCore, request: PinRequest) => {
      const pinned = await ask<Result<Pin, unknown>>(store, request);
      if (!pinned.ok) throw new Error('not pinned');
      return pinned.value;
    };

    beforeEach(async () => {
      folder = makeTempDir();
      const store = await openCore(folder);
      await ingest(store.core, manySpans(idOf(0, 0), SPANS));
      await ingest(store.core, manySpans(idOf(0, 1), SPANS));
      kept = await made(store, pinOf(idOf(0, 0)));
      foreign = await made(store, pinOf(idOf(0, 2), { source: 'tempo', otlp: manySpans(idOf(0, 2), 20) }));
      const stored = await ask<Result<StoredState, string>>(store, { do: 'keep-state', text: 'find=x'.repeat(2000) });
      if (stored.ok) state = stored.value.id;
      await store.core.close();
    });

    afterEach(() => removeDir(folder));

    async function expectGoesOn(store: TestCore): Promise<void> {
      await vi.waitFor(() => expect(store.notices.join()).toMatch(/small tables .* made anew/));
      expect(spanCount(await store.core.trace(1, idOf(0, 0)))).toBe(SPANS);
      expect((await store.core.figures(1)).segments).toHaveLength(1);
      expect(await made(store, pinOf(idOf(0, 1)))).toMatchObject({ summary: { spans: SPANS } });
      store.clock.nowMs += 4 * HOUR_MS;
      await store.core.maintain();
      store.clock.nowMs += 73 * HOUR_MS;
      await store.core.maintain();
      expect((await store.core.figures(1)).retention.pruned[0]).toMatchObject({ segment: 1, spans: 2 * SPANS });
      expect(store.core.status()).toMatchObject({ state: 'salvaged' });
      expect(store.notices.join()).not.toContain('Maintenance failed');
    }

    it('makes the copy of a stored trace anew, gives up one that is nowhere else, and says so', async () => {
      await damage(folder, 'pin_parts');
      const store = await openCore(folder);
      await ask(store, { do: 'trace', pin: kept.id });
      await vi.waitFor(() => expect(store.notices.join()).toContain('copies of 1 pinned traces were damaged'));
      expect(spanCount(await ask(store, { do: 'trace', pin: kept.id }))).toBe(SPANS);
      expect(await ask(store, { do: 'find', pin: foreign.id })).toMatchObject({
        state: 'gone',
        gone: { reason: 'damaged' },
      });
      await expectGoesOn(store);
      expect(spanCount(await ask(store, { do: 'trace', pin: kept.id }))).toBe(SPANS);
      await store.core.close();
    });

    it.each(['pins', 'pruned', 'states'])(
      '%s: the rest is served, and pruning, pinning and states go on',
      async table => {
        const before = await openCore(folder);
        await select(before.core, "insert into pruned values (99, 0, 1, 2, 3, 'age')");
        await before.core.close();
        await damage(folder, table);
        const store = await openCore(folder);
        expect(await ask(store, { do: 'state', state })).toBe(table === 'states' ? undefined : 'find=x'.repeat(2000));
        await expectGoesOn(store);
        expect(await ask(store, { do: 'keep-state', text: 'again' })).toMatchObject({ ok: true });
        await store.core.close();
      },
    );
  });
});

describe('damage that keeps the database from being opened', () => {
  it('in the header: the file is moved aside whole, with its log, and an empty store takes its place', async () => {
    writeFileSync(databasePath(dir), bytes);
    const flipped = Buffer.from(bytes);
    for (const header of [1, 2]) flipped[header * 4096 + 20] ^= 0x55;
    writeFileSync(databasePath(dir), flipped);
    const log = Buffer.from('a log that belongs to it');
    writeFileSync(walPath(dir), log);
    const store = await openCore(dir);
    expect(store.core.status()).toMatchObject({ state: 'salvaged', spans: 0 });
    const [, name] = /The store began anew, empty: .* kept as (\S+),/.exec(store.notices.join()) ?? [];
    expect(readFileSync(join(dir, name)).equals(flipped)).toBe(true);
    expect(readFileSync(join(dir, `${name}.wal`)).equals(log)).toBe(true);
    expect((await ingest(store.core, manySpans(idOf(9, 9), SPANS))).result.kind).toBe('stored');
    expect(await store.core.ready()).toMatchObject({ ok: true, notices: [expect.stringContaining('began anew')] });
    await store.core.close();
    const again = await openCore(dir);
    expect(again.core.status()).toMatchObject({ state: 'ready', spans: SPANS });
    await again.core.close();
  });

  it('under its log: the database is served without the log, which is kept', async () => {
    writeFileSync(databasePath(dir), bytes);
    writeFileSync(walPath(dir), 'a log that cannot be replayed');
    const create = DuckDBInstance.create;
    vi.spyOn(DuckDBInstance, 'create').mockImplementation(async (...args) => {
      if (existsSync(walPath(dir)))
        throw new Error('IO Error: Corrupt database file: computed checksum 1 does not match');
      return await create.apply(DuckDBInstance, args);
    });
    const store = await openCore(dir);
    vi.restoreAllMocks();
    const [, name] = /the 29 bytes of the log are lost. It is kept as (\S+)\.$/.exec(store.notices[0]) ?? [];
    expect(readFileSync(join(dir, name), 'utf8')).toBe('a log that cannot be replayed');
    expect(store.core.status()).toMatchObject({ state: 'salvaged', spans: SEGMENTS * TRACES * SPANS });
    await store.core.close();
  });
});
