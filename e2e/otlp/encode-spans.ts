import { ProtobufWriter } from './protobuf-writer.ts';

export type PlainValue = string | number | boolean;
export type PlainAttributes = readonly (readonly [key: string, value: PlainValue])[];

/** A span to be sent. Ids are raw bytes; an empty parent id is a root. */
export interface PlainSpan {
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly parentSpanId: Buffer;
  readonly name: string;
  readonly kind: number;
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
  readonly status: number;
  readonly statusMessage: string;
  readonly attributes: PlainAttributes;
  readonly events: readonly { name: string; unixNano: bigint; attributes: PlainAttributes }[];
}

const SAMPLED = 0x01;

/** One ExportTraceServiceRequest with all spans under one resource and one scope, as an SDK's batch is. */
export function encodeRequest(resource: PlainAttributes, scope: string, spans: readonly PlainSpan[]): Buffer {
  const writer = new ProtobufWriter();
  writer.open(1);
  writer.open(1);
  for (const [key, value] of resource) writeAttribute(writer, 1, key, value);
  writer.close();
  writer.open(2);
  writer.open(1);
  writer.string(1, scope);
  writer.string(2, '1.4.0');
  writer.close();
  for (const span of spans) writeSpan(writer, span);
  writer.close();
  writer.close();
  return writer.take();
}

function writeSpan(writer: ProtobufWriter, span: PlainSpan): void {
  writer.open(2);
  writer.bytes(1, span.traceId);
  writer.bytes(2, span.spanId);
  if (span.parentSpanId.length > 0) writer.bytes(4, span.parentSpanId);
  writer.string(5, span.name);
  writer.varint(6, span.kind);
  writer.fixed64(7, span.startUnixNano);
  writer.fixed64(8, span.endUnixNano);
  for (const [key, value] of span.attributes) writeAttribute(writer, 9, key, value);
  for (const event of span.events) {
    writer.open(11);
    writer.fixed64(1, event.unixNano);
    writer.string(2, event.name);
    for (const [key, value] of event.attributes) writeAttribute(writer, 3, key, value);
    writer.close();
  }
  if (span.status !== 0) {
    writer.open(15);
    if (span.statusMessage !== '') writer.string(2, span.statusMessage);
    writer.varint(3, span.status);
    writer.close();
  }
  writer.fixed32(16, SAMPLED);
  writer.close();
}

function writeAttribute(writer: ProtobufWriter, field: number, key: string, value: PlainValue): void {
  writer.open(field);
  writer.string(1, key);
  writer.open(2);
  if (typeof value === 'string') writer.string(1, value);
  else if (typeof value === 'boolean') writer.varint(2, Number(value));
  else if (Number.isSafeInteger(value) && value >= 0) writer.varint(3, value);
  else writer.double(4, value);
  writer.close();
  writer.close();
}
