import { readAttributes, readText } from '#decoding/otlp/attributes.ts';
import { hexOf } from '#decoding/otlp/json-scalars.ts';
import { readField, readNumber } from '#decoding/otlp/otlp-reader.ts';
import { ProtobufReader } from '#decoding/otlp/protobuf-reader.ts';
import type { PlainEvent, PlainLink, PlainSpan } from '#domain/trace/plain-span.ts';

/** A span apart from whose it is. */
export type SpanAlone = Required<Omit<PlainSpan, 'resource' | 'scope'>>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The Span message in bytes[from, to). What is damaged reads as absent: the scanner has told. */
export function readPlainSpan(bytes: Uint8Array, from: number, to: number): SpanAlone {
  const reader = new ProtobufReader(bytes, from);
  const events: PlainEvent[] = [];
  const links: PlainLink[] = [];
  const span: Mutable<SpanAlone> = {
    ...{ traceId: '', spanId: '', parentSpanId: '', name: '', kind: 0, startUnixNano: 0n, endUnixNano: 0n },
    ...{ statusCode: 0, statusMessage: '', traceState: '', flags: 0 },
    ...{ droppedAttributes: 0, droppedEvents: 0, droppedLinks: 0, events, links },
    attributes: readAttributes(bytes, from, to, 9),
  };
  while (reader.pos < to) {
    const tag = reader.tag(to);
    switch (tag) {
      case 0x30:
        span.kind = reader.varint(to) | 0;
        continue;
      case 0x39:
        span.startUnixNano = readTime(reader, to);
        continue;
      case 0x41:
        span.endUnixNano = readTime(reader, to);
        continue;
      case 0x50:
        span.droppedAttributes = reader.varint(to);
        continue;
      case 0x60:
        span.droppedEvents = reader.varint(to);
        continue;
      case 0x70:
        span.droppedLinks = reader.varint(to);
        continue;
      case 0x85:
        span.flags = reader.fixed32(to);
        continue;
    }
    if ((tag & 7) !== 2) {
      reader.skip(tag, to);
      continue;
    }
    const end = reader.length(to);
    const at = reader.pos;
    reader.pos = end;
    if (tag === 0x0a) span.traceId = hexOf(bytes, at, end);
    else if (tag === 0x12) span.spanId = hexOf(bytes, at, end);
    else if (tag === 0x1a) span.traceState = readText(bytes, at, end);
    else if (tag === 0x22) span.parentSpanId = hexOf(bytes, at, end);
    else if (tag === 0x2a) span.name = readText(bytes, at, end);
    else if (tag === 0x5a) events.push(readEvent(bytes, at, end));
    else if (tag === 0x6a) links.push(readLink(bytes, at, end));
    else if (tag === 0x7a) {
      span.statusMessage = readField(bytes, at, end, 2) || span.statusMessage;
      span.statusCode = readNumber(bytes, at, end, 3, span.statusCode) | 0;
    }
  }
  return span;
}

function readEvent(bytes: Uint8Array, from: number, to: number): PlainEvent {
  let timeUnixNano = 0n;
  const reader = new ProtobufReader(bytes, from);
  while (reader.pos < to) {
    const tag = reader.tag(to);
    if (tag === 0x09) timeUnixNano = readTime(reader, to);
    else reader.skip(tag, to);
  }
  return {
    timeUnixNano,
    name: readField(bytes, from, to, 2),
    attributes: readAttributes(bytes, from, to, 3),
    droppedAttributes: readNumber(bytes, from, to, 4),
  };
}

function readLink(bytes: Uint8Array, from: number, to: number): PlainLink {
  const ids = ['', ''];
  const reader = new ProtobufReader(bytes, from);
  while (reader.pos < to) {
    const tag = reader.tag(to);
    if (tag !== 0x0a && tag !== 0x12) {
      reader.skip(tag, to);
      continue;
    }
    const end = reader.length(to);
    ids[tag === 0x0a ? 0 : 1] = hexOf(bytes, reader.pos, end);
    reader.pos = end;
  }
  return {
    traceId: ids[0],
    spanId: ids[1],
    traceState: readField(bytes, from, to, 3),
    attributes: readAttributes(bytes, from, to, 4),
    droppedAttributes: readNumber(bytes, from, to, 5),
  };
}

function readTime(reader: ProtobufReader, end: number): bigint {
  const lo = reader.fixed64(end);
  return (BigInt(reader.high) << 32n) | BigInt(lo);
}
