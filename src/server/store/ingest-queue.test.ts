import { DuckDBConnection } from '@duckdb/node-api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { IngestQueue } from './ingest-queue.ts';
import { MetricsRecorder } from './metrics-recorder.ts';
import type { ToWorker } from './protocol.ts';
import type { StoreCore } from './store-core.ts';
import { makeTempDir, openCore, removeDir, select } from './testing/open-core.ts';
import { manySpans } from './testing/spans.ts';

const LIMIT = 256 * 1024;
const SPANS = 50;

const dir = makeTempDir();
let core: StoreCore | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await core?.close();
  removeDir(dir);
});

/** Commits wait until `go` is called. */
function slowCommits(): { readonly go: () => void } {
  let go = () => {};
  const gate = new Promise<void>(resolve => {
    go = resolve;
  });
  const start = DuckDBConnection.prototype.start;
  vi.spyOn(DuckDBConnection.prototype, 'start').mockImplementation(async function (
    this: DuckDBConnection,
    sql,
    ...rest
  ) {
    if (sql === 'commit') await gate;
    return await start.call(this, sql, ...rest);
  });
  return { go };
}

describe('a flood on a store that commits nothing for a while', () => {
  it('holds no more than its limit, refuses the rest at once, and loses nothing that it acknowledges', async () => {
    const { core: opened } = await openCore(dir);
    core = opened;
    const { go } = slowCommits();
    let [asked, heldBytes] = [0, 0];
    const post = (message: ToWorker) => {
      if (message.type !== 'ingest') return;
      for (const { id, buffer, bytes, ...rest } of message.requests) {
        asked++;
        heldBytes += buffer.byteLength;
        void opened
          .ingest({ body: new Uint8Array(buffer, 0, bytes), ...rest })
          .then(outcome => queue.answered([{ id, buffer, ...outcome }]));
      }
    };
    const queue = new IngestQueue(LIMIT, new MetricsRecorder(), post);
    let [refused, mostBytes] = [0, 0];
    let body: Uint8Array = new Uint8Array();
    const answers = Array.from({ length: 2_000 }, (_, i) => {
      body = manySpans((i + 1).toString(16).padStart(32, '0'), SPANS);
      const answer = queue.push(body, 'protobuf', {});
      mostBytes = Math.max(mostBytes, queue.bytes);
      void answer.then(({ kind }) => {
        if (kind === 'unavailable') refused++;
      });
      return answer;
    });
    await vi.waitFor(() => expect(asked).toBeGreaterThan(0));
    expect(mostBytes).toBeLessThanOrEqual(LIMIT);
    // All that found no room has its answer while not one commit is through.
    expect(refused).toBe(2_000 - asked);
    expect(asked).toBe(Math.floor(LIMIT / body.length));
    // Buffers are rounded up to powers of two.
    expect(heldBytes).toBeLessThanOrEqual(2 * LIMIT);
    go();
    const results = await Promise.all(answers);
    const acknowledged = results.filter(({ kind }) => kind === 'stored').length;
    expect(acknowledged).toBe(asked);
    expect(results.find(({ kind }) => kind === 'unavailable')).toEqual({
      kind: 'unavailable',
      message: 'the queue is full',
      retryAfterS: 1,
      isOverload: true,
    });
    expect(queue.bytes).toBe(0);
    expect(await select(opened, 'select count(*)::int as n from spans_1')).toEqual([{ n: acknowledged * SPANS }]);
    expect(await queue.push(body, 'protobuf', {})).toMatchObject({ kind: 'stored', accepted: SPANS });
  });
});
