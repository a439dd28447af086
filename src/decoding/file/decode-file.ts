import { scanTraces } from '#decoding/otlp/otlp-proto.ts';
import type { SpanSink } from '#domain/trace/span-sink.ts';
import { decodeJsonFile } from './decode-json-file.ts';
import type { DecodedFile } from './decoded-file.ts';
import { kindOfBytes } from './kind-of-bytes.ts';
import { unframed } from './length-prefixed.ts';

/**
 * Reads a file by its content, in steps: yields the bytes read so far now and then, so that the thread can answer others
 * and stop. Never throws: damage is among the problems.
 */
export function* decodeFile(bytes: Uint8Array): Generator<number, DecodedFile> {
  const kind = kindOfBytes(bytes);
  if (kind === 'json') return yield* decodeJsonFile(bytes);
  if (kind === 'binary') return decodeProtobufFile(bytes);
  return nothing(kind.message);
}

function decodeProtobufFile(bytes: Uint8Array): DecodedFile {
  const plain = scanTraces(bytes, NOWHERE);
  if (plain.ok && plain.value.resources > 0) return protobuf(bytes);
  const framed = unframed(bytes);
  if (framed !== undefined && scanTraces(framed, NOWHERE).ok) return protobuf(framed);
  if (plain.ok) return nothing('This is not a trace: neither JSON nor OTLP protobuf');
  const { message, offset } = plain.error;
  // What is no protobuf from its first field on was never meant to be.
  if (bytes[0] !== 0x0a) return nothing('This is not a trace: neither JSON nor OTLP protobuf');
  const problem = { message: `Not OTLP protobuf: ${message}`, offset, line: undefined, column: undefined };
  return { format: 'OTLP protobuf', bytes: EMPTY, problems: [problem], problemCount: 1 };
}

function protobuf(bytes: Uint8Array): DecodedFile {
  return { format: 'OTLP protobuf', bytes, problems: [], problemCount: 0 };
}

function nothing(message: string): DecodedFile {
  const problem = { message, offset: 0, line: undefined, column: undefined };
  return { format: undefined, bytes: EMPTY, problems: [problem], problemCount: 1 };
}

const EMPTY = new Uint8Array(0);
const NOWHERE: SpanSink = { resource: () => undefined, scope: () => undefined, span: () => undefined };
