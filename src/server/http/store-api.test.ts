import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SelfCheckReport, TraceState } from '#domain/api/store-api.ts';
import type { Store } from '#server/store/store.ts';
import { fakeStore } from '#server/testing/fake-store.ts';
import { addHealth } from './health.ts';
import type { Log } from './log.ts';
import { addSelfCheckApi } from './selfcheck-api.ts';
import { addStoreApi } from './store-api.ts';

const id = 'AB'.repeat(16);
const known = id.toLowerCase();
const unknown: TraceState = {
  state: 'unknown',
  retentionMs: 1,
  oldestUnixNano: '1',
  lastPruned: undefined,
  lastPin: undefined,
};
const silent: Log = { event: () => {}, request: () => {}, say: () => {} };

let app: FastifyInstance;
let asked: unknown[];

async function start(overrides: Partial<Store> = {}): Promise<void> {
  asked = [];
  const note =
    <T>(answer: T) =>
    async (...args: readonly unknown[]): Promise<T> => {
      asked.push(...args);
      return answer;
    };
  const store = fakeStore({
    traceState: note(unknown),
    ...overrides,
  });
  await app?.close();
  app = Fastify();
  addStoreApi(app, store);
  addHealth(app, store, () => false);
}

beforeEach(() => start());
afterEach(() => app.close());

test('the state of a trace is asked with the time it ran, or without', async () => {
  expect((await app.inject(`/api/trace-state/${id}?start=10&end=20`)).json()).toEqual(
    JSON.parse(JSON.stringify(unknown)),
  );
  await app.inject(`/api/trace-state/${id}`);
  expect(asked).toEqual([
    { traceId: known, startNs: 10_000_000_000n, endNs: 20_000_000_000n },
    { traceId: known, startNs: undefined, endNs: undefined },
  ]);
  expect((await app.inject(`/api/trace-state/${id}?start=10`)).statusCode).toBe(400);
  expect((await app.inject('/api/trace-state/0')).statusCode).toBe(400);
});

describe('readiness', () => {
  test('is a word, and below it what was lost or left out', async () => {
    expect((await app.inject('/-/ready')).body).toBe('ready\n');
    await start({ ready: async () => ({ ok: true, notices: ['Segment 3 is damaged.'] }) });
    const { statusCode, body } = await app.inject('/-/ready');
    expect([statusCode, body]).toEqual([200, 'ready\nnotice: Segment 3 is damaged.\n']);
    await start({ ready: async () => ({ ok: false, reason: 'Ingest is refused: 1 MiB of disk are free' }) });
    expect(await app.inject('/-/ready')).toMatchObject({
      statusCode: 503,
      body: 'not ready: Ingest is refused: 1 MiB of disk are free\n',
    });
  });
});

test('a self-check is run by POST and shown by GET', async () => {
  const report: SelfCheckReport = { atUnixMs: 5, verdict: 'wrong', steps: [] };
  const selfCheck = { state: { isRunning: false, last: report }, run: async () => report };
  const lines: unknown[] = [];
  addSelfCheckApi(app, selfCheck, { ...silent, event: (name, fields) => lines.push([name, fields]) });
  expect((await app.inject({ method: 'POST', url: '/api/selfcheck' })).json()).toEqual(report);
  expect((await app.inject('/api/selfcheck')).json()).toEqual({ isRunning: false, last: report });
  expect(lines).toEqual([['selfcheck', { verdict: 'wrong' }]]);
});
