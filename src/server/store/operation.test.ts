import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pin } from '#domain/api/pin-api.ts';
import type { StoreVolume, TraceState } from '#domain/api/store-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { Result } from '#domain/result.ts';
import { backupDir, databasePath } from './open/paths.ts';
import { HOUR_MS, ingest, makeTempDir, openCore, removeDir, select, type TestCore } from './testing/open-core.ts';
import { pinOf } from './testing/pins.ts';
import { attribute, manySpans, NOW_NS, request, resource, span, text, traceA, traceB } from './testing/spans.ts';

let dir: string;
let store: TestCore;

beforeEach(async () => {
  dir = makeTempDir();
  store = await openCore(dir);
});

afterEach(async () => {
  await store.core.close();
  removeDir(dir);
});

/** Closes the open segment and lets retention drop it. */
async function outliveRetention(): Promise<void> {
  store.clock.nowMs += 4 * HOUR_MS;
  await store.core.maintain();
  store.clock.nowMs += 73 * HOUR_MS;
  await store.core.maintain();
}

const stateOf = (traceId: TraceId, startNs?: bigint, endNs?: bigint): Promise<TraceState> =>
  store.core.traceState(1, { traceId, startNs, endNs });

describe('the state of a trace', () => {
  it('says when and why its time was pruned, and what is not known', async () => {
    const end = NOW_NS + 1_000_000n;
    expect(await stateOf(traceA, NOW_NS, end)).toMatchObject({ state: 'arriving' });
    await ingest(store.core, request(span('1')));
    await outliveRetention();
    expect(await stateOf(traceA, NOW_NS, end)).toMatchObject({
      state: 'pruned',
      retentionMs: 72 * HOUR_MS,
      pruned: {
        segment: 1,
        fromUnixNano: String(NOW_NS),
        toUnixNano: String(end),
        spans: 1,
        atUnixMs: store.clock.nowMs,
        reason: 'age',
      },
    });
    expect(await stateOf(traceA)).toMatchObject({ state: 'unknown', oldestUnixNano: undefined });
    expect(await stateOf(traceA, 1n, 2n)).toMatchObject({ state: 'unknown', oldestUnixNano: undefined });
  });

  it('knows what an older version pruned without noting why', async () => {
    await select(store.core, 'select 1');
    await ingest(store.core, request(span('1')));
    await outliveRetention();
    await select(store.core, 'update pruned set reason = null');
    expect(await stateOf(traceA, NOW_NS, NOW_NS)).toMatchObject({ state: 'pruned', pruned: { reason: 'unknown' } });
  });
});

describe('figures', () => {
  it('name every segment with its state, what was pruned and the room there is', async () => {
    await ingest(store.core, request(span('1')));
    await outliveRetention();
    await ingest(store.core, request(span('2')));
    store.clock.nowMs += 4 * HOUR_MS;
    await store.core.maintain();
    await ingest(store.core, request(span('3'), span('4')));
    const figures = await store.core.figures(1);
    expect(figures).toMatchObject({
      status: { state: 'ready', spans: 3 },
      retention: { ageMs: 72 * HOUR_MS, pruned: [{ segment: 1, reason: 'age' }] },
      pins: { count: 0, usedBytes: 0, maxBytes: 2 ** 30 },
    });
    expect(figures.segments.map(({ id, state, spans, origin }) => [id, origin, state, spans])).toEqual([
      [2, 'live', 'closed', 1],
      [3, 'live', 'open', 2],
    ]);
    expect(figures.disk.databaseBytes).toBeGreaterThan(0);
    expect(figures.disk.freeBytes).toBeGreaterThan(0);
  });

  it('tell each change of the state once', async () => {
    expect(store.states).toEqual([]);
    await store.core.close();
    store = await openCore(dir, { minFreeDiskBytes: Number.MAX_SAFE_INTEGER });
    await store.core.maintain();
    await ingest(store.core, request(span('1')));
    expect(store.states).toEqual([['failing', expect.stringContaining('MiB of disk are free')]]);
  });
});

