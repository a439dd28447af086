import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { countCalls } from '#domain/graph/count-calls.ts';
import { graphOfCalls } from '#domain/graph/graph-of-calls.ts';
import { graphAsText } from '#domain/graph/testing/graph-as-text.ts';
import { randomCalls } from '#domain/graph/testing/random-calls.ts';
import { seededRandom } from '#domain/testing/seeded-random.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { SpanKind } from '#domain/trace/trace-table.ts';
import { HOUR_MS, ingest, makeTempDir, openCore, removeDir, type TestCore } from '#server/store/testing/open-core.ts';
import { countServiceGraph } from './service-graph.ts';

const dirs: string[] = [];
const open: TestCore[] = [];
afterEach(async () => {
  for (const { core } of open.splice(0)) await core.close();
  for (const dir of dirs.splice(0)) removeDir(dir);
  vi.useRealTimers();
});

/** A store whose segments hold `parts`, all but the last closed and compacted. */
async function storeOf(...parts: readonly (readonly PlainSpan[])[]): Promise<TestCore> {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  const dir = makeTempDir();
  dirs.push(dir);
  const store = await openCore(dir, { compaction: true });
  open.push(store);
  for (const [i, spans] of parts.entries()) {
    if (i > 0) {
      store.clock.nowMs += 4 * HOUR_MS;
      await store.core.maintain();
    }
    if (spans.length > 0) await ingest(store.core, encodeTraces(spans));
  }
  await store.core.compact();
  return store;
}

const ALL = { q: '', startNs: 0n, endNs: 2n ** 62n };
let nextQuery = 1;

const graphOf = ({ core }: TestCore, q = '') =>
  core.run(nextQuery++, async context => graphAsText(await countServiceGraph(context, { ...ALL, q }, '')));

async function counted(spans: readonly PlainSpan[]): Promise<readonly string[]> {
  const traces = Map.groupBy(spans, ({ traceId }) => traceId);
  return graphAsText(graphOfCalls(await countCalls([...traces.values()].map(tableOfSpans))));
}

/** In three segments, most traces whole. */
function spread(spans: readonly PlainSpan[], random: () => number): readonly PlainSpan[][] {
  const home = new Map<string, number>();
  const parts: PlainSpan[][] = [[], [], []];
  for (const span of spans) {
    if (!home.has(span.traceId)) home.set(span.traceId, Math.floor(random() * 3));
    parts[random() < 0.15 ? Math.floor(random() * 3) : home.get(span.traceId)!].push(span);
  }
  return parts;
}

describe('a graph from segments that know the parents of their spans', () => {
  for (const kind of ['whole halves', 'shared ids and links', 'links alone'] as const) {
    test(`is what counting the traces one by one gives: ${kind}`, async () => {
      for (let seed = 1; seed <= 8; seed++) {
        const random = seededRandom(seed * 31);
        const made = randomCalls(seed, kind !== 'shared ids and links');
        const producers = made.filter(({ kind }) => kind === SpanKind.producer);
        const spans = made.map(span =>
          kind === 'links alone' && producers.length > 0 && random() < 0.2
            ? { ...span, links: [producers[Math.floor(random() * producers.length)]!] }
            : span,
        );
        const store = await storeOf(...spread(spans, random));
        expect([seed, await graphOf(store)]).toEqual([seed, await counted(spans)]);
      }
    });
  }

  test('is the same for the traces of a query, and when copies came later', async () => {
    const spans = randomCalls(3, true);
    const whole = await storeOf(spans, []);
    const [{ traceId }] = spans as [PlainSpan];
    const one = spans.filter(span => span.traceId === traceId);
    const q = `{ trace:id = "${traceId}" }`;
    const ofOne = await graphOf(whole, q);
    expect(ofOne.length).toBeGreaterThan(3);
    // One segment, open.
    expect(ofOne).toEqual(await graphOf(await storeOf(spans), q));
    const again = await storeOf(spans, one.slice(1), []);
    expect(await graphOf(again)).toEqual(await counted(spans));
  });

  test('is the same after a restart', async () => {
    const spans = randomCalls(5, true);
    const store = await storeOf(spans, []);
    expect((await store.core.figures(1)).segments.map(({ state }) => state)).toEqual(['compacted']);
    const { nowMs } = store.clock;
    await store.core.close();
    const reopened = await openCore(dirs.at(-1)!, { compaction: true });
    open.splice(open.indexOf(store), 1, reopened);
    reopened.clock.nowMs = nowMs;
    const known = reopened.core.run(nextQuery++, async context =>
      context.segments(0n, 2n ** 62n).map(s => s.hasParents),
    );
    expect(await known).toEqual([true]);
    expect(await graphOf(reopened)).toEqual(await counted(spans));
  });
});
