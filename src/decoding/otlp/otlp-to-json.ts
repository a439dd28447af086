import { MAX_VALUE_DEPTH, readText } from './attributes.ts';
import { type Field, type Message, TRACES_DATA, WIRE_TYPES } from './otlp-schema.ts';
import { ProtobufReader } from './protobuf-reader.ts';

export interface JsonOptions {
  /** Spaces per level; 0 for one line. */
  readonly indent?: number;
  /**
   * `otlp`: ids as hex, enums as numbers. `tempo`: Go's jsonpb mapping as Tempo's trace by id answers it: ids as base64,
   * enums by name, `status` always there.
   */
  readonly style?: 'otlp' | 'tempo';
}

/** A TracesData message as canonical OTLP/JSON text. Damaged parts are left out: what was stored has been checked. */
export function protoToOtlpJson(bytes: Uint8Array, options: JsonOptions = {}): string {
  const parts: string[] = [];
  writeOtlpJson(bytes, text => parts.push(text), options);
  return parts.join('');
}

/** As `protoToOtlpJson`, in pieces: JSON of a large trace is longer than a string can be. */
export function writeOtlpJson(bytes: Uint8Array, write: (text: string) => void, options: JsonOptions = {}): void {
  new JsonPrinter(bytes, write, options).print();
}

/** About this many messages nest around and within a value at its greatest depth. */
const MAX_DEPTH = 3 * MAX_VALUE_DEPTH + 10;
const FLUSH_AT = 32_768;

class JsonPrinter {
  readonly #bytes: Uint8Array;
  readonly #write: (text: string) => void;
  readonly #indent: string;
  readonly #tempo: boolean;
  #text = '';

  constructor(bytes: Uint8Array, write: (text: string) => void, { indent = 0, style = 'otlp' }: JsonOptions) {
    this.#bytes = bytes;
    this.#write = write;
    this.#indent = ' '.repeat(indent);
    this.#tempo = style === 'tempo';
  }

  print(): void {
    this.#message([[0, this.#bytes.length]], TRACES_DATA, 0);
    this.#write(this.#text);
  }

  /**
   * One message, given as the ranges of its parts. Messages nest as deep as their types do and values may, never as deep
   * as the trace: the recursion is bounded.
   */
  #message(parts: readonly Range[], message: Message, depth: number): void {
    if (depth > MAX_DEPTH) {
      this.#text += '{}';
      return;
    }
    const found = this.#fieldsOf(parts, message);
    let first = true;
    this.#text += '{';
    for (const field of message.fields) {
      if (field === undefined) continue;
      const ranges = found[field.number];
      if (ranges === undefined) {
        if (this.#tempo && field.name === 'status') first = this.#member(first, 'status', depth) || this.#raw('{}');
        continue;
      }
      if (!field.repeated && !field.oneof && this.#isDefault(field, ranges.at(-1)!)) continue;
      first = this.#member(first, field.name, depth);
      if (field.repeated) this.#list(ranges, field, depth + 1);
      else if (field.type === 'message') this.#message(ranges, field.message(), depth + 1);
      else this.#text += this.#scalar(field, ranges.at(-1)!);
    }
    if (!first) this.#newLine(depth);
    this.#text += '}';
    if (this.#text.length > FLUSH_AT) {
      this.#write(this.#text);
      this.#text = '';
    }
  }

  #list(ranges: readonly Range[], field: Field, depth: number): void {
    this.#text += '[';
    for (let i = 0; i < ranges.length; i++) {
      if (i > 0) this.#text += ',';
      this.#newLine(depth + 1);
      if (field.type === 'message') this.#message([ranges[i]], field.message(), depth + 1);
      else this.#text += this.#scalar(field, ranges[i]);
    }
    this.#newLine(depth);
    this.#text += ']';
  }

