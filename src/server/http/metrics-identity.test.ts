import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { openStore, type Store } from '#server/store/store.ts';
import { baggageKeys, HOUR_MS, makeTempDir, removeDir } from '#server/store/testing/open-core.ts';
import { request, span } from '#server/store/testing/spans.ts';
import { metricsText } from './metrics-text.ts';

let dir: string;
let store: Store;

async function open(): Promise<void> {
  const options = { dataDir: dir, retentionMs: HOUR_MS, baggageKeys, minFreeDiskBytes: 0, memoryLimit: '256MB' };
  const opened = await openStore({ ...options, queueBytes: 6_000 });
  if (!opened.ok) throw new Error(opened.error.message);
  store = opened.value;
}

beforeEach(async () => {
  dir = makeTempDir();
  await open();
});

afterEach(async () => {
  await store.close();
  removeDir(dir);
});

/** Counters of one scrape, added up over their labels. */
function scrape(): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const line of metricsText(store.metrics(), Date.now()).split('\n')) {
    const match = /^throughline_(\w+)(?:\{[^}]*\})? ([\d.e+-]+)$/.exec(line);
    if (match !== null) sums[match[1]] = (sums[match[1]] ?? 0) + Number(match[2]);
  }
  return sums;
}

function expectIdentity(): void {
  const { spans_received_total, spans_committed_total, spans_rejected_total = 0, spans_deduplicated_total } = scrape();
  expect(spans_received_total).toBe(spans_committed_total + spans_rejected_total + spans_deduplicated_total);
}

const goodSpan = fc.nat(20).map(n => span((n + 1).toString(16)));
const badSpan = fc.constantFrom<PlainSpan>(
  span('0'),
  span('1', { traceId: '0'.repeat(32) }),
  span('12345678901234567'),
);
const mixed = fc.array(fc.oneof({ weight: 3, arbitrary: goodSpan }, badSpan), { maxLength: 12 });
/** Undecodable, or large enough that those behind it meet a full queue. */
const oddBody = fc.constantFrom(
  Uint8Array.from([0x0a, 0xff]),
  request(...Array.from({ length: 60 }, (_, i) => span((i + 100).toString(16)))),
);
const body = fc.oneof({ weight: 4, arbitrary: mixed.map(spans => request(...spans)) }, oddBody);

it('at every scrape, received is committed plus rejected plus deduplicated; after a restart too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ body, copies: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      async (requests, restarts) => {
        const before = scrape();
        const answers = requests.flatMap(({ body, copies }) =>
          Array.from({ length: copies }, async () => {
            const answer = await store.ingest(body.slice(), 'protobuf');
            expectIdentity();
            return answer;
          }),
        );
        expectIdentity();
        const settled = await Promise.all(answers);
        const after = scrape();
        const accepted = settled.reduce((sum, answer) => sum + (answer.kind === 'stored' ? answer.accepted : 0), 0);
        const refused = settled.filter(({ kind }) => kind !== 'stored').length;
        expect(after.spans_committed_total - before.spans_committed_total).toBe(accepted);
        expect(after.requests_refused_total - before.requests_refused_total).toBe(refused);
        if (!restarts) return;
        const { spans } = await store.status();
        await store.close();
        await open();
        expectIdentity();
        expect((await store.status()).spans).toBe(spans);
        expect(scrape().spans_received_total).toBe(0);
      },
    ),
    { numRuns: 12 },
  );
});
