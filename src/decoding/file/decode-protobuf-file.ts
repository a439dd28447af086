import { TraceScan } from '#decoding/otlp/otlp-proto.ts';
import { type DecodeError, ProtobufReader } from '#decoding/otlp/protobuf-reader.ts';
import type { SpanSink } from '#domain/trace/span-sink.ts';
import { type DecodedFile, type FileProblem, MAX_PROBLEMS } from './decoded-file.ts';

/** Bytes before each message where the Collector's file exporter writes many: its length, big endian. */
const PREFIX = 4;
const RESOURCE_SPANS = 0x0a;
const NOWHERE: SpanSink = { resource: () => undefined, scope: () => undefined, span: () => undefined };

/** Reads OTLP protobuf: one message, or messages behind their lengths. Undefined if the bytes are neither. */
export function decodeProtobufFile(bytes: Uint8Array): DecodedFile | undefined {
  const plain = bytes[0] === RESOURCE_SPANS ? wholePart(bytes) : undefined;
  if (plain !== undefined && plain.end > 0) {
    const { failure } = plain;
    const problems = failure === undefined ? [] : [problemAt(failure, 0, 'what comes after is not read')];
    return { format: 'OTLP protobuf', bytes: bytes.subarray(0, plain.end), problems, problemCount: problems.length };
  }
  const isFramed = bytes[PREFIX] === RESOURCE_SPANS || (bytes.length >= PREFIX && bytes.every(byte => byte === 0));
  if (isFramed) return framed(bytes);
  if (plain?.failure === undefined) return undefined;
  return failed(problemAt(plain.failure, 0, 'nothing before it is whole'));
}

function framed(bytes: Uint8Array): DecodedFile | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const joined = new Uint8Array(bytes.length);
  const problems: FileProblem[] = [];
  let problemCount = 0;
  const tell = (problem: FileProblem): void => {
    problemCount++;
    if (problems.length < MAX_PROBLEMS) problems.push(problem);
  };
  let length = 0;
  let messages = 0;
  for (let at = 0; at < bytes.length; ) {
    const from = at + PREFIX;
    const size = from <= bytes.length ? view.getUint32(at) : 0;
    const isCut = from + size > bytes.length || from > bytes.length;
    const message = bytes.subarray(from, Math.min(bytes.length, from + size));
    const { end, failure } = wholePart(message);
    joined.set(message.subarray(0, end), length);
    length += end;
    if (end > 0) messages++;
    if (isCut) tell(place(`message ${messages + problemCount + 1} is cut off: the file ends within it`, at));
    else if (failure !== undefined) tell(problemAt(failure, from, 'the rest of this message is not read'));
    at = from + size;
  }
  if (messages === 0 && problemCount > 0 && bytes[0] !== 0) return undefined;
  return { format: 'OTLP protobuf', bytes: joined.subarray(0, length), problems, problemCount };
}

/** How far a TracesData message can be read, by whole ResourceSpans, and what is wrong after that. */
function wholePart(bytes: Uint8Array): { readonly end: number; readonly failure: DecodeError | undefined } {
  const reader = new ProtobufReader(bytes);
  const scan = new TraceScan(reader, NOWHERE);
  let end = 0;
  while (reader.pos < bytes.length) {
    const tag = reader.tag(bytes.length);
    if (tag === RESOURCE_SPANS) scan.resourceSpans(reader.length(bytes.length));
    else scan.unknown(tag, 1, 'TracesData', bytes.length);
    if (reader.failure !== undefined) break;
    end = reader.pos;
  }
  return { end: scan.counts.resources > 0 || end === bytes.length ? end : 0, failure: reader.failure };
}

function problemAt({ message, offset }: DecodeError, from: number, consequence: string): FileProblem {
  return place(`${message}; ${consequence}`, from + offset);
}

function place(message: string, offset: number): FileProblem {
  return { message, offset, line: undefined, column: undefined };
}

function failed(problem: FileProblem): DecodedFile {
  return { format: 'OTLP protobuf', bytes: new Uint8Array(0), problems: [problem], problemCount: 1 };
}
