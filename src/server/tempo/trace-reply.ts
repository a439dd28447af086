import { writeOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import { ProtobufWriter } from '#decoding/otlp/protobuf-writer.ts';
import type { TraceParts } from '#server/store/store.ts';

/** Bodies of trace-by-id replies from TracesData bytes, which are those of Tempo's `Trace`. */

/** v2 JSON: ids in base64, enums by name. Undefined: no such trace, which v2 answers with an empty one. */
export function traceV2Json(trace: Uint8Array | undefined): Buffer {
  if (trace === undefined) return Buffer.from('{"trace":{},"metrics":{}}');
  return jsonOf(trace, '{"trace":', ',"metrics":{}}');
}

/** v1 JSON: the same with `batches` for `resourceSpans`. */
export function traceV1Json(trace: Uint8Array): Buffer {
  return jsonOf(trace, '', '', '"batches"');
}

/** v2 protobuf, in pieces: `TraceByIDResponse { trace = 1, metrics = 2 }`. */
export function traceV2Proto(trace: TraceParts | undefined): { length: number; pieces: AsyncIterable<Uint8Array> } {
  const writer = new ProtobufWriter(16);
  writer.varint((1 << 3) | 2);
  writer.varint(trace?.totalBytes ?? 0);
  const head = writer.finish();
  const metrics = Uint8Array.of((2 << 3) | 2, 0);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield head;
    if (trace !== undefined) yield* trace.parts;
    yield metrics;
  }
  return { length: head.length + (trace?.totalBytes ?? 0) + metrics.length, pieces: pieces() };
}

/** In pieces: the JSON of a large trace is longer than a string can be. */
function jsonOf(trace: Uint8Array, before: string, after: string, rename?: string): Buffer {
  const pieces: Buffer[] = [Buffer.from(before)];
  let first = true;
  writeOtlpJson(
    trace,
    text => {
      pieces.push(Buffer.from(first && rename !== undefined ? text.replace('"resourceSpans"', rename) : text));
      first = false;
    },
    { style: 'tempo' },
  );
  pieces.push(Buffer.from(after));
  return Buffer.concat(pieces);
}
