import type { PlainResource, PlainScope, PlainSpan } from '#domain/trace/plain-span.ts';
import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** Spans as a TracesData message. Neighbours of one resource, and within it of one scope (by identity), share a group. */
export function encodeTraces(spans: readonly PlainSpan[]): Uint8Array {
  const writer = new ProtobufWriter();
  writeTraces(writer, spans);
  return writer.finish();
}

/** As `encodeTraces`, after what the writer holds already: fields of one message. */
export function writeTraces(writer: ProtobufWriter, spans: readonly PlainSpan[]): void {
  for (let from = 0; from < spans.length; ) {
    const { resource } = spans[from];
    let to = from + 1;
    while (to < spans.length && spans[to].resource === resource) to++;
    const group = writer.open(0x0a);
    writeResource(writer, resource);
    writeScopes(writer, spans.slice(from, to));
    writeText(writer, 0x1a, resource.schemaUrl ?? '');
    writer.close(group);
    from = to;
  }
}

function writeResource(writer: ProtobufWriter, resource: PlainResource): void {
  const message = writer.open(0x0a);
  writeAttributes(writer, 0x0a, resource.attributes);
  writeNumber(writer, 0x10, resource.droppedAttributes ?? 0);
  writer.close(message);
}

function writeScopes(writer: ProtobufWriter, spans: readonly PlainSpan[]): void {
  for (let from = 0; from < spans.length; ) {
    const { scope } = spans[from];
    const group = writer.open(0x12);
    if (scope !== undefined) writeScope(writer, scope);
    for (; from < spans.length && spans[from].scope === scope; from++) writeSpan(writer, spans[from]);
    writeText(writer, 0x1a, scope?.schemaUrl ?? '');
    writer.close(group);
  }
}

function writeScope(writer: ProtobufWriter, scope: PlainScope): void {
  const message = writer.open(0x0a);
  writeText(writer, 0x0a, scope.name);
  writeText(writer, 0x12, scope.version ?? '');
  writeAttributes(writer, 0x1a, scope.attributes ?? []);
  writeNumber(writer, 0x20, scope.droppedAttributes ?? 0);
  writer.close(message);
}

function writeSpan(writer: ProtobufWriter, span: PlainSpan): void {
  const message = writer.open(0x12);
  writeId(writer, 0x0a, span.traceId);
  writeId(writer, 0x12, span.spanId);
  writeText(writer, 0x1a, span.traceState ?? '');
  writeId(writer, 0x22, span.parentSpanId);
  writeText(writer, 0x2a, span.name);
  writeEnum(writer, 0x30, span.kind);
  writeTime(writer, 0x39, span.startUnixNano);
  writeTime(writer, 0x41, span.endUnixNano);
  writeAttributes(writer, 0x4a, span.attributes ?? []);
  writeNumber(writer, 0x50, span.droppedAttributes ?? 0);
  for (const event of span.events ?? []) {
    const field = writer.open(0x5a);
    writeTime(writer, 0x09, event.timeUnixNano);
    writeText(writer, 0x12, event.name);
    writeAttributes(writer, 0x1a, event.attributes ?? []);
    writeNumber(writer, 0x20, event.droppedAttributes ?? 0);
    writer.close(field);
  }
  writeNumber(writer, 0x60, span.droppedEvents ?? 0);
  for (const link of span.links ?? []) {
    const field = writer.open(0x6a);
    writeId(writer, 0x0a, link.traceId);
    writeId(writer, 0x12, link.spanId);
    writeText(writer, 0x1a, link.traceState ?? '');
    writeAttributes(writer, 0x22, link.attributes ?? []);
    writeNumber(writer, 0x28, link.droppedAttributes ?? 0);
    writer.close(field);
  }
  writeNumber(writer, 0x70, span.droppedLinks ?? 0);
  if ((span.statusCode ?? 0) !== 0 || (span.statusMessage ?? '') !== '') {
    const status = writer.open(0x7a);
    writeText(writer, 0x12, span.statusMessage ?? '');
    writeEnum(writer, 0x18, span.statusCode ?? 0);
    writer.close(status);
  }
  if ((span.flags ?? 0) !== 0) {
    writer.varint(0x85);
    writer.fixed32(span.flags ?? 0);
  }
  writer.close(message);
}

function writeAttributes(writer: ProtobufWriter, tag: number, attributes: readonly Attribute[]): void {
  for (const { key, value } of attributes) {
    const message = writer.open(tag);
    writeText(writer, 0x0a, key);
    writeValue(writer, 0x12, value);
    writer.close(message);
  }
}

/** Recursion is bounded by the depth that `AttributeValue` promises. */
function writeValue(writer: ProtobufWriter, tag: number, value: AttributeValue): void {
  const message = writer.open(tag);
  switch (value.type) {
    case 'string':
      writer.bytes(0x0a, utf8.encode(value.value));
      break;
    case 'bool':
      writer.varint(0x10);
      writer.byte(value.value ? 1 : 0);
      break;
    case 'int':
      writer.varint(0x18);
      writer.varint64(value.value);
      break;
    case 'double':
      writer.varint(0x21);
      writer.double(value.value);
      break;
    case 'list': {
      const list = writer.open(0x2a);
      for (const item of value.value) writeValue(writer, 0x0a, item);
      writer.close(list);
      break;
    }
    case 'map': {
      const map = writer.open(0x32);
      writeAttributes(writer, 0x0a, value.value);
      writer.close(map);
      break;
    }
    case 'bytes':
      writer.bytes(0x3a, value.value);
      break;
    case 'empty':
      break;
  }
  writer.close(message);
}

const utf8 = new TextEncoder();

function writeText(writer: ProtobufWriter, tag: number, text: string): void {
  if (text !== '') writer.bytes(tag, utf8.encode(text));
}

function writeNumber(writer: ProtobufWriter, tag: number, value: number): void {
  if (value === 0) return;
  writer.varint(tag);
  writer.varint(value);
}

function writeEnum(writer: ProtobufWriter, tag: number, value: number): void {
  if (value === 0) return;
  writer.varint(tag);
  writer.varint64(BigInt(value));
}

function writeTime(writer: ProtobufWriter, tag: number, unixNano: bigint): void {
  if (unixNano === 0n) return;
  writer.varint(tag);
  writer.fixed64(unixNano);
}

function writeId(writer: ProtobufWriter, tag: number, hex: string): void {
  if (hex !== '')
    writer.bytes(
      tag,
      Uint8Array.from(hex.match(/../g) ?? [], digits => Number.parseInt(digits, 16)),
    );
}
