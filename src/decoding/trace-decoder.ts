import type { TraceId } from '#domain/ids.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { TraceBuilder } from '#domain/trace/trace-builder.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { otlpReader } from './otlp/otlp-reader.ts';
import type { DecodeError } from './otlp/protobuf-reader.ts';
import { TraceScanner } from './otlp/trace-scanner.ts';
import { WireDetails } from './otlp/wire-details.ts';

export interface DecoderOptions {
  readonly traceId: TraceId;
  /** As in `ScannerOptions`. */
  readonly envelope: 'traces' | 'tempo';
  readonly expectedBytes: number | undefined;
  readonly maxBytes: number;
}

export interface DecoderFailure extends DecodeError {
  /** The trace is sound as far as is known, but larger than `maxBytes`. */
  readonly tooLarge: boolean;
}

/** One trace on its way from bytes to columns, decoded as the bytes arrive. */
export class TraceDecoder {
  readonly #maxBytes: number;
  readonly #builder: TraceBuilder;
  readonly #scanner: TraceScanner;

  constructor({ traceId, envelope, expectedBytes, maxBytes }: DecoderOptions) {
    this.#maxBytes = maxBytes;
    this.#builder = new TraceBuilder(traceId, otlpReader, expectedBytes);
    const expected = expectedBytes === undefined ? {} : { expectedBytes };
    this.#scanner = new TraceScanner(this.#builder, { envelope, maxBytes, ...expected });
  }

  /** Bytes taken and spans decoded so far. */
  get bytes(): number {
    return this.#scanner.bytes;
  }

  get spans(): number {
    return this.#scanner.spans;
  }

  /** Takes the next bytes (they are copied). After an error the rest need not come. */
  push(chunk: Uint8Array): Result<void, DecoderFailure> {
    const pushed = this.#scanner.push(chunk);
    return pushed.ok ? pushed : err({ ...pushed.error, tooLarge: this.bytes + chunk.length > this.#maxBytes });
  }

  /**
   * The table, after the last bytes; its details are `WireDetails` over all of them. The decoder is used up. `partial` is
   * what was said beside the bytes about a trace that is not whole.
   */
  finish(partial?: string): Result<TraceTable, DecoderFailure> {
    const scanned = this.#scanner.finish();
    if (!scanned.ok) return err({ ...scanned.error, tooLarge: false });
    return ok(this.#builder.finish(wire => new WireDetails(wire), scanned.value.partial ?? partial));
  }
}
