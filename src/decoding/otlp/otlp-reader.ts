import { resourceRow } from '#domain/trace/resource-row.ts';
import type { WireReader } from '#domain/trace/wire-reader.ts';
import { readAttributes, readText } from './attributes.ts';
import { ProtobufReader } from './protobuf-reader.ts';

/** Reads OTLP messages for `TraceBuilder`. */
export const otlpReader: WireReader = {
  text: readText,

  resource(bytes, from, to, schemaUrl) {
    return resourceRow(readAttributes(bytes, from, to, 1), schemaUrl, readNumber(bytes, from, to, 2));
  },

  scope(bytes, from, to, schemaUrl) {
    return {
      name: readField(bytes, from, to, 1),
      version: readField(bytes, from, to, 2),
      schemaUrl,
      attributes: readAttributes(bytes, from, to, 3),
      droppedAttributes: readNumber(bytes, from, to, 4),
    };
  },

  event(bytes, from, to, into) {
    into.timeLo = into.timeHi = 0;
    into.nameFrom = into.nameTo = 0;
    const reader = new ProtobufReader(bytes, from);
    while (reader.pos < to) {
      const tag = reader.tag(to);
      if (tag === 0x09) {
        into.timeLo = reader.fixed64(to);
        into.timeHi = reader.high;
      } else if (tag === 0x12) {
        into.nameTo = reader.length(to);
        into.nameFrom = reader.pos;
        reader.pos = into.nameTo;
      } else reader.skip(tag, to);
    }
  },

  link(bytes, from, to, into) {
    into.traceIdFrom = into.traceIdTo = 0;
    into.spanIdFrom = into.spanIdTo = 0;
    const reader = new ProtobufReader(bytes, from);
    while (reader.pos < to) {
      const tag = reader.tag(to);
      if (tag === 0x0a) {
        into.traceIdTo = reader.length(to);
        into.traceIdFrom = reader.pos;
        reader.pos = into.traceIdTo;
      } else if (tag === 0x12) {
        into.spanIdTo = reader.length(to);
        into.spanIdFrom = reader.pos;
        reader.pos = into.spanIdTo;
      } else reader.skip(tag, to);
    }
  },
};

/** The last string in a field of a message; '' if there is none. */
export function readField(bytes: Uint8Array, from: number, to: number, field: number): string {
  const reader = new ProtobufReader(bytes, from);
  let text = '';
  while (reader.pos < to) {
    const tag = reader.tag(to);
    if (tag !== ((field << 3) | 2)) {
      reader.skip(tag, to);
      continue;
    }
    const end = reader.length(to);
    text = readText(bytes, reader.pos, end);
    reader.pos = end;
  }
  return text;
}

/** The last unsigned 32-bit number in a field of a message; `absent` if there is none. */
export function readNumber(bytes: Uint8Array, from: number, to: number, field: number, absent = 0): number {
  const reader = new ProtobufReader(bytes, from);
  let number = absent;
  while (reader.pos < to) {
    const tag = reader.tag(to);
    if (tag === field << 3) number = reader.varint(to);
    else reader.skip(tag, to);
  }
  return number;
}
