import { Metadata, type status } from '@grpc/grpc-js';
import { badRequest, type RpcDetail, retryInfo, rpcStatusProto } from '#server/otlp/rpc-status.ts';

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
  return { code, details: short(message), metadata: new Metadata() };
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
  return detailed(failure(code, message), retryInfo(afterS));
}

/** A failure that lies in what was sent: in `field`, or '' where it cannot be said. */
export function refusal(code: status.INVALID_ARGUMENT, message: string, field: string): CallFailure {
  return detailed(failure(code, message), badRequest(short(field), short(message)));
}

function detailed(end: CallFailure, detail: RpcDetail): CallFailure {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(rpcStatusProto(end.code, end.details, detail)));
  return { ...end, metadata };
}

function short(text: string): string {
  return text.slice(0, MAX_MESSAGE).toWellFormed();
}
