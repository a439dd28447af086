import { statSync } from 'node:fs';
import { DuckDBConnection } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { walPath } from './open/paths.ts';
import { ingest, makeTempDir, openCore, removeDir, select, type TestCore } from './testing/open-core.ts';
import { manySpans, request, span, text, traceA } from './testing/spans.ts';

let dir: string;
let store: TestCore;

beforeEach(async () => {
  dir = makeTempDir();
  store = await openCore(dir);
  await ingest(store.core, request(span('1', { attributes: [text('colour', 'red')] })));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await store.core.close();
  removeDir(dir);
});

/** The next COMMITs fail with these messages, `before` or after having taken place. */
function failCommits(messages: string[], happens: boolean): void {
  const start = DuckDBConnection.prototype.start;
  vi.spyOn(DuckDBConnection.prototype, 'start').mockImplementation(async function (this: DuckDBConnection, ...args) {
    if (args[0] !== 'commit' || messages.length === 0) return await start.apply(this, args);
    const message = messages.shift();
    if (happens) await this.run(...args);
    throw new Error(message);
  });
}

const bodies = () => Array.from({ length: 6 }, (_, i) => manySpans((i + 1).toString(16).padStart(32, '0'), 3));

describe('when a commit fails', () => {
  it('tries the requests of the group one by one and refuses only the one that fails again', async () => {
    // The first of them forms a group of its own; the others wait for it and fail together, then the second of them alone.
    failCommits(['Invalid Input Error: once', 'Invalid Input Error: bad', 'IO Error: at first'], false);
    const first = ingest(store.core, request(span('7')));
    const answers = await Promise.all(bodies().map(body => ingest(store.core, body)));
    const kinds = [await first, ...answers].map(({ result }) => result.kind);
    expect(kinds.filter(kind => kind === 'stored')).toHaveLength(5);
    expect(kinds.filter(kind => kind === 'invalid')).toHaveLength(1);
    expect(kinds.filter(kind => kind === 'unavailable')).toHaveLength(1);
    const stored = answers.filter(({ result }) => result.kind === 'stored').length * 3 + Number(kinds[0] === 'stored');
    expect(store.core.status().spans).toBe(1 + stored);
    expect(await select(store.core, 'select count(*) as n from spans_1')).toEqual([{ n: BigInt(1 + stored) }]);
  });

  it('leaves no row that points to a value which was never stored', async () => {
    failCommits(['IO Error: no'], false);
    const body = () => request(span('2', { attributes: [text('colour', 'blue')] }));
    expect((await ingest(store.core, body())).result).toMatchObject({ kind: 'unavailable', retryAfterS: 1 });
    expect((await ingest(store.core, body())).result.kind).toBe('stored');
    const rows = await select(
      store.core,
      'select s.span_id, a.str from spans_1 s left join attr_values_1 a on a.id = s.attrs[1] order by 1',
    );
    expect(rows).toEqual([
      { span_id: 1n, str: 'red' },
      { span_id: 2n, str: 'blue' },
    ]);
  });

  it('reopens the database after a fatal error and goes on', async () => {
    failCommits(['FATAL Error: database has been invalidated'], false);
    expect((await ingest(store.core, request(span('2')))).result.kind).toBe('unavailable');
    expect((await ingest(store.core, request(span('3')))).result.kind).toBe('stored');
    expect(await store.core.trace(1, traceA)).toBeDefined();
    expect(store.core.status()).toMatchObject({ spans: 2, state: 'ready' });
    expect(store.notices.join()).toContain('reopened');
    expect(await store.core.ready()).toMatchObject({ ok: true });
  });

  it('takes a commit for done when only the checkpoint behind it failed', async () => {
    const message = 'FATAL Error: COMMIT succeeded and is durable, but the autocheckpoint failed';
    failCommits([message], true);
    expect((await ingest(store.core, request(span('2')))).result).toMatchObject({ kind: 'stored', accepted: 1 });
    expect(store.core.status().spans).toBe(2);
    expect(await select(store.core, 'select count(*) as n from spans_1')).toEqual([{ n: 2n }]);
  });
});

describe('when a checkpoint meets a transaction elsewhere', () => {
  it('waits for the next second without a word to the operator', async () => {
    const run = DuckDBConnection.prototype.run;
    let isBusy = true;
    let refused = 0;
    vi.spyOn(DuckDBConnection.prototype, 'run').mockImplementation(async function (this: DuckDBConnection, ...args) {
      if (args[0] !== 'checkpoint' || !isBusy) return await run.apply(this, args);
      refused++;
      throw new Error('TransactionContext Error: Cannot CHECKPOINT: there are other write transactions active.');
    });
    store.clock.nowMs += 11 * 60_000;
    await store.core.maintain();
    expect(refused).toBeGreaterThan(0);
    expect(statSync(walPath(dir)).size).toBeGreaterThan(0);
    isBusy = false;
    await store.core.maintain();
    expect(statSync(walPath(dir), { throwIfNoEntry: false })).toBeUndefined();
    expect(store.notices).toEqual([]);
  });
});
