import { afterEach, describe, expect, test } from 'vitest';
import { openReceiver, type Receiver } from './testing/open-receiver.ts';
import { jsonRequest, protoRequest, protoSpan, spanJson } from './testing/requests.ts';
import { A, traceIdOf } from './testing/row.ts';

// Section F of the conformance table: delivery. Elsewhere: 87 and 91 (kill, SIGTERM) in src/server/main.test.ts, 88 and 90
// (disk full, failed checkpoint) beside the store, 93 in otlp-transport.test.ts. 92 (tokens) waits for accounts.

let receiver: Receiver;
afterEach(() => receiver.close());

const spanIdOf = (n: number) => (n + 1).toString(16).padStart(16, '0');
const spansOf = (traceId: string, count: number, first = 0) =>
  protoRequest(Array.from({ length: count }, (_, i) => protoSpan(traceId, spanIdOf(first + i))));

describe('row 84: many spans of one trace', () => {
  test('10,000 in one request, and 1,000 requests of one', async () => {
    receiver = await openReceiver();
    const whole = traceIdOf(84, 0);
    expect((await receiver.post('protobuf', spansOf(whole, 10_000))).status).toBe(200);
    expect(new Set((await receiver.spansOf(whole)).map(({ spanId }) => spanId)).size).toBe(10_000);

    const single = traceIdOf(84, 1);
    const sent = Array.from({ length: 1000 }, (_, i) => receiver.post('protobuf', spansOf(single, 1, i)));
    expect(new Set((await Promise.all(sent)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(await receiver.spansOf(single)).toHaveLength(1000);
  });
});

test('row 85: the same request three times is one span on reading', async () => {
  receiver = await openReceiver();
  const traceId = traceIdOf(85);
  const body = protoRequest([protoSpan(traceId, A)]);
  for (let i = 0; i < 3; i++) expect((await receiver.post('protobuf', body)).status).toBe(200);
  expect(await receiver.spansOf(traceId)).toHaveLength(1);
  expect(receiver.store.metrics()).toMatchObject({ spansReceived: 3, spansCommitted: 3 });
});

test('row 86: one span id with two contents is two spans', async () => {
  receiver = await openReceiver();
  const traceId = traceIdOf(86);
  for (const name of ['client', 'server']) {
    const body = JSON.stringify(jsonRequest([spanJson({ traceId, spanId: A, name })]));
    expect((await receiver.post('json', body)).status).toBe(200);
  }
  expect((await receiver.spansOf(traceId)).map(({ name }) => name).sort()).toEqual(['client', 'server']);
});

test('row 88: without disk the answer is 503 with Retry-After, and nothing is stored', async () => {
  receiver = await openReceiver({ minFreeDiskBytes: Number.MAX_SAFE_INTEGER });
  const traceId = traceIdOf(88);
  const { status, retryAfter } = await receiver.post('protobuf', spansOf(traceId, 1));
  expect([status, retryAfter]).toEqual([503, '1']);
  expect(await receiver.spansOf(traceId)).toEqual([]);
});

test('row 89: with a full queue the answer is 503 with Retry-After; each 200 is there', async () => {
  receiver = await openReceiver({ queueBytes: 4000 });
  const sent = Array.from({ length: 200 }, async (_, i) => {
    const traceId = traceIdOf(89, i);
    return { traceId, ...(await receiver.post('protobuf', spansOf(traceId, 10))) };
  });
  const answers = await Promise.all(sent);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.every(({ status, retryAfter }) => status === 503 && retryAfter === '1')).toBe(true);
  for (const { traceId, status } of answers) {
    expect(await receiver.spansOf(traceId)).toHaveLength(status === 200 ? 10 : 0);
  }
});

test('row 94: 100 at once with 20 spans each', async () => {
  receiver = await openReceiver();
  const sent = Array.from({ length: 100 }, (_, i) => receiver.post('protobuf', spansOf(traceIdOf(94, i), 20)));
  expect((await Promise.all(sent)).every(({ status }) => status === 200)).toBe(true);
  expect((await receiver.store.status()).spans).toBe(2000);
});
