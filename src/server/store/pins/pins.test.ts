import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pin, PinAnswer, PinList } from '#domain/api/pin-api.ts';
import type { Result } from '#domain/result.ts';
import {
  HOUR_MS,
  ingest,
  makeTempDir,
  openCore,
  removeDir,
  select,
  type TestCore,
} from '#server/store/testing/open-core.ts';
import { pinOf } from '#server/store/testing/pins.ts';
import { request, span, traceA, traceB } from '#server/store/testing/spans.ts';
import type { PinRefusal } from './pin-requests.ts';

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

async function reopen(settings: Parameters<typeof openCore>[1] = {}): Promise<void> {
  const { nowMs } = store.clock;
  await store.core.close();
  store = await openCore(dir, settings);
  store.clock.nowMs = nowMs;
}

async function outliveRetention(): Promise<void> {
  for (const hours of [4, 73]) {
    store.clock.nowMs += hours * HOUR_MS;
    await store.core.maintain();
  }
}

const create = (...args: Parameters<typeof pinOf>) =>
  store.core.pins(1, pinOf(...args)) as Promise<Result<Pin, PinRefusal>>;
const list = (find = '') =>
  store.core.pins(1, { do: 'list', filter: { find, traceId: undefined, limit: 10 } }) as Promise<PinList>;
const find = (pin: string) => store.core.pins(1, { do: 'find', pin }) as Promise<PinAnswer | undefined>;
const remove = (pin: string) => store.core.pins(1, { do: 'remove', pin }) as Promise<PinAnswer | undefined>;
const traceOf = (pin: string) => store.core.pins(1, { do: 'trace', pin }) as Promise<Uint8Array | undefined>;

/** The store as version 4 left it, with one pin. */
async function pinnedBefore(): Promise<void> {
  await ingest(store.core, request(span('1')));
  await select(store.core, 'create table pinned (trace_id uhugeint not null, at_unix_ms bigint not null)');
  await select(store.core, `insert into pinned values ('${BigInt(`0x${traceA}`)}'::uhugeint, 7)`);
  for (const table of ['pins', 'pin_parts', 'states']) await select(store.core, `drop table ${table}`);
  await select(store.core, "update schema_meta set value = '4' where key = 'version'");
}

