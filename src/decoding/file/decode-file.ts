import { decodeJsonFile } from './decode-json-file.ts';
import { decodeProtobufFile } from './decode-protobuf-file.ts';
import type { DecodedFile } from './decoded-file.ts';
import { kindOfBytes } from './kind-of-bytes.ts';

/**
 * Reads a file by its content, in steps: yields the bytes read so far now and then, so that the thread can answer others
 * and stop. Never throws: damage is among the problems.
 */
export function* decodeFile(bytes: Uint8Array): Generator<number, DecodedFile> {
  const kind = kindOfBytes(bytes);
  if (kind === 'json') return yield* decodeJsonFile(bytes);
  if (kind !== 'binary') return nothing(kind.message);
  return decodeProtobufFile(bytes) ?? nothing('This is not a trace: neither JSON nor OTLP protobuf');
}

function nothing(message: string): DecodedFile {
  const problem = { message, offset: 0, line: undefined, column: undefined };
  return { format: undefined, bytes: new Uint8Array(0), problems: [problem], problemCount: 1 };
}
