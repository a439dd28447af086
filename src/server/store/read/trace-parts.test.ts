import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { scanTraces } from '#decoding/otlp/otlp-proto.ts';
import type { TraceId } from '#domain/ids.ts';
import { openStore, type Store } from '#server/store/store.ts';
import { baggageKeys, HOUR_MS, makeTempDir, removeDir } from '#server/store/testing/open-core.ts';
import { resource, span, text } from '#server/store/testing/spans.ts';

const SPANS_PER_REQUEST = 300;
const REQUESTS = 30;

let dir: string;
let store: Store;

beforeAll(async () => {
  dir = makeTempDir();
  const opened = await openStore({
    dataDir: dir,
    retentionMs: HOUR_MS,
    baggageKeys,
    minFreeDiskBytes: 0,
    memoryLimit: '256MB',
  });
  if (!opened.ok) throw new Error(opened.error.message);
  store = opened.value;
});

afterAll(async () => {
  await store.close();
  removeDir(dir);
});

/** 9,000 spans of half a kB from two services, so that requests of both fill several parts. */
async function sendLarge(traceId: TraceId): Promise<string[]> {
  const sent: string[] = [];
  for (let number = 0; number < REQUESTS; number++) {
    const spans = Array.from({ length: SPANS_PER_REQUEST }, (_, i) => {
      const id = (number * SPANS_PER_REQUEST + i + 1).toString(16).padStart(16, '0');
      const from = number % 3 === 0 ? 'shop' : 'ledger';
      sent.push(`${from} ${id}`);
      const padding = text('padding', `${id} `.repeat(30));
      return span(id, { traceId, resource: resource(from), attributes: [padding] });
    });
    await store.ingest(encodeTraces(spans), 'protobuf');
  }
  // Small enough to be unpacked into memory that Node shares out among many.
  const last = Array.from({ length: 40 }, (_, i) => {
    const id = `f${i.toString(16).padStart(15, '0')}`;
    sent.push(`shop ${id}`);
    return span(id, { traceId, resource: resource('shop'), attributes: [text('padding', `${id} `.repeat(30))] });
  });
  await store.ingest(encodeTraces(last), 'protobuf');
  return sent.sort();
}

async function partsOf(traceId: TraceId): Promise<{ count: number; totalBytes: number; bytes: Uint8Array }> {
  const reply = await store.traceParts(traceId);
  if (reply === undefined) throw new Error('no such trace');
  const parts: Uint8Array[] = [];
  for await (const part of reply.parts) parts.push(part);
  return { count: parts.length, totalBytes: reply.totalBytes, bytes: Buffer.concat(parts) };
}

/** Service and id of every span. */
function spansIn(bytes: Uint8Array): string[] {
  const found: string[] = [];
  let service = '';
  const scanned = scanTraces(bytes, {
    resource: (all, from, to) => {
      service = Buffer.from(all.subarray(from, to)).includes('ledger') ? 'ledger' : 'shop';
    },
    scope: () => undefined,
    span: fields =>
      void found.push(
        `${service} ${Buffer.from(fields.bytes.subarray(fields.spanIdFrom, fields.spanIdTo)).toString('hex')}`,
      ),
  });
  expect(scanned.ok).toBe(true);
  return found.sort();
}

it('sends a large trace in parts of known length that hold what was received', async () => {
  const traceId = 'aa'.repeat(16) as TraceId;
  const sent = await sendLarge(traceId);
  const { count, totalBytes, bytes } = await partsOf(traceId);
  expect(count).toBeGreaterThan(1);
  expect(bytes.length).toBe(totalBytes);
  expect(spansIn(bytes)).toEqual(sent);
});

it('leaves copies out, of a large trace too', async () => {
  const traceId = 'bb'.repeat(16) as TraceId;
  const sent = await sendLarge(traceId);
  const again = span(sent[0].slice(-16), { traceId, resource: resource(sent[0].split(' ')[0]) });
  await store.ingest(encodeTraces([again]), 'protobuf');
  await sendLarge(traceId);
  const { totalBytes, bytes } = await partsOf(traceId);
  expect(bytes.length).toBe(totalBytes);
  // Same id, other content: kept beside the first.
  expect(spansIn(bytes)).toEqual([...sent, sent[0]].sort());
});

it('sends a small trace whole, and nothing for one that is not there', async () => {
  const traceId = 'cc'.repeat(16) as TraceId;
  await store.ingest(encodeTraces([span('1', { traceId })]), 'protobuf');
  const { count, bytes } = await partsOf(traceId);
  expect(count).toBe(1);
  expect(bytes).toEqual(Buffer.from((await store.trace(traceId)) ?? []));
  expect(await store.traceParts('dd'.repeat(16) as TraceId)).toBeUndefined();
});
