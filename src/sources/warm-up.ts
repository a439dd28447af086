import { nextTurn } from '#decoding/otlp/next-turn.ts';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { TraceDecoder } from '#decoding/trace-decoder.ts';
import { criticalPath } from '#domain/analysis/critical-path.ts';
import { packPrepared, prepareForThisThread } from '#domain/analysis/prepared-trace.ts';
import type { TraceId } from '#domain/ids.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { SpanKind, StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';
import { packTable } from '#domain/trace/transfer-table.ts';

const SPANS = 2_000;
/** The engine compiles for good what it has seen a few thousand times; a third round gains no more. */
const ROUNDS = 12;
const CHUNK_BYTES = 65_536;
const TRACE_ID = 'a'.repeat(32) as TraceId;

/**
 * Reads a made-up trace the way one that is opened is read: the first trace that a reader opens then meets compiled code.
 * In turns of a few ms, between which the thread answers others; ends at the next one once `isWanted` says no.
 */
export async function warmUp(isWanted: () => boolean): Promise<void> {
  const bytes = encodeTraces(Array.from({ length: SPANS }, (_, i) => spanOf(i)));
  for (let round = 0; round < ROUNDS; round++) {
    for (const _ of readOnce(bytes)) {
      await nextTurn();
      if (!isWanted()) return;
    }
  }
}

function* readOnce(bytes: Uint8Array): Generator<undefined, void> {
  const decoder = new TraceDecoder({
    traceId: TRACE_ID,
    envelope: 'traces',
    expectedBytes: bytes.length,
    maxBytes: bytes.length,
  });
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
    decoder.push(bytes.subarray(from, from + CHUNK_BYTES));
    yield;
  }
  const finished = decoder.finish();
  if (!finished.ok) throw new Error(finished.error.message);
  yield;
  const table: TraceTable = finished.value;
  const known = yield* prepareForThisThread(table);
  yield;
  criticalPath(table);
  packPrepared(known);
  packTable(table);
}

/** A tree of calls, four below each, with some of everything that traces are made of. */
function spanOf(i: number): PlainSpan {
  const parent = i === 0 ? -1 : (i - 1) >> 2;
  const startUnixNano = BASE + BigInt(1_000 * i);
  const failed = i % 100 === 7;
  return {
    traceId: TRACE_ID,
    spanId: idOf(i),
    parentSpanId: parent < 0 ? '' : idOf(parent),
    name: `operation ${i % 16}`,
    kind: i % 2 === 0 ? SpanKind.client : SpanKind.server,
    startUnixNano,
    endUnixNano: startUnixNano + BigInt(1_000_000 >> Math.min(9, Math.floor(Math.log2(i + 1) / 2))),
    resource: RESOURCES[i % RESOURCES.length],
    scope: SCOPE,
    statusCode: failed ? StatusCode.error : StatusCode.unset,
    statusMessage: failed ? 'no answer' : '',
    attributes: [
      { key: 'http.route', value: { type: 'string', value: `/shop/${i % 50}` } },
      { key: 'db.query.text', value: { type: 'string', value: 'select * from orders where id = $1' } },
      { key: 'http.response.status_code', value: { type: 'int', value: failed ? 503n : 200n } },
      { key: 'cache.hit', value: { type: 'bool', value: i % 3 === 0 } },
    ],
    events: failed ? [{ timeUnixNano: startUnixNano, name: 'exception' }] : [],
  };
}

const BASE = 1_700_000_000_000_000_000n;
const RESOURCES = ['frontend', 'orders', 'payment'].map(name => ({
  attributes: [{ key: 'service.name', value: { type: 'string', value: name } as const }],
}));
const SCOPE = { name: 'warm-up' };

/** Ids as random ones look. */
function idOf(i: number): string {
  const half = (factor: number): string => (Math.imul(i + 1, factor) >>> 0).toString(16).padStart(8, '0');
  return half(0x9e3779b1) + half(0x85ebca6b);
}
