import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';
import { readAttribute, readText } from './attributes.ts';
import type { ProtobufReader } from './protobuf-reader.ts';

const utf8 = new TextEncoder();

/** A text that is looked for without case. ASCII is found byte by byte; a text with other letters needs the whole string. */
export class TextWanted {
  readonly text: string;
  readonly #folded: Uint8Array;
  readonly #isAscii: boolean;

  constructor(text: string) {
    this.text = text.toLowerCase();
    this.#folded = utf8.encode(this.text);
    this.#isAscii = this.#folded.length === this.text.length;
  }

  /** Whether the UTF-8 string in bytes[from, to) holds it. */
  isIn(bytes: Uint8Array, from: number, to: number): boolean {
    if (!this.#isAscii) return readText(bytes, from, to).toLowerCase().includes(this.text);
    const folded = this.#folded;
    const lower = folded[0];
    const upper = lower >= 0x61 && lower <= 0x7a ? lower - 0x20 : lower;
    const last = to - folded.length;
    for (let at = from; at <= last; at++) {
      const byte = bytes[at];
      if (byte !== lower && byte !== upper) continue;
      let i = 1;
      while (i < folded.length && fold(bytes[at + i]) === folded[i]) i++;
      if (i === folded.length) return true;
    }
    return false;
  }

  isInValue(value: AttributeValue): boolean {
    switch (value.type) {
      case 'string':
      case 'bool':
      case 'int':
      case 'double':
        return String(value.value).toLowerCase().includes(this.text);
      case 'list':
        return value.value.some(each => this.isInValue(each));
      case 'map':
        return value.value.some(each => this.isInAttribute(each));
      default:
        return false;
    }
  }

  isInAttribute({ key, value }: Attribute): boolean {
    return key.toLowerCase().includes(this.text) || this.isInValue(value);
  }
}

function fold(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

/**
 * Whether the KeyValue message from the reader's place to `end` holds the text in its key or value. Strings are compared as
 * they stand in the bytes; only other values are read.
 */
export function holdsText(reader: ProtobufReader, end: number, wanted: TextWanted): boolean {
  const { bytes, pos } = reader;
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag !== 0x0a && tag !== 0x12) {
      reader.skip(tag, end);
      continue;
    }
    const fieldEnd = reader.length(end);
    if (tag === 0x0a) {
      if (wanted.isIn(bytes, reader.pos, fieldEnd)) return true;
    } else if (bytes[reader.pos] === 0x0a) {
      reader.pos++;
      const textEnd = reader.length(fieldEnd);
      // A value is one string and nothing more; anything else about it is read in full.
      if (textEnd !== fieldEnd) return wanted.isInAttribute(readAttribute(bytes, pos, end));
      if (wanted.isIn(bytes, reader.pos, textEnd)) return true;
    } else if (reader.pos < fieldEnd) return wanted.isInAttribute(readAttribute(bytes, pos, end));
    reader.pos = fieldEnd;
  }
  return false;
}