describe('a backup of an open store', () => {
  it('is one moment of it, while spans go on arriving, and opens as a store of its own', async () => {
    await ingest(store.core, request(span('1'), span('2')));
    const pinned = (await store.core.pins(1, pinOf(traceA, { note: 'keep me' }))) as Result<Pin, unknown>;
    if (!pinned.ok) throw new Error('not pinned');
    const { id: pin } = pinned.value;
    store.clock.nowMs += 4 * HOUR_MS;
    await ingest(store.core, manySpans(traceB, 500));
    let arrived = 0;
    let isMade = false;
    const made = store.core.backup().finally(() => {
      isMade = true;
    });
    expect(await store.core.backup()).toEqual({ ok: false, error: expect.stringContaining('being made') });
    while (!isMade) {
      expect((await ingest(store.core, manySpans((++arrived).toString(16).padStart(32, '7'), 20))).result.kind).toBe(
        'stored',
      );
      await store.core.maintain();
    }
    const backup = await made;
    if (!backup.ok) throw new Error(backup.error);
    const elsewhere = makeTempDir();
    copyFileSync(join(backupDir(dir), backup.value.name), databasePath(elsewhere));
    const other = await openCore(elsewhere);
    const { spans, state } = other.core.status();
    expect([state, (spans - 502) % 20]).toEqual(['ready', 0]);
    expect(spans).toBeLessThanOrEqual(502 + 20 * arrived);
    expect(await other.core.trace(1, traceA)).toEqual(await store.core.trace(1, traceA));
    expect(await other.core.pins(1, { do: 'find', pin })).toEqual({ state: 'kept', pin: pinned.value });
    expect(await other.core.pins(1, { do: 'trace', pin })).toEqual(await store.core.trace(1, traceA));
    expect((await ingest(other.core, request(span('9')))).result.kind).toBe('stored');
    await other.core.close();
    removeDir(elsewhere);
    expect(store.core.status()).toMatchObject({ state: 'ready', spans: 502 + 20 * arrived });
  });

  it('is refused where the disk has no room for it, and given up when the store closes', async () => {
    await ingest(store.core, manySpans(traceA, 2_000));
    const made = store.core.backup();
    await store.core.close();
    expect(await made).toMatchObject({ ok: expect.any(Boolean) });
    store = await openCore(dir, { minFreeDiskBytes: Number.MAX_SAFE_INTEGER });
    expect(await store.core.backup()).toEqual({ ok: false, error: expect.stringContaining('MiB are free') });
    expect(readdirSync(backupDir(dir))).toEqual([]);
  });

  it('is the only way out: no other file can be read or written by SQL', async () => {
    const outside = join(dir, 'outside.duckdb');
    await expect(select(store.core, `attach '${outside}'`)).rejects.toThrow(/disabled by configuration/);
    await expect(select(store.core, "select * from read_text('/etc/passwd')")).rejects.toThrow(/disabled/);
    await expect(select(store.core, 'set enable_external_access = true')).rejects.toThrow(/locked/);
  });
});

describe('the volume', () => {
  const read = () => store.core.query(1, { kind: 'volume', args: undefined }, 10_000) as Promise<StoreVolume>;

  it('is nothing while there is nothing', async () => {
    expect(await read()).toEqual({ segments: [], services: [], attributes: [], sampledSpans: 0, spans: 0 });
  });

  it('weighs services by their span messages and attributes by keys and values, promoted ones too', async () => {
    const heavy = Array.from({ length: 5 }, (_, i) =>
      span(`a${i}`, {
        resource: resource('heavy'),
        attributes: [
          text('body', 'x'.repeat(100)),
          text('tenant.id', 'acme'),
          attribute('n', { type: 'int', value: 7n }),
        ],
      }),
    );
    const event = { timeUnixNano: NOW_NS, name: 'log', attributes: [text('line', 'y'.repeat(40))] };
    await ingest(store.core, request(...heavy, span('b', { resource: resource('light'), events: [event] })));
    store.clock.nowMs += 4 * HOUR_MS;
    await ingest(store.core, request(span('c', { resource: resource('light') })));
    await store.core.maintain();
    const { services, attributes, sampledSpans, spans, segments } = await read();
    expect([sampledSpans, spans]).toEqual([7, 7]);
    expect(services.map(({ service, spans }) => [service, spans])).toEqual([
      ['heavy', 5],
      ['light', 2],
    ]);
    expect(services[0].bytes).toBeGreaterThan(5 * 100);
    expect(attributes).toEqual([
      { scope: 'span', key: 'body', bytes: 5 * 104, count: 5 },
      { scope: 'span', key: 'tenant.id', bytes: 5 * 13, count: 5 },
      { scope: 'span', key: 'n', bytes: 5 * 9, count: 5 },
      { scope: 'event', key: 'line', bytes: 44, count: 1 },
    ]);
    expect(segments.map(({ id }) => id).sort()).toEqual([1, 2]);
  });

  it('counts the blocks that a segment takes in the file', async () => {
    for (let i = 1; i <= 8; i++) await ingest(store.core, manySpans(i.toString(16).padStart(32, '0'), 2_000));
    await store.core.close();
    store = await openCore(dir);
    const [{ diskBytes }] = (await read()).segments;
    expect(diskBytes).toBeGreaterThan(100_000);
    expect(diskBytes).toBeLessThanOrEqual(store.core.status().bytes);
  });
});
