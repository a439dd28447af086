import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { HOUR_MS, ingest, makeTempDir, openCore, removeDir, select, type TestCore } from './testing/open-core.ts';
import { pinOf } from './testing/pins.ts';
import { manySpans, NOW_NS, request, resource, span, text, traceA, traceB } from './testing/spans.ts';

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

const idOf = (number: number) => number.toString(16).padStart(32, '0') as TraceId;

/** A small generator of its own: the same text every time, and nothing that compresses. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function noiseText(random: () => number, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(33 + Math.floor(random() * 94))).join('');
}

function segmentIds(): Promise<number[]> {
  return store.core.run(9, async context => context.segments(0n, 2n ** 62n).map(({ id }) => id));
}

describe('segments', () => {
  it('are closed by age, and a trace that lies in two of them comes back whole', async () => {
    await ingest(store.core, request(span('1')));
    store.clock.nowMs += 4 * HOUR_MS;
    await ingest(store.core, request(span('2')));
    expect((await segmentIds()).sort()).toEqual([1, 2]);
    const trace = await store.core.trace(1, traceA);
    expect(trace).toBeDefined();
    expect(store.core.status().spans).toBe(2);
    await reopen();
    expect(await store.core.trace(2, traceA)).toEqual(trace);
  });

  it('offer themselves to queries by the times of their spans', async () => {
    await ingest(
      store.core,
      request(
        span('1', { startUnixNano: 1_000n, endUnixNano: 2_000n }),
        span('2', { startUnixNano: 0n, endUnixNano: 0n }),
      ),
    );
    const found = (from: bigint, to: bigint) => store.core.run(1, async context => context.segments(from, to).length);
    expect(await found(0n, 1_000n)).toBe(0);
    expect(await found(1_500n, 1_600n)).toBe(1);
    expect(await found(2_001n, 9_000n)).toBe(0);
    expect(store.core.status()).toMatchObject({ oldestUnixNano: '1000', newestUnixNano: '2000' });
  });

  it('go on after a restart with fresh row numbers and ids that still lead to their values', async () => {
    await ingest(store.core, request(span('1', { attributes: [text('colour', 'red')] })));
    await reopen();
    expect(store.core.status().spans).toBe(1);
    await ingest(store.core, request(span('2', { attributes: [text('colour', 'blue'), text('shade', 'red')] })));
    const rows = await select(
      store.core,
      `select row_id, span_id, list_transform(attrs, id -> (select str from attr_values_1 a where a.id = id)) as n,
       (select string_agg(a.str, ' ' order by a.id) from attr_values_1 a where list_contains(s.attrs, a.id)) as colours
       from spans_1 s order by row_id`.replace(/list_transform.*as n,\n/, '\n'),
    );
    expect(rows).toEqual([
      { row_id: 1n, span_id: 1n, colours: 'red' },
      { row_id: 2n, span_id: 2n, colours: 'blue red' },
    ]);
  });

  it('begin anew when other keys are promoted', async () => {
    await ingest(store.core, request(span('1', { attributes: [text('deal', 'x')] })));
    await reopen({ baggageKeys: ['deal'] });
    await ingest(store.core, request(span('2', { attributes: [text('deal', 'x')] })));
    const promoted = await store.core.run(1, async context =>
      context.segments(0n, 2n ** 62n).map(segment => segment.promoted.has('deal')),
    );
    expect(promoted.sort()).toEqual([false, true]);
  });
});

describe('retention', () => {
  it('drops whole segments that closed long ago, records that, and leaves the rest, while writing', async () => {
    await ingest(store.core, request(span('1')));
    store.clock.nowMs += 4 * HOUR_MS;
    await ingest(store.core, request(span('2', { traceId: traceB })));
    store.clock.nowMs += 72 * HOUR_MS + 1;
    const writes = Array.from({ length: 20 }, (_, i) =>
      ingest(store.core, manySpans((i + 1).toString(16).padStart(32, '0'), 20)),
    );
    await store.core.maintain();
    expect((await Promise.all(writes)).every(({ result }) => result.kind === 'stored')).toBe(true);
    expect(await store.core.trace(1, traceA)).toBeUndefined();
    expect(await store.core.trace(2, traceB)).toBeDefined();
    expect(await select(store.core, 'select segment, from_ns, to_ns, span_count from pruned')).toEqual([
      { segment: 1, from_ns: NOW_NS, to_ns: NOW_NS + 1_000_000n, span_count: 1n },
    ]);
    expect(
      await select(store.core, "select count(*) as n from duckdb_tables() where table_name like '%\\_1' escape '\\'"),
    ).toEqual([{ n: 0n }]);
    await reopen();
    expect(store.core.status().spans).toBe(401);
  });

  it('drops the oldest closed segments when the database grows beyond its size, and never the open one', async () => {
    const maxBytes = 8 * 1024 * 1024;
    await reopen({ maxBytes, maxSegmentSpans: 2_000 });
    const random = seededRandom(1);
    let sent = 0;
    const pruned = async () => Number((await select(store.core, 'select count(*) as n from pruned'))[0].n);
    while ((await pruned()) < 2) {
      const noise = Array.from({ length: 500 }, (_, i) =>
        span((++sent).toString(16), { traceId: idOf(sent), name: noiseText(random, 400), statusMessage: `${i}` }),
      );
      expect((await ingest(store.core, request(...noise))).result.kind).toBe('stored');
      await store.core.maintain();
      expect(sent).toBeLessThan(60_000);
    }
    expect(store.core.status().bytes).toBeLessThan(3 * maxBytes);
    expect(await store.core.trace(1, idOf(1))).toBeUndefined();
    expect(await store.core.trace(1, idOf(sent))).toBeDefined();
    expect(await select(store.core, 'select min(segment) as first from pruned')).toEqual([{ first: 1 }]);
  });

  it('keeps pinned traces, whole and once, in every segment that goes', async () => {
    await ingest(store.core, request(span('1'), span('9', { traceId: traceB })));
    expect(await store.core.pins(1, pinOf(traceA))).toMatchObject({ ok: true });
    expect(await store.core.pins(1, pinOf(idOf(7)))).toMatchObject({ ok: false });
    store.clock.nowMs += 4 * HOUR_MS;
    await ingest(store.core, request(span('2'), span('2')));
    const before = await store.core.trace(1, traceA);
    store.clock.nowMs += 4 * HOUR_MS;
    await store.core.maintain();
    store.clock.nowMs += 73 * HOUR_MS;
    await store.core.maintain();
    expect(await store.core.trace(1, traceB)).toBeUndefined();
    expect(await store.core.trace(1, traceA)).toEqual(before);
    expect(store.core.status().spans).toBe(2);
    await reopen();
    store.clock.nowMs += 200 * HOUR_MS;
    await store.core.maintain();
    expect(await store.core.trace(1, traceA)).toEqual(before);
    expect((await ingest(store.core, request(span('3')))).result.kind).toBe('stored');
    expect(store.core.status().spans).toBe(3);
  });

  it('runs a query once more when a table goes away under it', async () => {
    await ingest(store.core, request(span('1')));
    store.clock.nowMs += 4 * HOUR_MS;
    await ingest(store.core, request(span('2')));
    let attempts = 0;
    const counted = await store.core.run(1, async context => {
      const segments = context.segments(0n, 2n ** 62n);
      if (++attempts === 1) {
        store.clock.nowMs += 72 * HOUR_MS + 1;
        await store.core.maintain();
      }
      const counts = await Promise.all(segments.map(({ id }) => context.rows(`select count(*) as n from spans_${id}`)));
      return counts.map(([{ n }]) => n);
    });
    expect(attempts).toBe(2);
    expect(counted).toEqual([1n]);
  });
});

describe('the sample', () => {
  it('is kept apart, shifted to end when asked, outlives retention and goes as a whole', async () => {
    await ingest(store.core, request(span('1', { traceId: traceB })));
    const end = NOW_NS + 3_600_000_000_000n;
    const loaded = await ingest(
      store.core,
      request(span('1'), span('2', { endUnixNano: NOW_NS + 7n, resource: resource('cart') })),
      {
        sample: true,
        shiftToEndAtUnixNano: end,
      },
    );
    expect(loaded.result).toMatchObject({ kind: 'stored', accepted: 2 });
    expect(store.core.status()).toMatchObject({ spans: 3, sample: { spans: 2 }, newestUnixNano: String(end) });
    expect(await select(store.core, 'select start_ns, duration_ns from spans_2 order by row_id')).toEqual([
      { start_ns: end - 1_000_000n, duration_ns: 1_000_000n },
      { start_ns: end - 1_000_000n, duration_ns: 7n },
    ]);
    store.clock.nowMs += 200 * HOUR_MS;
    await store.core.maintain();
    expect(store.core.status().sample).toEqual({ spans: 2 });
    await store.core.removeSample();
    expect(store.core.status()).toMatchObject({ spans: 1, sample: undefined });
    expect(await store.core.trace(1, traceA)).toBeUndefined();
    await reopen();
    expect(store.core.status()).toMatchObject({ spans: 1, sample: undefined });
    expect((await ingest(store.core, request(span('9')))).result.kind).toBe('stored');
  });
});

describe('service slots', () => {
  it('go to the busier service first, and stay', async () => {
    const of = (service: string, ...ids: string[]) => ids.map(id => span(id, { resource: resource(service) }));
    await ingest(store.core, request(...of('quiet', '1'), ...of('busy', '2', '3', '4'), ...of('middle', '5', '6')));
    await ingest(store.core, request(...of('later', '7', '8', '9', 'a', 'b')));
    const slots = { busy: 0, middle: 1, quiet: 2, later: 3 };
    expect(store.core.status().serviceSlots).toEqual(slots);
    await reopen();
    expect(store.core.status().serviceSlots).toEqual(slots);
  });
});

describe('disk', () => {
  it('refuses ingest when little is free, says so, and goes on reading', async () => {
    await ingest(store.core, request(span('1')));
    await reopen({ minFreeDiskBytes: Number.MAX_SAFE_INTEGER });
    const { result } = await ingest(store.core, request(span('2')));
    expect(result).toMatchObject({ kind: 'unavailable', retryAfterS: 1 });
    expect(await store.core.trace(1, traceA)).toBeDefined();
    expect(store.core.status()).toMatchObject({
      state: 'failing',
      notices: [expect.stringContaining('MiB of disk are free')],
    });
    expect(await store.core.ready()).toMatchObject({ ok: false });
  });
});
