import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { databasePath, walPath } from './open/paths.ts';
import { openStore, takeStore } from './store.ts';
import type { Store, StoreOptions } from './store-types.ts';
import { spanCount } from './testing/kill-loop.ts';
import { baggageKeys, HOUR_MS, makeTempDir, removeDir } from './testing/open-core.ts';
import { manySpans, request, span, traceA } from './testing/spans.ts';

let dir: string;
const open: Store[] = [];

beforeEach(() => {
  dir = makeTempDir();
});

afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  removeDir(dir);
});

async function start(more: Partial<StoreOptions> = {}): Promise<Store> {
  const opened = await openStore({
    dataDir: dir,
    retentionMs: HOUR_MS,
    baggageKeys,
    minFreeDiskBytes: 0,
    memoryLimit: '256MB',
    ...more,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  open.push(opened.value);
  return opened.value;
}

const idOf = (number: number) => number.toString(16).padStart(32, '0') as TraceId;

describe('the store in its thread', () => {
  it('answers after the commit, counts, and has everything again after a restart', async () => {
    const store = await start();
    expect(await store.ready()).toEqual({ ok: true, notices: [] });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => store.ingest(manySpans(idOf(i + 1), 10), 'protobuf')),
    );
    expect(answers.every(answer => answer.kind === 'stored' && answer.accepted === 10)).toBe(true);
    await store.ingest(request(span('1'), span('0')), 'protobuf');
    const metrics = store.metrics();
    expect(metrics).toMatchObject({
      spansReceived: 502,
      spansCommitted: 501,
      spansRejected: { span_id: 1 },
      queueBytes: 0,
      segments: 1,
    });
    expect(metrics.commitSeconds.count).toBeGreaterThan(0);
    expect(metrics.walBytes).toBeGreaterThan(0);
    const trace = await store.trace(traceA);
    await store.close();
    expect(statSync(walPath(dir), { throwIfNoEntry: false })).toBeUndefined();
    expect(statSync(databasePath(dir)).mode & 0o077).toBe(0);
    const again = await start();
    expect(await again.trace(traceA)).toEqual(trace);
    expect(await again.status()).toMatchObject({ state: 'ready', spans: 501 });
  });

  it('accepts a body that is a view into a larger buffer', async () => {
    const store = await start();
    const body = request(span('1'));
    const around = Buffer.alloc(body.length + 20);
    around.set(body, 7);
    const view = around.subarray(7, 7 + body.length);
    expect(await store.ingest(view, 'protobuf')).toMatchObject({ kind: 'stored', accepted: 1 });
    expect(around.length).toBe(body.length + 20);
  });

  it('refuses a directory that is in use, and says by whom', async () => {
    await start();
    const second = await openStore({ dataDir: dir, retentionMs: HOUR_MS, baggageKeys });
    expect(second).toMatchObject({
      ok: false,
      error: { cause: 'locked', message: expect.stringContaining(String(process.pid)) },
    });
  });

  it('refuses more than its queue holds, with a time to come back, and takes it later', async () => {
    const store = await start({ queueBytes: 4_000 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => store.ingest(manySpans(traceA, 10), 'protobuf')),
    );
    const refused = answers.filter(answer => answer.kind === 'unavailable');
    expect(refused.length).toBeGreaterThan(0);
    expect(store.metrics().requestsRefused).toEqual({ invalid: 0, overload: refused.length, unavailable: 0 });
    expect(refused[0]).toMatchObject({ retryAfterS: 1, message: 'the queue is full' });
    expect(answers.some(answer => answer.kind === 'stored')).toBe(true);
    expect(await store.ingest(manySpans(traceA, 10), 'protobuf')).toMatchObject({ kind: 'stored' });
  });

  it('answers everything that was sent before it closes, and refuses what comes after', async () => {
    const store = await start();
    const sent = Array.from({ length: 50 }, (_, i) => store.ingest(manySpans(idOf(i + 1), 10), 'protobuf'));
    const closed = store.close();
    expect(await store.ingest(manySpans(idOf(99), 1), 'protobuf')).toMatchObject({ kind: 'unavailable' });
    await closed;
    const answers = await Promise.all(sent);
    const stored = answers.filter(answer => answer.kind === 'stored').length;
    expect(stored + answers.filter(answer => answer.kind === 'unavailable').length).toBe(50);
    const again = await start();
    expect((await again.status()).spans).toBe(stored * 10);
    expect(await store.ready()).toMatchObject({ ok: false });
    await expect(store.trace(traceA)).rejects.toMatchObject({ reason: 'closed' });
  });

  it('stops a query when its caller goes away', async () => {
    const store = await start();
    const gone = new AbortController();
    gone.abort();
    await expect(store.query({ kind: 'search', args: {} }, { signal: gone.signal })).rejects.toMatchObject({
      reason: 'aborted',
    });
    await expect(store.query({ kind: 'no such query', args: {} })).rejects.toThrow('no such query');
  });
});