  #member(first: boolean, name: string, depth: number): false {
    if (!first) this.#text += ',';
    this.#newLine(depth + 1);
    this.#text += this.#indent === '' ? `"${name}":` : `"${name}": `;
    return false;
  }

  #raw(text: string): false {
    this.#text += text;
    return false;
  }

  #newLine(depth: number): void {
    if (this.#indent !== '') this.#text += `\n${this.#indent.repeat(depth)}`;
  }

  /** Where the values of each known field lie, by field number. Of the members of a oneof only the last stays. */
  #fieldsOf(parts: readonly Range[], message: Message): (Range[] | undefined)[] {
    const found: (Range[] | undefined)[] = [];
    let chosen = -1;
    for (const [from, to] of parts) {
      const reader = new ProtobufReader(this.#bytes, from);
      while (reader.pos < to) {
        const tag = reader.tag(to);
        const field = message.fields[tag >>> 3];
        let at = reader.pos;
        if ((tag & 7) === 2) {
          const end = reader.length(to);
          at = reader.pos;
          reader.pos = end;
        } else reader.skip(tag, to);
        if (reader.failure !== undefined) break;
        if (field === undefined || WIRE_TYPES[field.type] !== (tag & 7)) continue;
        if (field.oneof && chosen !== field.number) {
          if (chosen >= 0) found[chosen] = undefined;
          chosen = field.number;
        }
        const ranges = found[field.number];
        if (ranges === undefined) found[field.number] = [[at, reader.pos]];
        else ranges.push([at, reader.pos]);
      }
    }
    return found;
  }

  #isDefault(field: Field, [from, to]: Range): boolean {
    if (field.type === 'message') return false;
    if (WIRE_TYPES[field.type] === 2) return from === to;
    for (let at = from; at < to; at++)
      if ((this.#bytes[at] & (WIRE_TYPES[field.type] === 0 ? 0x7f : 0xff)) !== 0) return false;
    return true;
  }

  #scalar(field: Field, [from, to]: Range): string {
    const reader = new ProtobufReader(this.#bytes, from);
    switch (field.type) {
      case 'string':
        return JSON.stringify(readText(this.#bytes, from, to));
      case 'id':
        return this.#tempo ? `"${base64(this.#bytes, from, to)}"` : `"${hex(this.#bytes, from, to)}"`;
      case 'bytes':
        return `"${base64(this.#bytes, from, to)}"`;
      case 'bool':
        return reader.varint(to) !== 0 || reader.high !== 0 ? 'true' : 'false';
      case 'uint32':
        return String(reader.varint(to));
      case 'int32':
        return String(reader.varint(to) | 0);
      case 'enum': {
        const number = reader.varint(to) | 0;
        return this.#tempo && field.names[number] !== undefined ? `"${field.names[number]}"` : String(number);
      }
      case 'fixed32':
        return String(reader.fixed32(to));
      case 'fixed64':
        return `"${wide(reader.fixed64(to), reader.high)}"`;
      case 'int64':
        return `"${BigInt.asIntN(64, wide(reader.varint(to), reader.high))}"`;
      case 'double':
        return doubleText(reader.fixed64(to), reader.high);
      case 'message':
        return '{}';
    }
  }
}

type Range = readonly [from: number, to: number];

function wide(lo: number, hi: number): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo);
}

const scratch = new DataView(new ArrayBuffer(8));

function doubleText(lo: number, hi: number): string {
  scratch.setUint32(0, lo, true);
  scratch.setUint32(4, hi, true);
  const value = scratch.getFloat64(0, true);
  if (Object.is(value, -0)) return '-0.0';
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += HEX[bytes[i]];
  return text;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i += 3) {
    const left = to - i;
    const bits = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    text += BASE64[bits >>> 18] + BASE64[(bits >>> 12) & 63];
    text += left > 1 ? BASE64[(bits >>> 6) & 63] : '=';
    text += left > 2 ? BASE64[bits & 63] : '=';
  }
  return text;
}
