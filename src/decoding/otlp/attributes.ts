import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';
import { ProtobufReader } from './protobuf-reader.ts';

/** How deep lists and maps may nest, the value of the attribute itself counted: protobuf runtimes' own limit. */
export const MAX_VALUE_DEPTH = 100;

const utf8 = new TextDecoder();

/** UTF-8 bytes as text; malformed sequences become U+FFFD. */
export function readText(bytes: Uint8Array, from: number, to: number): string {
  return from === to ? '' : utf8.decode(bytes.subarray(from, to));
}

/** The KeyValue message in bytes[from, to). What is damaged or nests too deep reads as empty: the scanner has told. */
export function readAttribute(bytes: Uint8Array, from: number, to: number): Attribute {
  return readKeyValue(new ProtobufReader(bytes, from), to, 1);
}

/** All KeyValue messages that stand in field `field` of the message in bytes[from, to), in order. */
export function readAttributes(bytes: Uint8Array, from: number, to: number, field: number): Attribute[] {
  const reader = new ProtobufReader(bytes, from);
  const attributes: Attribute[] = [];
  while (reader.pos < to) {
    const tag = reader.tag(to);
    if (tag === ((field << 3) | 2)) attributes.push(readKeyValue(reader, reader.length(to), 1));
    else reader.skip(tag, to);
  }
  return attributes;
}

function readKeyValue(reader: ProtobufReader, end: number, depth: number): Attribute {
  let key = '';
  let value: AttributeValue = EMPTY;
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 0x0a) key = readString(reader, end);
    else if (tag === 0x12) value = readValue(reader, reader.length(end), depth, value);
    else reader.skip(tag, end);
  }
  return { key, value };
}

const EMPTY: AttributeValue = { type: 'empty' };

/** An AnyValue. Recursion is bounded by the depth limit. The last member of the oneof wins; lists and maps add up. */
function readValue(reader: ProtobufReader, end: number, depth: number, before: AttributeValue): AttributeValue {
  let value = before;
  if (depth > MAX_VALUE_DEPTH) {
    reader.pos = end;
    return EMPTY;
  }
  while (reader.pos < end) {
    const tag = reader.tag(end);
    switch (tag) {
      case 0x0a:
        value = { type: 'string', value: readString(reader, end) };
        break;
      case 0x10:
        value = { type: 'bool', value: reader.varint(end) !== 0 || reader.high !== 0 };
        break;
      case 0x18:
        value = { type: 'int', value: readInt(reader, end) };
        break;
      case 0x21:
        value = { type: 'double', value: readDouble(reader, end) };
        break;
      case 0x2a: {
        const list: AttributeValue[] = value.type === 'list' ? (value.value as AttributeValue[]) : [];
        readItems(reader, reader.length(end), to => list.push(readValue(reader, to, depth + 1, EMPTY)));
        value = { type: 'list', value: list };
        break;
      }
      case 0x32: {
        const map: Attribute[] = value.type === 'map' ? (value.value as Attribute[]) : [];
        readItems(reader, reader.length(end), to => map.push(readKeyValue(reader, to, depth + 1)));
        value = { type: 'map', value: map };
        break;
      }
      case 0x3a: {
        const to = reader.length(end);
        value = { type: 'bytes', value: reader.bytes.slice(reader.pos, to) };
        reader.pos = to;
        break;
      }
      default:
        reader.skip(tag, end);
    }
  }
  return value;
}

/** ArrayValue and KeyValueList alike: messages in field 1. */
function readItems(reader: ProtobufReader, end: number, readItem: (to: number) => void): void {
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 0x0a) readItem(reader.length(end));
    else reader.skip(tag, end);
  }
}

function readString(reader: ProtobufReader, end: number): string {
  const to = reader.length(end);
  const text = readText(reader.bytes, reader.pos, to);
  reader.pos = to;
  return text;
}

function readInt(reader: ProtobufReader, end: number): bigint {
  const lo = reader.varint(end);
  return BigInt.asIntN(64, (BigInt(reader.high) << 32n) | BigInt(lo));
}

const scratch = new DataView(new ArrayBuffer(8));

/** A double; every NaN reads as the one NaN. */
function readDouble(reader: ProtobufReader, end: number): number {
  scratch.setUint32(0, reader.fixed64(end), true);
  scratch.setUint32(4, reader.high, true);
  return scratch.getFloat64(0, true);
}