describe('before its database is open', () => {
  const options = { retentionMs: HOUR_MS, baggageKeys, minFreeDiskBytes: 0, memoryLimit: '256MB' };

  it('takes nothing, says why and when to come back, and works once it is open', async () => {
    const taken = takeStore({ dataDir: dir, ...options });
    if (!taken.ok) throw new Error(taken.error.message);
    const store = taken.value;
    open.push(store);
    expect(await store.ready()).toEqual({ ok: false, reason: 'the store is opening' });
    expect(await store.ingest(manySpans(traceA, 1), 'protobuf')).toMatchObject({
      kind: 'unavailable',
      message: 'the store is opening',
      retryAfterS: 1,
    });
    await expect(store.status()).rejects.toMatchObject({ reason: 'starting' });
    expect(store.metrics().requestsRefused.unavailable).toBe(1);
    expect(takeStore({ dataDir: dir, ...options })).toMatchObject({ ok: false, error: { cause: 'locked' } });
    expect(await store.open()).toMatchObject({ ok: true });
    expect(await store.ready()).toMatchObject({ ok: true });
    expect(await store.ingest(manySpans(traceA, 1), 'protobuf')).toMatchObject({ kind: 'stored' });
  });

  it('gives the directory back when it is closed before, or while it opens', async () => {
    for (const opens of [false, true]) {
      const taken = takeStore({ dataDir: dir, ...options });
      if (!taken.ok) throw new Error(taken.error.message);
      const opening = opens ? taken.value.open() : undefined;
      await taken.value.close();
      await opening;
      expect(await taken.value.ready()).toMatchObject({ ok: false });
    }
    expect(await (await start()).ready()).toMatchObject({ ok: true });
  });
});

describe('when the thread of the store ends', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('refuses what was not answered, starts it again over the same spans, and goes on', async () => {
    const notices: string[] = [];
    let worker: Worker | undefined;
    const post = Worker.prototype.postMessage;
    vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker, ...args) {
      worker = this;
      post.apply(this, args);
    });
    const store = await start({ onNotice: text => notices.push(text) });
    expect((await store.ingest(manySpans(traceA, 10), 'protobuf')).kind).toBe('stored');
    const waiting = store.ingest(manySpans(idOf(2), 10), 'protobuf');
    await worker?.terminate();
    const answer = await waiting;
    expect(['stored', 'unavailable']).toContain(answer.kind);
    await vi.waitFor(async () => expect(await store.ready()).toMatchObject({ ok: true }), { timeout: 20_000 });
    expect(notices[0]).toContain('started again');
    expect((await store.ingest(manySpans(idOf(3), 10), 'protobuf')).kind).toBe('stored');
    expect(spanCount(await store.trace(traceA))).toBe(10);
    expect(spanCount(await store.trace(idOf(3)))).toBe(10);
    if (process.platform === 'linux') expect(openHandles()).toBe(1);
    const { queueBytes, spansReceived, spansCommitted, spansDeduplicated, requestsRefused } = store.metrics();
    expect(queueBytes).toBe(0);
    // What the thread took with it counts as refused, and its spans when they are sent again.
    expect(spansReceived).toBe(spansCommitted + spansDeduplicated);
    expect(spansCommitted).toBe(answer.kind === 'stored' ? 30 : 20);
    expect(requestsRefused.unavailable).toBe(answer.kind === 'stored' ? 0 : 1);
  });
});

/** How often this process has the database open: a second instance could overwrite what the first has written. */
function openHandles(): number {
  const handles = readdirSync('/proc/self/fd').map(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return handles.filter(path => path === databasePath(dir)).length;
}
