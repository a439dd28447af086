import { MAX_VALUE_DEPTH } from './attributes.ts';
import { type ProtobufReader, WireType } from './protobuf-reader.ts';

/** The wire types of a message's fields, and which of them holds KeyValues. */
export interface MessageShape {
  readonly name: string;
  /** Index is the field number; 255 where there is none. */
  readonly wireTypes: Uint8Array;
  readonly attributes: number;
}

const { varint, fixed64, bytes, fixed32 } = WireType;

export const RESOURCE = shape('Resource', [bytes, varint, bytes], 1);
export const SCOPE = shape('InstrumentationScope', [bytes, bytes, bytes, varint], 3);
export const EVENT = shape('Event', [fixed64, bytes, bytes, varint], 3);
export const LINK = shape('Link', [bytes, bytes, bytes, bytes, varint, fixed32], 4);
const KEY_VALUE = shape('KeyValue', [bytes, bytes, varint], 0);
const ANY_VALUE = shape('AnyValue', [bytes, varint, varint, fixed64, bytes, bytes, bytes, varint], 0);
const ARRAY_VALUE = shape('ArrayValue', [bytes], 0);
const KEY_VALUE_LIST = shape('KeyValueList', [bytes], 0);

function shape(name: string, wireTypes: readonly number[], attributes: number): MessageShape {
  return { name, wireTypes: Uint8Array.from([255, ...wireTypes]), attributes };
}

/**
 * Passes over a message up to `end`, failing the reader where its fields or its attributes are not as they must be.
 * Returns the string indexes in it, see `checkAttribute`.
 */
export function checkMessage(reader: ProtobufReader, end: number, message: MessageShape): number {
  let indexes = 0;
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (!checkField(reader, tag, message, end)) continue;
    if (tag >>> 3 === message.attributes) indexes += checkAttribute(reader, reader.length(end));
    else reader.skip(tag, end);
  }
  return indexes;
}

/** Whether the tag is that of a known field of its right type; an unknown field is skipped, a wrong type fails. */
function checkField(reader: ProtobufReader, tag: number, { name, wireTypes }: MessageShape, end: number): boolean {
  const known = wireTypes[tag >>> 3] === (tag & 7) && tag >>> 3 < wireTypes.length;
  if (!known) reader.skipUnknown(tag, wireTypes.length - 1, name, end);
  return known;
}

// A value nests as AnyValue, KeyValueList, KeyValue, AnyValue, …
const stackEnds = new Float64Array(3 * MAX_VALUE_DEPTH + 3);
const stackShapes: MessageShape[] = new Array(stackEnds.length).fill(KEY_VALUE);

/**
 * Passes over a KeyValue message up to `end`: field types, lengths and depth, without recursion. Returns how many keys and
 * values in it are indexes into a table of strings, which trace messages have not got: they count as empty.
 */
export function checkAttribute(reader: ProtobufReader, end: number): number {
  if (isPlainAttribute(reader, end)) {
    reader.pos = end;
    return 0;
  }
  let indexes = 0;
  let open = 0;
  let values = 0;
  let message: MessageShape = KEY_VALUE;
  let limit = end;
  while (reader.failure === undefined) {
    if (reader.pos >= limit) {
      if (open === 0) break;
      if (message === ANY_VALUE) values--;
      open--;
      message = stackShapes[open];
      limit = stackEnds[open];
      continue;
    }
    const tag = reader.tag(limit);
    if (!checkField(reader, tag, message, limit)) continue;
    const inner = innerMessage(message, tag >>> 3);
    if (inner === undefined) {
      if (isStringIndex(message, tag >>> 3)) indexes++;
      reader.skip(tag, limit);
      continue;
    }
    const to = reader.length(limit);
    if (inner === ANY_VALUE && ++values > MAX_VALUE_DEPTH) {
      reader.fail(`an attribute value nests more than ${MAX_VALUE_DEPTH} deep`);
      break;
    }
    stackShapes[open] = message;
    stackEnds[open] = limit;
    open++;
    message = inner;
    limit = to;
  }
  return indexes;
}

function isStringIndex(message: MessageShape, field: number): boolean {
  return (message === KEY_VALUE && field === 3) || (message === ANY_VALUE && field === 8);
}

function innerMessage(message: MessageShape, field: number): MessageShape | undefined {
  if (message === KEY_VALUE) return field === 2 ? ANY_VALUE : undefined;
  if (message === ARRAY_VALUE) return ANY_VALUE;
  if (message === KEY_VALUE_LIST) return KEY_VALUE;
  if (field === 5) return ARRAY_VALUE;
  return field === 6 ? KEY_VALUE_LIST : undefined;
}

/** Nearly all attributes: key, then a short string, a bool, a small int or a double, and nothing else. */
function isPlainAttribute({ bytes: data, pos }: ProtobufReader, end: number): boolean {
  if (data[pos] !== 0x0a || data[pos + 1] >= 0x80) return false;
  const value = pos + 2 + data[pos + 1];
  const length = data[value + 1];
  if (data[value] !== 0x12 || length >= 0x80 || value + 2 + length !== end) return false;
  switch (data[value + 2]) {
    case 0x0a:
      return data[value + 3] < 0x80 && length === 2 + data[value + 3];
    case 0x10:
    case 0x18:
      return length === 2 && data[value + 3] < 0x80;
    case 0x21:
      return length === 9;
    default:
      return false;
  }
}
