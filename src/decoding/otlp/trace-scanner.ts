import { err, ok, type Result } from '#domain/result.ts';
import type { SpanSink } from '#domain/trace/span-sink.ts';
import { readText } from './attributes.ts';
import { TraceScan } from './otlp-proto.ts';
import { type DecodeError, ProtobufReader } from './protobuf-reader.ts';

export interface ScannerOptions {
  /**
   * What the bytes are: `traces` is TracesData, `tempo` the reply of Tempo's trace by id, version 2
   * (TraceByIDResponse: 1 trace, 2 metrics, 3 status, 4 message).
   */
  readonly envelope: 'traces' | 'tempo';
  /** How many bytes to expect, where that is known: spares copies. */
  readonly expectedBytes?: number;
  /** More than this is an error. */
  readonly maxBytes: number;
}

export interface ScannedTrace {
  readonly spans: number;
  /** Set when the source says that the trace is not whole: its own words. */
  readonly partial: string | undefined;
}

const FIRST_BUFFER = 256 * 1024;
/** A length that was announced is believed up to here; memory that nobody writes to is not taken. */
const LARGEST_FIRST_BUFFER = 1024 * 1024 * 1024;

/** Scans a trace while its bytes arrive: each ResourceSpans message goes to the sink as soon as it is complete. */
export class TraceScanner {
  readonly #options: ScannerOptions;
  readonly #scan: TraceScan;
  #buffer: Uint8Array;
  #length = 0;
  /** Where the message that is being read begins. */
  #next = 0;
  /** End of the Trace message within the envelope; -1 outside of one. */
  #traceEnd: number;
  #status = 0;
  #message = '';

  constructor(sink: SpanSink, options: ScannerOptions) {
    this.#options = options;
    this.#buffer = new Uint8Array(
      Math.min(options.expectedBytes ?? FIRST_BUFFER, options.maxBytes, LARGEST_FIRST_BUFFER),
    );
    this.#scan = new TraceScan(new ProtobufReader(this.#buffer), sink);
    this.#traceEnd = options.envelope === 'traces' ? Number.POSITIVE_INFINITY : -1;
  }

  get bytes(): number {
    return this.#length;
  }

  get spans(): number {
    return this.#scan.counts.spans;
  }

  /** Takes the next bytes. After an error the rest need not be sent. */
  push(chunk: Uint8Array): Result<void, DecodeError> {
    const length = this.#length + chunk.length;
    if (length > this.#options.maxBytes) {
      return err({ message: `the trace is larger than ${this.#options.maxBytes} bytes`, offset: this.#length });
    }
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
      this.#scan.reader.bytes = larger;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
    while (this.#next < length && this.#takeField()) {}
    return this.#result(undefined);
  }

  /** To be called after the last bytes. */
  finish(): Result<ScannedTrace, DecodeError> {
    const { reader } = this.#scan;
    const cut =
      this.#next < this.#length ||
      (this.#traceEnd >= 0 && Number.isFinite(this.#traceEnd) && this.#next < this.#traceEnd);
    if (cut) reader.fail('the trace is cut off', this.#length);
    const partial = this.#status === 1 ? this.#message || 'the source says that the trace is not complete' : undefined;
    return this.#result({ spans: this.spans, partial });
  }

  #result<T>(value: T): Result<T, DecodeError> {
    const { failure } = this.#scan.reader;
    return failure === undefined ? ok(value) : err(failure);
  }

  /** Reads one field if all of it is there; says whether to go on. */
  #takeField(): boolean {
    const { reader } = this.#scan;
    if (this.#next === this.#traceEnd) this.#traceEnd = -1;
    const inTrace = this.#traceEnd >= 0;
    const limit = Math.min(this.#length, inTrace ? this.#traceEnd : Number.POSITIVE_INFINITY);
    reader.pos = this.#next;
    const tag = reader.tag(limit);
    const size = this.#valueSize(tag, limit);
    if (reader.failure !== undefined) {
      // A tag and a length take at most 20 bytes: with fewer there, it may only be that they have not come yet.
      const more = this.#length - this.#next < 20 && limit === this.#length;
      if (more) reader.failure = undefined;
      return false;
    }
    const end = reader.pos + size;
    if (!inTrace && tag === 0x0a) {
      this.#traceEnd = end;
      this.#next = reader.pos;
      return true;
    }
    if (inTrace && end > this.#traceEnd) reader.fail('a field is longer than the message around it');
    else if (end > this.#length) return false;
    else if (inTrace) this.#traceField(tag, end);
    else this.#envelopeField(tag, end);
    this.#next = end;
    return reader.failure === undefined;
  }

  /** Bytes of the value after the tag; for a length-delimited field the reader stands behind the length. */
  #valueSize(tag: number, limit: number): number {
    const { reader } = this.#scan;
    switch (tag & 7) {
      case 0: {
        const from = reader.pos;
        reader.varint(limit);
        const size = reader.pos - from;
        if (reader.failure === undefined) reader.pos = from;
        return size;
      }
      case 1:
        return 8;
      case 2: {
        const size = reader.varint(limit);
        if (reader.high !== 0) reader.fail('a field is longer than 4 GB');
        return size;
      }
      case 5:
        return 4;
      default:
        reader.fail(`wire type ${tag & 7} is not one of a trace`, this.#next);
        return 0;
    }
  }

  #traceField(tag: number, end: number): void {
    if (tag === 0x0a) this.#scan.resourceSpans(end);
    else if (tag >>> 3 === 1) this.#scan.reader.fail(`field 1 of TracesData has wire type ${tag & 7}`, this.#next);
    else this.#scan.counts.unknownFields++;
  }

  #envelopeField(tag: number, end: number): void {
    const { reader } = this.#scan;
    if (tag === 0x18) this.#status = reader.varint(end);
    else if (tag === 0x22) this.#message = readText(reader.bytes, reader.pos, end);
    else if (tag >>> 3 === 1) reader.fail(`field 1 of TraceByIDResponse has wire type ${tag & 7}`, this.#next);
  }
}