async function pinned(...args: Parameters<typeof pinOf>): Promise<Pin> {
  const made = await create(...args);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

describe('a pin', () => {
  it('keeps the bytes of the trace and one line about it, over retention and a restart', async () => {
    await ingest(store.core, request(span('1'), span('2', { traceId: traceB })));
    const bytes = await store.core.trace(1, traceA);
    const pin = await pinned(traceA, { note: 'Slow Checkout', by: 'Ada' });
    expect(pin.summary).toMatchObject({ rootName: 'work', rootService: 'shop', spans: 1, errors: 0 });
    await outliveRetention();
    await reopen();
    expect(await store.core.trace(1, traceB)).toBeUndefined();
    expect(await traceOf(pin.id)).toEqual(bytes);
    expect(await find(pin.id)).toEqual({ state: 'kept', pin });
    // Still searchable under its own id, too.
    expect(await store.core.trace(1, traceA)).toEqual(bytes);
    for (const text of ['checkout', 'ada', 'shop work', traceA.slice(3, 12), pin.id]) {
      expect((await list(text)).pins).toEqual([pin]);
    }
    expect(await list('nothing like it')).toMatchObject({ pins: [], matching: 0, total: 1, usedBytes: pin.bytes });
  });

  it('of another source is a copy only: the store neither finds nor counts it', async () => {
    const pin = await pinned(traceA, { source: 'prod', sourceName: 'Prod', otlp: request(span('1')) });
    expect(store.core.status().spans).toBe(0);
    expect(await store.core.trace(1, traceA)).toBeUndefined();
    await reopen();
    expect(await traceOf(pin.id)).toEqual(request(span('1')));
    expect(await create(traceA, { otlp: Uint8Array.of(0x0a, 0xff) })).toMatchObject({ error: { reason: 'invalid' } });
    expect(await create(traceA, { otlp: new Uint8Array(0) })).toMatchObject({ error: { reason: 'invalid' } });
  });

  it('that is removed or has expired is remembered without its words, and its rows go with the last of them', async () => {
    await ingest(store.core, request(span('1')));
    const first = await pinned(traceA, { note: 'secret' });
    const second = await pinned(traceA, { expiresUnixMs: store.clock.nowMs + 200 * HOUR_MS });
    await outliveRetention();
    const gone = await remove(first.id);
    expect(gone).toMatchObject({ state: 'gone', gone: { reason: 'removed', goneUnixMs: store.clock.nowMs } });
    expect(JSON.stringify(gone)).not.toContain('secret');
    expect(await traceOf(first.id)).toBeUndefined();
    expect(await store.core.trace(1, traceA)).toBeDefined();
    store.clock.nowMs += 200 * HOUR_MS;
    expect(await find(second.id)).toMatchObject({ state: 'gone', gone: { reason: 'expired' } });
    await store.core.maintain();
    expect(await store.core.trace(1, traceA)).toBeUndefined();
    expect(await select(store.core, 'select count(*) as n from pin_parts')).toEqual([{ n: 0n }]);
    const state = await store.core.traceState(1, { traceId: traceA, startNs: undefined, endNs: undefined });
    expect(state).toMatchObject({ state: 'unknown', lastPin: { id: second.id, reason: 'expired' } });
    store.clock.nowMs += 401 * 24 * HOUR_MS;
    await store.core.maintain();
    expect(await find(second.id)).toBeUndefined();
  });

  it('is refused where the pins have reached their size, with what they take', async () => {
    await ingest(store.core, request(span('1')));
    const { bytes } = await pinned(traceA);
    await reopen({ pinsMaxBytes: bytes * 2 - 1 });
    expect(await create(traceA)).toMatchObject({
      error: { reason: 'full', message: expect.stringMatching(/pins take .* MiB of .* MiB.*pinsMaxBytes/) },
    });
    expect((await list()).total).toBe(1);
  });

  it('of an older version becomes one with a copy', async () => {
    await pinnedBefore();
    await reopen();
    const { pins } = await list();
    expect(pins).toMatchObject([{ traceId: traceA, atUnixMs: 7, source: 'local' }]);
    expect(await traceOf(pins[0]?.id ?? '')).toEqual(await store.core.trace(1, traceA));
    await reopen();
    expect((await list()).total).toBe(1);
  });

  it('of an older version waits for the next start where the disk has no room for its copy', async () => {
    await pinnedBefore();
    await reopen({ minFreeDiskBytes: Number.MAX_SAFE_INTEGER });
    expect((await list()).total).toBe(0);
    await reopen();
    expect((await list()).pins).toMatchObject([{ traceId: traceA, atUnixMs: 7 }]);
  });
});

describe('a stored state', () => {
  it('has the id of its text, outlives a restart and goes 400 days after it was stored last', async () => {
    const keep = (text: string) =>
      store.core.pins(1, { do: 'keep-state', text }) as Promise<Result<{ id: string }, string>>;
    const first = await keep('?q=ä');
    expect(await keep('?q=ä')).toEqual(first);
    if (!first.ok) throw new Error(first.error);
    await reopen();
    const read = () => store.core.pins(1, { do: 'state', state: first.value.id });
    expect(await read()).toBe('?q=ä');
    store.clock.nowMs += 300 * 24 * HOUR_MS;
    await keep('?q=ä');
    store.clock.nowMs += 300 * 24 * HOUR_MS;
    await store.core.maintain();
    expect(await read()).toBe('?q=ä');
    store.clock.nowMs += 101 * 24 * HOUR_MS;
    await store.core.maintain();
    expect(await read()).toBeUndefined();
  });
});
