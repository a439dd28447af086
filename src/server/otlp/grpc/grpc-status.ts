import { Metadata, type status } from '@grpc/grpc-js';
import { ProtobufWriter } from '#decoding/otlp/protobuf-writer.ts';

/** The message travels in a header. */
const MAX_MESSAGE = 500;

/** How a call ends that failed. */
export interface CallFailure {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** `details` must encode: half a surrogate pair would make gRPC throw. */
export function failure(code: status, message: string): CallFailure {
  return { code, details: message.slice(0, MAX_MESSAGE).toWellFormed(), metadata: new Metadata() };
}

/**
 * A failure that the sender repeats after a while: with google.rpc.RetryInfo, without which exporters take
 * RESOURCE_EXHAUSTED for final and throw the spans away.
 */
export function retryLater(
  code: status.UNAVAILABLE | status.RESOURCE_EXHAUSTED,
  message: string,
  afterS: number,
): CallFailure {
  const end = failure(code, message);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(statusWithRetryInfo(code, end.details, afterS)));
  return { ...end, metadata };
}

/** google.rpc.Status {1 code, 2 message, 3 details: Any {1 type_url, 2 value: RetryInfo {1 retry_delay {1 seconds}}}}. */
function statusWithRetryInfo(code: number, message: string, afterS: number): Uint8Array {
  const utf8 = new TextEncoder();
  const writer = new ProtobufWriter();
  writer.varint(0x08);
  writer.varint(code);
  writer.bytes(0x12, utf8.encode(message));
  const any = writer.open(0x1a);
  writer.bytes(0x0a, utf8.encode('type.googleapis.com/google.rpc.RetryInfo'));
  const retryInfo = writer.open(0x12);
  const delay = writer.open(0x0a);
  writer.varint(0x08);
  writer.varint(Math.max(1, Math.ceil(afterS)));
  for (const mark of [delay, retryInfo, any]) writer.close(mark);
  return writer.finish();
}
