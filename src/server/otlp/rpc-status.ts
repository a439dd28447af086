import { ProtobufWriter } from '#decoding/otlp/protobuf-writer.ts';

const utf8 = new TextEncoder();

/** What more a google.rpc.Status says of an error, in both encodings. */
export interface RpcDetail {
  /** Full name of the message. */
  readonly type: string;
  readonly proto: Uint8Array;
  /** Its fields in JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** google.rpc.Status {1 code, 2 message, 3 details: Any {1 type_url, 2 value}} as protobuf. */
export function rpcStatusProto(code: number, message: string, detail?: RpcDetail): Uint8Array {
  const writer = new ProtobufWriter();
  writer.varint(0x08);
  writer.varint(code);
  if (message !== '') writer.bytes(0x12, utf8.encode(message));
  if (detail !== undefined) {
    const any = writer.open(0x1a);
    writer.bytes(0x0a, utf8.encode(typeUrl(detail)));
    writer.bytes(0x12, detail.proto);
    writer.close(any);
  }
  return writer.finish();
}

/** The same in JSON. */
export function rpcStatusJson(code: number, message: string, detail?: RpcDetail): string {
  const details = detail === undefined ? {} : { details: [{ '@type': typeUrl(detail), ...detail.json }] };
  return JSON.stringify({ code, message, ...details });
}

/** google.rpc.BadRequest {1 field_violations {1 field, 2 description}}. `field` is '' where no one field is to blame. */
export function badRequest(field: string, description: string): RpcDetail {
  const writer = new ProtobufWriter();
  const violation = writer.open(0x0a);
  if (field !== '') writer.bytes(0x0a, utf8.encode(field));
  writer.bytes(0x12, utf8.encode(description));
  writer.close(violation);
  const json = { fieldViolations: [{ ...(field !== '' && { field }), description }] };
  return { type: 'google.rpc.BadRequest', proto: writer.finish(), json };
}

/** google.rpc.RetryInfo {1 retry_delay {1 seconds}}, in whole seconds. */
export function retryInfo(afterS: number): RpcDetail {
  const seconds = Math.max(1, Math.ceil(afterS));
  const writer = new ProtobufWriter();
  const delay = writer.open(0x0a);
  writer.varint(0x08);
  writer.varint(seconds);
  writer.close(delay);
  return { type: 'google.rpc.RetryInfo', proto: writer.finish(), json: { retryDelay: `${seconds}s` } };
}

function typeUrl({ type }: RpcDetail): string {
  return `type.googleapis.com/${type}`;
}
