import type { SpanDetail } from '#domain/trace/span-details.ts';
import type { Attribute } from '#domain/trace/trace-table.ts';
import { readAttribute, readAttributes } from './attributes.ts';
import { readField, readNumber } from './otlp-reader.ts';
import { ProtobufReader } from './protobuf-reader.ts';

/** Reads the Span message bytes[from, to) again for what the columns leave out. */
export function readSpanDetail(bytes: Uint8Array, from: number, to: number): SpanDetail {
  const reader = new ProtobufReader(bytes, from);
  const attributes: Attribute[] = [];
  const events: SpanDetail['events'][number][] = [];
  const links: SpanDetail['links'][number][] = [];
  let kind = 0;
  let statusCode = 0;
  while (reader.pos < to) {
    const tag = reader.tag(to);
    if (tag === 0x30) {
      kind = reader.varint(to) | 0;
      continue;
    }
    if ((tag & 7) !== 2) {
      reader.skip(tag, to);
      continue;
    }
    const fieldTo = reader.length(to);
    const at = reader.pos;
    reader.pos = fieldTo;
    if (tag === 0x4a) attributes.push(readAttribute(bytes, at, fieldTo));
    else if (tag === 0x7a) statusCode = readNumber(bytes, at, fieldTo, 3, statusCode) | 0;
    else if (tag === 0x5a) {
      const droppedAttributes = readNumber(bytes, at, fieldTo, 4);
      events.push({ attributes: readAttributes(bytes, at, fieldTo, 3), droppedAttributes });
    } else if (tag === 0x6a) {
      const droppedAttributes = readNumber(bytes, at, fieldTo, 5);
      const traceState = readField(bytes, at, fieldTo, 3);
      links.push({ attributes: readAttributes(bytes, at, fieldTo, 4), traceState, droppedAttributes });
    }
  }
  return { attributes, events, links, kind, statusCode };
}
