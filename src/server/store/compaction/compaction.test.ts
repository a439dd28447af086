import { readFileSync, writeFileSync } from 'node:fs';
import { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import type { TraceId } from '#domain/ids.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { runOffline } from '#server/store/offline/run-offline.ts';
import { databasePath } from '#server/store/open/paths.ts';
import { answersOf } from '#server/store/testing/answers.ts';
import { spanCount } from '#server/store/testing/kill-loop.ts';
import {
  HOUR_MS,
  ingest,
  makeTempDir,
  openCore,
  removeDir,
  select,
  type TestCore,
} from '#server/store/testing/open-core.ts';
import { attribute, manySpans, NOW_NS, request, resource, span, text, traceA } from '#server/store/testing/spans.ts';

let dir: string;
let store: TestCore;

beforeEach(async () => {
  // Maintenance runs when a test says so.
  vi.useFakeTimers({ toFake: ['setInterval'] });
  dir = makeTempDir();
  store = await openCore(dir, { compaction: true });
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await store.core.close();
  removeDir(dir);
});

const idOf = (number: number) => (number + 1).toString(16).padStart(32, '0') as TraceId;

/** Closes what is open and lets time pass, less than retention. */
async function closeSegment({ core, clock }: TestCore): Promise<void> {
  clock.nowMs += 4 * HOUR_MS;
  await core.maintain();
}

async function reopen(): Promise<void> {
  const { nowMs } = store.clock;
  await store.core.close();
  store = await openCore(dir, { compaction: true });
  store.clock.nowMs = nowMs;
}

async function tables(): Promise<string[]> {
  const rows = await select(store.core, "select table_name as t from duckdb_tables() where table_name like '%spans%'");
  return rows.map(({ t }) => String(t)).sort();
}

const statesOf = async ({ core }: TestCore) => (await core.figures(1)).segments.map(({ state }) => state);

/** A trace of 2 MB, which is read in parts. */
async function sendLarge(core: TestCore['core'], traceId: TraceId): Promise<void> {
  const padding = text('padding', 'x'.repeat(2_000));
  for (let part = 0; part < 5; part++) {
    const spans = Array.from({ length: 200 }, (_, i) =>
      span((200 * part + i + 1).toString(16).padStart(16, '0'), {
        traceId,
        resource: resource('shop'),
        attributes: [padding],
      }),
    );
    await ingest(core, encodeTraces(spans));
  }
}

describe('a segment from which a trace is being read in parts', () => {
  it('stays until its reader has had the last of them, or has been away for long', async () => {
    const { core, clock } = store;
    await sendLarge(core, idOf(9));
    await closeSegment(store);
    const plan = await core.traceOrPlan(1, idOf(9));
    if (plan === undefined || !('parts' in plan)) throw new Error('it is not read in parts');
    expect(plan.parts.length).toBeGreaterThan(1);
    const compacting = core.compact();
    await vi.waitFor(
      async () =>
        expect(await select(core, 'select count(*) as n from building_blocks_2 having n > 0')).toHaveLength(1),
      { timeout: 20_000 },
    );
    let bytes = 0;
    for (const part of plan.parts) {
      for (const piece of await core.tracePart(2, part)) bytes += piece.length;
      // Long enough for the exchange, if it did not wait.
      for (let turn = 0; turn < 20; turn++) await select(core, 'select 1');
    }
    expect(bytes).toBe(plan.totalBytes);
    expect(store.compactions).toEqual([]);
    clock.nowMs += 31_000;
    await compacting;
    expect(store.compactions).toEqual([expect.objectContaining({ spans: 1_000, copies: 0 })]);
    expect((await core.trace(3, idOf(9)))?.length).toBeGreaterThan(2_000_000);
  });
});

describe('a compacted segment', () => {
  it('holds each span once, in order, and keeps its place among the others', async () => {
    for (let trace = 0; trace < 6; trace++) await ingest(store.core, manySpans(idOf(trace), 40));
    for (let trace = 2; trace < 5; trace++) await ingest(store.core, manySpans(idOf(trace), 40));
    await closeSegment(store);
    await ingest(store.core, manySpans(idOf(7), 3));
    await store.core.compact();
    expect(store.compactions).toEqual([expect.objectContaining({ spans: 240, copies: 120 })]);
    expect(await statesOf(store)).toEqual(['compacted', 'open']);
    expect(await tables()).toEqual(['spans_2', 'spans_3']);
    expect(store.core.status().spans).toBe(243);
    await reopen();
    expect(await statesOf(store)).toEqual(['compacted', 'open']);
    expect(store.core.status().spans).toBe(243);
    await store.core.close();
    expect(await runOffline({ kind: 'verify', dataDir: dir })).toEqual({
      ok: true,
      value: { lines: ['243 spans in 2 segments, 0 problems'], isSound: true },
    });
    store = await openCore(dir);
  });

  it('is smaller than the one it replaces, and goes with retention as that would have', async () => {
    for (let i = 0; i < 40; i++) await ingest(store.core, manySpans(idOf(i % 20), 500));
    await closeSegment(store);
    await store.core.compact();
    const [{ bytesBefore, bytesAfter, segment }] = store.compactions;
    expect(bytesAfter).toBeLessThanOrEqual(bytesBefore);
    store.clock.nowMs += 73 * HOUR_MS;
    await store.core.maintain();
    expect(await select(store.core, 'select segment, span_count, reason from pruned')).toEqual([
      { segment, span_count: 10_000n, reason: 'age' },
    ]);
    expect(await tables()).toEqual([]);
  });
});

interface Sent {
  readonly trace: number;
  readonly id: number;
  readonly service: number;
  readonly colour: number;
  readonly n: number;
  readonly failed: boolean;
}

const sent = fc.record<Sent>({
  trace: fc.nat(4),
  id: fc.nat(6),
  service: fc.nat(2),
  colour: fc.nat(2),
  n: fc.nat(3),
  failed: fc.boolean(),
});
const action = fc.oneof(
  { weight: 6, arbitrary: fc.array(sent, { minLength: 1, maxLength: 8 }) },
  { weight: 2, arbitrary: fc.constant('again' as const) },
  { weight: 1, arbitrary: fc.constant('close' as const) },
);

function spanOf({ trace, id, service, colour, n, failed }: Sent): PlainSpan {
  // Start and parent follow from the id, so that redelivered spans are alike but for what the rest says.
  const start = NOW_NS + BigInt(trace * 1_000_000 + id * 1_000);
  return span((id + 1).toString(16), {
    traceId: idOf(trace),
    parentSpanId: id === 0 ? '' : String(id).padStart(16, '0'),
    name: `work ${service}`,
    startUnixNano: id === 6 ? 0n : start,
    endUnixNano: start + BigInt((n + 1) * 500),
    statusCode: failed ? 2 : 0,
    resource: resource('abc'[service], text('zone', `z${service}`)),
    attributes: [
      text('colour', ['red', 'green', 'blue'][colour]),
      text('http.route', `/${id}`),
      attribute('n', { type: 'int', value: BigInt(n) }),
      ...(colour === 1 ? [text('tenant.id', `t${n}`)] : []),
    ],
    events: failed ? [{ timeUnixNano: start, name: 'exception', attributes: [text('why', 'x')] }] : [],
    links: id === 3 ? [{ traceId: traceA, spanId: '0000000000000001', attributes: [] }] : [],
  });
}

describe('every question', () => {
  it('has the same answer before and after, whatever was sent how often', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 2, maxLength: 12 }), async actions => {
        const folder = makeTempDir();
        const each = await openCore(folder, { compaction: true });
        try {
          let last: readonly Sent[] = [];
          for (const what of actions) {
            if (what === 'close') await closeSegment(each);
            else {
              last = what === 'again' ? last : what;
              if (last.length > 0) await ingest(each.core, encodeTraces(last.map(spanOf)));
            }
          }
          const traceIds = [0, 1, 2, 3, 4].map(idOf);
          const before = await answersOf(each.core, traceIds);
          await closeSegment(each);
          await each.core.compact();
          expect(await answersOf(each.core, traceIds)).toEqual(before);
          expect(await statesOf(each)).not.toContain('closed');
          expect(each.notices).toEqual([]);
        } finally {
          await each.core.close();
          removeDir(folder);
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  }, 120_000);
});

