import { type Field, fieldsOf } from './protobuf-fields.ts';

export type Value = string | boolean | bigint | number | Value[] | { [key: string]: Value } | undefined;
export type Attributes = Record<string, Value>;

/** A span as it stood in an ExportTraceServiceRequest. Ids are hex, `''` where absent. */
export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
  readonly status: number;
  readonly statusMessage: string;
  readonly attributes: Attributes;
  readonly events: readonly { name: string; unixNano: bigint; attributes: Attributes }[];
  readonly links: readonly { traceId: string; spanId: string; attributes: Attributes }[];
  readonly resource: Attributes;
  readonly scope: string;
}

/** All spans of one ExportTraceServiceRequest (or several, concatenated). */
export function readSpans(request: Uint8Array): SentSpan[] {
  const bytes = Buffer.from(request.buffer, request.byteOffset, request.byteLength);
  const spans: SentSpan[] = [];
  for (const resourceSpans of fieldsOf(bytes)) {
    if (resourceSpans.number !== 1) continue;
    let resource: Attributes = {};
    for (const part of fieldsOf(bytes, resourceSpans.from, resourceSpans.to))
      if (part.number === 1) resource = attributesIn(bytes, part, 1);
    for (const scopeSpans of fieldsOf(bytes, resourceSpans.from, resourceSpans.to)) {
      if (scopeSpans.number !== 2) continue;
      let scope = '';
      for (const part of fieldsOf(bytes, scopeSpans.from, scopeSpans.to)) {
        if (part.number === 1) scope = one(bytes, part, 1);
        if (part.number === 2) spans.push(readSpan(bytes, part, resource, scope));
      }
    }
  }
  return spans;
}

function readSpan(bytes: Buffer, span: Field, resource: Attributes, scope: string): SentSpan {
  const read = {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    name: '',
    kind: 0,
    startUnixNano: 0n,
    endUnixNano: 0n,
    status: 0,
    statusMessage: '',
    attributes: attributesIn(bytes, span, 9),
    events: [] as { name: string; unixNano: bigint; attributes: Attributes }[],
    links: [] as { traceId: string; spanId: string; attributes: Attributes }[],
    resource,
    scope,
  };
  for (const field of fieldsOf(bytes, span.from, span.to)) {
    switch (field.number) {
      case 1:
        read.traceId = hex(bytes, field);
        break;
      case 2:
        read.spanId = hex(bytes, field);
        break;
      case 4:
        read.parentSpanId = hex(bytes, field);
        break;
      case 5:
        read.name = text(bytes, field);
        break;
      case 6:
        read.kind = Number(field.varint);
        break;
      case 7:
        read.startUnixNano = bytes.readBigUInt64LE(field.from);
        break;
      case 8:
        read.endUnixNano = bytes.readBigUInt64LE(field.from);
        break;
      case 11:
        read.events.push(readEvent(bytes, field));
        break;
      case 13:
        read.links.push(readLink(bytes, field));
        break;
      case 15:
        for (const part of fieldsOf(bytes, field.from, field.to)) {
          if (part.number === 2) read.statusMessage = text(bytes, part);
          if (part.number === 3) read.status = Number(part.varint);
        }
        break;
    }
  }
  return read;
}

function readEvent(bytes: Buffer, event: Field) {
  let unixNano = 0n;
  for (const field of fieldsOf(bytes, event.from, event.to))
    if (field.number === 1) unixNano = bytes.readBigUInt64LE(field.from);
  return { unixNano, name: one(bytes, event, 2), attributes: attributesIn(bytes, event, 3) };
}

function readLink(bytes: Buffer, link: Field) {
  const ids = { traceId: '', spanId: '' };
  for (const field of fieldsOf(bytes, link.from, link.to)) {
    if (field.number === 1) ids.traceId = hex(bytes, field);
    if (field.number === 2) ids.spanId = hex(bytes, field);
  }
  return { ...ids, attributes: attributesIn(bytes, link, 4) };
}

/** The KeyValue messages in field `number` of a message. */
function attributesIn(bytes: Buffer, message: Field, number: number): Attributes {
  const attributes: Attributes = {};
  for (const field of fieldsOf(bytes, message.from, message.to)) {
    if (field.number !== number) continue;
    let value: Value;
    for (const part of fieldsOf(bytes, field.from, field.to)) if (part.number === 2) value = readValue(bytes, part);
    attributes[one(bytes, field, 1)] = value;
  }
  return attributes;
}

function readValue(bytes: Buffer, anyValue: Field): Value {
  for (const field of fieldsOf(bytes, anyValue.from, anyValue.to)) {
    switch (field.number) {
      case 1:
        return text(bytes, field);
      case 2:
        return field.varint === 1n;
      case 3:
        return BigInt.asIntN(64, field.varint);
      case 4:
        return bytes.readDoubleLE(field.from);
      case 5:
        return [...fieldsOf(bytes, field.from, field.to)].map(item => readValue(bytes, item));
      case 6:
        return attributesIn(bytes, field, 1);
      case 7:
        return hex(bytes, field);
    }
  }
  return undefined;
}

const text = (bytes: Buffer, field: Field) => bytes.toString('utf8', field.from, field.to);
const hex = (bytes: Buffer, field: Field) => bytes.toString('hex', field.from, field.to);

/** The string in field `number` of a message. */
function one(bytes: Buffer, message: Field, number: number): string {
  for (const field of fieldsOf(bytes, message.from, message.to)) if (field.number === number) return text(bytes, field);
  return '';
}
