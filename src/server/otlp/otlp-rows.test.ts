import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import { parseTraceId } from '#domain/ids.ts';
import { openStore, type Store } from '#server/store/store.ts';
import { otlpApp } from './otlp-app.ts';
import { contentTypeOf } from './status.ts';
import { jsonRequest, protoRequest, protoSpan, spanJson } from './testing/requests.ts';
import { type Row, rows, traceIdOf } from './testing/rows.ts';

// The whole way of a request: receiver, decoder, store on disk and back.

let folder: string;
let store: Store;
let app: FastifyInstance;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-otlp-'));
  const opened = await openStore({
    dataDir: join(folder, 'data'),
    retentionMs: 3_600_000,
    baggageKeys: [],
    minFreeDiskBytes: 0,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  store = opened.value;
  app = otlpApp({
    store,
    log: { event: () => {}, request: () => {}, say: () => {} },
    hosts: undefined,
    corsOrigins: [],
  });
});
afterAll(async () => {
  await app.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

interface SpanRead {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

async function spansOf(traceId: string): Promise<SpanRead[]> {
  const id = parseTraceId(traceId);
  const bytes = id.ok ? await store.trace(id.value) : undefined;
  if (bytes === undefined) return [];
  const { resourceSpans } = JSON.parse(protoToOtlpJson(bytes)) as {
    resourceSpans: { scopeSpans: { spans: SpanRead[] }[] }[];
  };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

async function post(encoding: 'json' | 'protobuf', body: Uint8Array | string) {
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/traces',
    headers: { host: 'localhost', 'content-type': contentTypeOf[encoding] },
    payload: Buffer.from(body),
  });
  expect(answer.headers['content-type']).toBe(contentTypeOf[encoding]);
  return { status: answer.statusCode, body: answer.rawPayload };
}

/** `partial_success` of a 200, from either encoding. */
function partialOf(encoding: 'json' | 'protobuf', body: Buffer): { rejected: number; message: string } {
  if (encoding === 'json') {
    const { partialSuccess } = JSON.parse(body.toString()) as {
      partialSuccess?: { rejectedSpans: string; errorMessage: string };
    };
    return { rejected: Number(partialSuccess?.rejectedSpans ?? 0), message: partialSuccess?.errorMessage ?? '' };
  }
  if (body.length === 0) return { rejected: 0, message: '' };
  const text = body.indexOf(0x12);
  return { rejected: body[body.indexOf(0x08) + 1], message: body.subarray(text + 2).toString() };
}

/** Every trace id that a row may use: whatever was refused must be found under none of them. */
function idsOf(row: Row): string[] {
  const sent = Buffer.from(row.body).toString('latin1').toLowerCase();
  const hex = Buffer.from(row.body).toString('hex');
  return Array.from({ length: 256 }, (_, variant) => traceIdOf(row.row, variant)).filter(
    id => sent.includes(id) || hex.includes(id),
  );
}

test.each(rows)('row $row ($encoding): $what', async row => {
  const { status, body } = await post(row.encoding, row.body);
  expect(row.status, body.toString()).toContain(status);

  const read = (await Promise.all(idsOf(row).map(spansOf))).flat();
  if (status !== 200) {
    expect(body.length).toBeGreaterThan(0);
    expect(read).toEqual([]);
  } else {
    const partial = partialOf(row.encoding, body);
    expect(partial.rejected).toBe(row.rejectedSpans ?? partial.rejected);
    if (row.warns) expect(partial.message).not.toBe('');
    else if (row.rejectedSpans === undefined && row.spans !== undefined)
      expect(partial).toEqual({ rejected: 0, message: '' });
    if (row.spans !== undefined) expect(read.map(({ spanId }) => spanId).sort()).toEqual([...row.spans].sort());
    if (row.parentSpanId !== undefined)
      expect(read.map(({ parentSpanId }) => parentSpanId ?? '')).toEqual([row.parentSpanId]);
  }

  expect(({} as Record<string, unknown>).x).toBeUndefined();
  const next = await post('protobuf', protoRequest([protoSpan(traceIdOf(1), 'aaaaaaaaaaaaaaaa')]));
  expect(next).toEqual({ status: 200, body: Buffer.alloc(0) });
});

describe('row 50: a trace id of 64 bits with leading zeros', () => {
  test('is found padded and trimmed', async () => {
    const traceId = `${'0'.repeat(16)}00c0ffee00c0ffee`;
    expect(
      (await post('json', JSON.stringify(jsonRequest([spanJson({ traceId, spanId: 'aaaaaaaaaaaaaaa1' })])))).status,
    ).toBe(200);
    for (const asked of [traceId, '00c0ffee00c0ffee', 'c0ffee00c0ffee']) {
      expect((await spansOf(asked)).map(({ traceId: found }) => found)).toEqual([traceId]);
    }
  });
});

test('row 41: ids come back in lower case', async () => {
  expect((await spansOf(traceIdOf(41, 0))).map(({ traceId, spanId }) => [traceId, spanId])).toEqual([
    [traceIdOf(41, 0), 'aaaaaaaaaaaaaaa1'],
  ]);
});
