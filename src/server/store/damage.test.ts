import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { databasePath, walPath } from './open/paths.ts';
import { spanCount } from './testing/kill-loop.ts';
import { HOUR_MS, ingest, makeTempDir, openCore, removeDir, select, type TestCore } from './testing/open-core.ts';
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

describe('damage in the small tables of the store', () => {
  it.each(['segments', 'schema_meta', 'service_slots'])('costs no span: %s is made anew', async table => {
    writeFileSync(databasePath(dir), bytes);
    rmSync(walPath(dir), { force: true });
    const { core } = await openCore(dir);
    const found = await select(
      core,
      `select distinct block_id as block from pragma_storage_info('${table}') where block_id >= 0`,
    );
    await core.close();
    const flipped = readFileSync(databasePath(dir));
    for (const { block } of found) flipped[HEADER_BYTES + Number(block) * BLOCK_BYTES + 100] ^= 0x55;
    writeFileSync(databasePath(dir), flipped);
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
});
