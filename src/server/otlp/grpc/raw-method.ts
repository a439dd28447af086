import type { MethodDefinition } from '@grpc/grpc-js';

/** A method whose messages are bytes on both sides: what is in them is read by our own scanner. */
export function rawMethod(path: string, { streams = false } = {}): MethodDefinition<Uint8Array, Uint8Array> {
  const toBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const asIs = (bytes: Buffer): Uint8Array => bytes;
  return {
    path,
    requestStream: false,
    responseStream: streams,
    requestSerialize: toBuffer,
    requestDeserialize: asIs,
    responseSerialize: toBuffer,
    responseDeserialize: asIs,
  };
}
