import type { AttributeColumn, SpanDetail, SpanDetails } from '#domain/trace/span-details.ts';
import type { Attribute } from '#domain/trace/trace-table.ts';
import type { WireRanges } from '#domain/trace/wire-reader.ts';
import { readAttribute, readAttributes, readText } from './attributes.ts';
import { matchText } from './match-text.ts';
import { readField, readNumber } from './otlp-reader.ts';
import { protoToOtlpJson } from './otlp-to-json.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** Reads what the columns leave out from the messages themselves, when it is asked for. */
export class WireDetails implements SpanDetails {
  #wire: WireRanges | undefined;

  constructor(wire: WireRanges) {
    this.#wire = wire;
  }

  async span(row: number): Promise<SpanDetail> {
    return readSpanDetail(this.#ranges(), row);
  }

  async rawJson(row: number): Promise<string> {
    return protoToOtlpJson(messageOfRow(this.#ranges(), row), { indent: 2 });
  }

  async column(key: string): Promise<AttributeColumn> {
    return readColumn(this.#ranges(), key);
  }

  async match(text: string): Promise<Uint8Array> {
    return matchText(this.#ranges(), text);
  }

  release(): void {
    this.#wire = undefined;
  }

  #ranges(): WireRanges {
    if (this.#wire === undefined) throw new Error('the details of this trace were released');
    return this.#wire;
  }
}

function readSpanDetail({ bytes, from, to }: WireRanges, row: number): SpanDetail {
  const end = to[row];
  const reader = new ProtobufReader(bytes, from[row]);
  const attributes: Attribute[] = [];
  const events: SpanDetail['events'][number][] = [];
  const links: SpanDetail['links'][number][] = [];
  let kind = 0;
  let statusCode = 0;
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 0x30) {
      kind = reader.varint(end) | 0;
      continue;
    }
    if ((tag & 7) !== 2) {
      reader.skip(tag, end);
      continue;
    }
    const fieldEnd = reader.length(end);
    const at = reader.pos;
    reader.pos = fieldEnd;
    if (tag === 0x4a) attributes.push(readAttribute(bytes, at, fieldEnd));
    else if (tag === 0x7a) statusCode = readNumber(bytes, at, fieldEnd, 3, statusCode) | 0;
    else if (tag === 0x5a) {
      const droppedAttributes = readNumber(bytes, at, fieldEnd, 4);
      events.push({ attributes: readAttributes(bytes, at, fieldEnd, 3), droppedAttributes });
    } else if (tag === 0x6a) {
      const droppedAttributes = readNumber(bytes, at, fieldEnd, 5);
      const traceState = readField(bytes, at, fieldEnd, 3);
      links.push({ attributes: readAttributes(bytes, at, fieldEnd, 4), traceState, droppedAttributes });
    }
  }
  return { attributes, events, links, kind, statusCode };
}

/** The row's Span message within its resource and scope: a TracesData message of one span. */
function messageOfRow(wire: WireRanges, row: number): Uint8Array {
  const span = wire.bytes.subarray(wire.from[row], wire.to[row]);
  const resource = wire.resources[wire.resource[row]];
  const scope = wire.scopes[wire.scope[row]];
  const writer = new ProtobufWriter(span.length + 1024);
  const resourceSpans = writer.open(0x0a);
  writer.bytes(0x0a, resource.message);
  const scopeSpans = writer.open(0x12);
  writer.bytes(0x0a, scope.message);
  writer.bytes(0x12, span);
  if (scope.schemaUrl !== '') writer.bytes(0x1a, utf8.encode(scope.schemaUrl));
  writer.close(scopeSpans);
  if (resource.schemaUrl !== '') writer.bytes(0x1a, utf8.encode(resource.schemaUrl));
  writer.close(resourceSpans);
  return writer.finish();
}

const utf8 = new TextEncoder();

/** One pass over all spans. Of several attributes of one key the last counts; equal values (as bytes) share an entry. */
function readColumn({ bytes, from, to }: WireRanges, key: string): AttributeColumn {
  const wanted = utf8.encode(key);
  const index = new Int32Array(from.length).fill(-1);
  const values: Attribute['value'][] = [];
  const known = new Map<string, number>();
  const reader = new ProtobufReader(bytes);
  for (let row = 0; row < from.length; row++) {
    reader.pos = from[row];
    const end = to[row];
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag !== 0x4a) {
        reader.skip(tag, end);
        continue;
      }
      const fieldEnd = reader.length(end);
      if (hasKey(bytes, reader.pos, fieldEnd, wanted)) {
        const content = latin1.decode(bytes.subarray(reader.pos, fieldEnd));
        const at = known.get(content) ?? values.push(readAttribute(bytes, reader.pos, fieldEnd).value) - 1;
        known.set(content, at);
        index[row] = at;
      }
      reader.pos = fieldEnd;
    }
  }
  return { index, values };
}

/** A decoder that keeps apart all bytes: the text is only compared. */
const latin1 = new TextDecoder('latin1');

function hasKey(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): boolean {
  // Encoders write the key first and short; anything else is read in full.
  if (bytes[from] !== 0x0a || wanted.length > 0x7f || bytes[from + 1] > 0x7f) {
    return readField(bytes, from, to, 1) === readText(wanted, 0, wanted.length);
  }
  if (bytes[from + 1] !== wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[from + 2 + i] !== wanted[i]) return false;
  return true;
}
