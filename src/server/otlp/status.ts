import { badRequest, rpcStatusJson, rpcStatusProto } from './rpc-status.ts';

/** Encoding of a reply; it follows the request's Content-Type. */
export type OtlpEncoding = 'json' | 'protobuf';

export const contentTypeOf: Readonly<Record<OtlpEncoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

/** google.rpc.Code by HTTP status. */
const rpcCode: Readonly<Record<number, number>> = {
  400: 3,
  403: 7,
  404: 5,
  405: 12,
  413: 8,
  415: 3,
  421: 7,
  429: 8,
  431: 8,
  503: 14,
};

/** Exporters log the message; a reply must stay small whatever was wrong with a large request. */
const MAX_MESSAGE = 1000;

/**
 * Body of an error reply: a google.rpc.Status. `badField`: the fault lies in what was sent, at this path of it, or '' where
 * that cannot be said; the details then hold a google.rpc.BadRequest.
 */
export function statusBody(encoding: OtlpEncoding, httpStatus: number, message: string, badField?: string): Uint8Array {
  const code = rpcCode[httpStatus] ?? 2;
  const text = shorten(message);
  const detail = badField === undefined ? undefined : badRequest(shorten(badField), text);
  if (encoding === 'json') return new TextEncoder().encode(rpcStatusJson(code, text, detail));
  return rpcStatusProto(code, text, detail);
}

/**
 * Body of a 200: ExportTraceServiceResponse {1 partial_success {1 rejected_spans, 2 error_message}}, with partial_success
 * unset when there is nothing to say. A message without rejected spans is a warning.
 */
export function successBody(encoding: OtlpEncoding, rejected: number, message: string): Uint8Array {
  const partial = rejected > 0 || message !== '';
  const text = shorten(message);
  if (encoding === 'json') {
    const body = partial ? { partialSuccess: { rejectedSpans: String(rejected), errorMessage: text } } : {};
    return new TextEncoder().encode(JSON.stringify(body));
  }
  if (!partial) return new Uint8Array();
  const inner = [...(rejected > 0 ? [0x08, ...varint(rejected)] : []), ...field(0x12, new TextEncoder().encode(text))];
  return Uint8Array.from(field(0x0a, inner));
}

function shorten(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
}

function field(tag: number, bytes: Uint8Array | readonly number[]): number[] {
  return bytes.length === 0 ? [] : [tag, ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return bytes;
}
