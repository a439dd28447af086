import type { TraceId } from '#domain/ids.ts';
import { err, type Result } from '#domain/result.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { JsonPieces } from './otlp/json-pieces.ts';
import { resourceSpansToProto } from './otlp/otlp-json.ts';
import type { DecodeError } from './otlp/protobuf-reader.ts';
import { type DecoderFailure, TraceDecoder } from './trace-decoder.ts';

/**
 * As `TraceDecoder`, for JSON: what OTLP, or version 1 or 2 of Tempo's trace by id, calls a trace. Each ResourceSpans is
 * turned into protobuf when it has arrived whole, and its text let go.
 */
export class JsonTraceDecoder {
  bytes = 0;
  readonly #maxBytes: number;
  readonly #decoder: TraceDecoder;
  readonly #pieces: JsonPieces;
  #tooLarge = false;

  constructor({ traceId, maxBytes }: { readonly traceId: TraceId; readonly maxBytes: number }) {
    this.#maxBytes = maxBytes;
    this.#decoder = new TraceDecoder({ traceId, envelope: 'traces', expectedBytes: undefined, maxBytes });
    this.#pieces = new JsonPieces((bytes, from, to, offset) => this.#take(bytes.subarray(from, to), offset));
  }

  get spans(): number {
    return this.#decoder.spans;
  }

  push(chunk: Uint8Array): Result<void, DecoderFailure> {
    this.bytes += chunk.length;
    if (this.bytes > 4 * this.#maxBytes) {
      return err({
        message: `the trace is larger than ${4 * this.#maxBytes} bytes`,
        offset: this.bytes,
        tooLarge: true,
      });
    }
    const pushed = this.#pieces.push(chunk);
    return pushed.ok ? pushed : err({ ...pushed.error, tooLarge: this.#tooLarge });
  }

  finish(): Result<TraceTable, DecoderFailure> {
    const whole = this.#pieces.finish();
    if (!whole.ok) return err({ ...whole.error, tooLarge: false });
    const { status, message } = this.#pieces;
    const partial = status === 'PARTIAL' ? message || 'the source says that the trace is not complete' : undefined;
    return this.#decoder.finish(partial);
  }

  #take(text: Uint8Array, offset: number): DecodeError | undefined {
    const proto = resourceSpansToProto(text);
    if (!proto.ok) return { message: proto.error.message, offset: offset + proto.error.offset };
    const pushed = this.#decoder.push(proto.value);
    if (pushed.ok) return undefined;
    this.#tooLarge = pushed.error.tooLarge;
    return { message: pushed.error.message, offset };
  }
}
