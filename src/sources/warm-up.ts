import { nextTurn } from '#decoding/otlp/next-turn.ts';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { TraceDecoder } from '#decoding/trace-decoder.ts';
import { criticalPath } from '#domain/analysis/critical-path.ts';
import { packPrepared, prepareForThisThread } from '#domain/analysis/prepared-trace.ts';
import { ascending, sortBy64 } from '#domain/trace/sort-by-64.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { packTable } from '#domain/trace/transfer-table.ts';
import { MADE_UP_TRACE, madeUpSpans } from './made-up-trace.ts';

/** The engine compiles for good what it has met often enough: with fewer, some of it is still compiled for the first trace. */
const ROUNDS = 12;
const CHUNK_BYTES = 65_536;
const MANY_IDS = 33_000;

/**
 * Reads a made-up trace the way one that is opened is read: the first trace that a reader opens then meets compiled code.
 * In turns of a few ms, between which the thread answers others; ends at the next one once `isWanted` says no.
 */
export async function warmUp(isWanted: () => boolean): Promise<void> {
  const bytes = encodeTraces(madeUpSpans());
  for (let round = 0; round < ROUNDS; round++) {
    sortMany();
    for (const _ of readOnce(bytes)) {
      await nextTurn();
      if (!isWanted()) return;
    }
  }
}

/** Many ids are sorted by other code than few. */
function sortMany(): void {
  const pairs = new Uint32Array(2 * MANY_IDS);
  for (let i = 0; i < pairs.length; i++) pairs[i] = Math.imul(i + 1, 0x9e3779b1);
  sortBy64(ascending(MANY_IDS), pairs);
}

function* readOnce(bytes: Uint8Array): Generator<undefined, void> {
  const decoder = new TraceDecoder({
    traceId: MADE_UP_TRACE,
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