describe('a compaction that fails', () => {
  /** The `n`th statement of compaction fails with `message`; resolves to whether it came to that. */
  async function failAt(n: number, message: string): Promise<boolean> {
    let left = n;
    const run = DuckDBConnection.prototype.run;
    const spy = vi.spyOn(DuckDBConnection.prototype, 'run').mockImplementation(async function (
      this: DuckDBConnection,
      ...args
    ) {
      if (left-- === 1) throw new Error(message);
      return await run.apply(this, args);
    });
    await store.core.compact();
    spy.mockRestore();
    return left <= 0;
  }

  it('leaves the old segment or the new one at every step, and can be done again', async () => {
    for (let trace = 0; trace < 3; trace++) await ingest(store.core, manySpans(idOf(trace), 5));
    await ingest(store.core, manySpans(idOf(1), 5));
    await closeSegment(store);
    await store.core.close();
    const sound = readFileSync(databasePath(dir));
    const seen = { closed: 0, compacted: 0 };
    for (let n = 1; ; n++) {
      writeFileSync(databasePath(dir), sound);
      store = await openCore(dir, { compaction: true });
      const hasFailed = await failAt(n, 'IO Error: no');
      const [state] = await statesOf(store);
      seen[state as keyof typeof seen]++;
      await expectWhole();
      if (state === 'closed') expect(store.notices.join()).toContain('is not compacted: IO Error: no');
      await reopen();
      expect((await tables()).filter(name => name.startsWith('building'))).toEqual([]);
      expect(await statesOf(store)).toEqual([state]);
      await store.core.compact();
      expect(await statesOf(store)).toEqual(['compacted']);
      await expectWhole();
      await store.core.close();
      if (!hasFailed) break;
    }
    // Each statement but the checkpoints, which may fail, and the clearing up behind it.
    expect(seen.closed).toBeGreaterThan(30);
    expect(seen.compacted).toBeGreaterThan(2);
    store = await openCore(dir);
  }, 120_000);

  async function expectWhole(): Promise<void> {
    for (let trace = 0; trace < 3; trace++) expect(spanCount(await store.core.trace(1, idOf(trace)))).toBe(5);
  }

  it('goes on with a new instance when DuckDB gave the old one up', async () => {
    await ingest(store.core, manySpans(idOf(1), 5));
    await closeSegment(store);
    await failAt(12, 'FATAL Error: database has been invalidated');
    expect((await ingest(store.core, manySpans(idOf(2), 5))).result.kind).toBe('stored');
    await store.core.maintain();
    await store.core.compact();
    expect(await statesOf(store)).toEqual(['compacted', 'open']);
    expect(store.core.status().spans).toBe(10);
  });

  it('has nothing to say of a segment that retention dropped under it', async () => {
    await ingest(store.core, manySpans(idOf(1), 5));
    await closeSegment(store);
    const run = DuckDBConnection.prototype.run;
    let statements = 0;
    vi.spyOn(DuckDBConnection.prototype, 'run').mockImplementation(async function (this: DuckDBConnection, ...args) {
      if (++statements === 12) {
        vi.restoreAllMocks();
        store.clock.nowMs += 73 * HOUR_MS;
        await store.core.maintain();
        throw new Error('Catalog Error: Table with name spans_1 does not exist!');
      }
      return await run.apply(this, args);
    });
    await store.core.compact();
    expect(await statesOf(store)).toEqual([]);
    expect(store.notices).toEqual([]);
  });

  it('leaves a damaged segment out of everything', async () => {
    await ingest(store.core, manySpans(idOf(1), 5));
    await closeSegment(store);
    await failAt(12, 'IO Error: Corrupt database file');
    expect(await statesOf(store)).toEqual(['damaged']);
    expect(store.notices.join()).toContain('is damaged: its 5 spans');
  });

  it('leaves alone a segment that contradicts itself', async () => {
    await ingest(store.core, manySpans(idOf(1), 5));
    await closeSegment(store);
    await select(store.core, 'delete from spans_1 where row_id = 2');
    await store.core.compact();
    expect(await statesOf(store)).toEqual(['closed']);
    expect(store.notices.join()).toMatch(/Segment 1 is not compacted: 4 spans in its columns/);
  });
});

describe('compaction', () => {
  it('does not start where the copy would take the disk that must stay free', async () => {
    await ingest(store.core, request(span('1')));
    await closeSegment(store);
    const { nowMs } = store.clock;
    await store.core.close();
    store = await openCore(dir, { compaction: true, minFreeDiskBytes: Number.MAX_SAFE_INTEGER });
    store.clock.nowMs = nowMs;
    await store.core.compact();
    expect(await statesOf(store)).toEqual(['closed']);
    expect(store.notices.join()).toContain('Compaction waits for free disk');
  });

  it('gives way to retention and to a stop', async () => {
    await ingest(store.core, manySpans(idOf(1), 5));
    await closeSegment(store);
    const compacted = store.core.compact();
    store.clock.nowMs += 73 * HOUR_MS;
    await Promise.all([store.core.maintain(), compacted]);
    expect(await tables()).toEqual([]);
    expect(store.notices).toEqual([]);
    await ingest(store.core, manySpans(idOf(3), 5));
    await closeSegment(store);
    void store.core.compact();
    await reopen();
    expect((await tables()).filter(name => name.startsWith('building'))).toEqual([]);
    expect(store.core.status().spans).toBe(5);
  });
});
