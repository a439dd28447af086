import { base64Of } from '#domain/format/base64.ts';
import { MAX_VALUE_DEPTH, readText } from './attributes.ts';
import { hexOf } from './json-scalars.ts';
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
const PIECES_PER_WRITE = 4_096;

class JsonPrinter {
  readonly #bytes: Uint8Array;
  readonly #write: (text: string) => void;
  readonly #indent: string;
  readonly #tempo: boolean;
  /** Joined now and then: strings made by `+=` would stay trees of millions of parts. */
  readonly #pieces: string[] = [];
  /** Per depth, what the message there holds; reused, as millions of messages pass through. */
  readonly #found: FoundFields[] = [];

  constructor(bytes: Uint8Array, write: (text: string) => void, { indent = 0, style = 'otlp' }: JsonOptions) {
    this.#bytes = bytes;
    this.#write = write;
    this.#indent = ' '.repeat(indent);
    this.#tempo = style === 'tempo';
  }

  print(): void {
    this.#message([0, this.#bytes.length], TRACES_DATA, 0);
    this.#flush();
  }

  /**
   * One message, given as the ranges of its parts: from, to, from, to, … Messages nest as deep as their types do and
   * values may, never as deep as the trace: the recursion is bounded.
   */
  #message(parts: readonly number[], message: Message, depth: number): void {
    if (depth > MAX_DEPTH) {
      this.#put('{}');
      return;
    }
    const found = this.#find(parts, message, depth);
    let first = true;
    this.#put('{');
    for (const field of message.fields) {
      if (field === undefined) continue;
      const { number } = field;
      const absent = found.count[number] === 0;
      const shown = this.#tempo && field.name === 'status';
      if (absent ? !shown : !field.repeated && !field.oneof && this.#isDefault(field, found)) continue;
      this.#name(first, field, depth);
      first = false;
      if (absent) this.#put('{}');
      else if (field.repeated) this.#list(parts, field, depth + 1);
      else if (field.type === 'message') this.#message(this.#partsOf(parts, field, found), field.message(), depth + 1);
      else this.#put(this.#scalar(field, found.from[number], found.to[number]));
    }
    if (!first) this.#newLine(depth);
    this.#put('}');
    if (this.#pieces.length > PIECES_PER_WRITE) this.#flush();
  }

  #list(parts: readonly number[], field: Field, depth: number): void {
    let first = true;
    this.#put('[');
    this.#each(parts, field, (from, to) => {
      if (!first) this.#put(',');
      first = false;
      this.#newLine(depth + 1);
      if (field.type === 'message') this.#message([from, to], field.message(), depth + 1);
      else this.#put(this.#scalar(field, from, to));
    });
    this.#newLine(depth);
    this.#put(']');
  }

  #name(first: boolean, field: Field, depth: number): void {
    if (!first) this.#put(',');
    this.#newLine(depth + 1);
    this.#put(this.#indent === '' ? `"${field.name}":` : `"${field.name}": `);
  }

  #newLine(depth: number): void {
    if (this.#indent !== '') this.#put(`\n${this.#indent.repeat(depth)}`);
  }

  #put(piece: string): void {
    this.#pieces.push(piece);
  }

  #flush(): void {
    this.#write(this.#pieces.join(''));
    this.#pieces.length = 0;
  }

  /** Where the last value of each known field lies, and how many there are. Of the members of a oneof only the last counts. */
  #find(parts: readonly number[], message: Message, depth: number): FoundFields {
    this.#found[depth] ??= { from: new Float64Array(17), to: new Float64Array(17), count: new Int32Array(17) };
    const found = this.#found[depth];
    found.count.fill(0);
    let chosen = -1;
    this.#walk(parts, (tag, from, to) => {
      const number = tag >>> 3;
      const field = message.fields[number];
      if (field === undefined || WIRE_TYPES[field.type] !== (tag & 7)) return;
      if (field.oneof && chosen !== number) {
        if (chosen >= 0) found.count[chosen] = 0;
        chosen = number;
      }
      found.from[number] = from;
      found.to[number] = to;
      found.count[number]++;
    });
    return found;
  }

  /** A message that comes once is one range; one that comes in parts is all of them. */
  #partsOf(parts: readonly number[], field: Field, found: FoundFields): readonly number[] {
    if (found.count[field.number] === 1) return [found.from[field.number], found.to[field.number]];
    const ranges: number[] = [];
    this.#each(parts, field, (from, to) => ranges.push(from, to));
    return ranges.slice(-2 * found.count[field.number]);
  }

  /** The values of one field, in order. */
  #each(parts: readonly number[], wanted: Field, visit: (from: number, to: number) => void): void {
    const wantedTag = (wanted.number << 3) | WIRE_TYPES[wanted.type];
    this.#walk(parts, (tag, from, to) => {
      if (tag === wantedTag) visit(from, to);
    });
  }

  /** All fields of a message, in order; for a length-delimited one the range is that of its content. */
  #walk(parts: readonly number[], visit: (tag: number, from: number, to: number) => void): void {
    for (let part = 0; part < parts.length; part += 2) {
      const end = parts[part + 1];
      const reader = new ProtobufReader(this.#bytes, parts[part]);
      while (reader.pos < end) {
        const tag = reader.tag(end);
        let from = reader.pos;
        if ((tag & 7) === 2) {
          const to = reader.length(end);
          from = reader.pos;
          reader.pos = to;
        } else reader.skip(tag, end);
        if (reader.failure !== undefined) break;
        visit(tag, from, reader.pos);
      }
    }
  }

  #isDefault(field: Field, { from, to }: FoundFields): boolean {
    if (field.type === 'message') return false;
    const [start, end] = [from[field.number], to[field.number]];
    if (WIRE_TYPES[field.type] === 2) return start === end;
    const mask = WIRE_TYPES[field.type] === 0 ? 0x7f : 0xff;
    for (let at = start; at < end; at++) if ((this.#bytes[at] & mask) !== 0) return false;
    return true;
  }

  #scalar(field: Field, from: number, to: number): string {
    const reader = new ProtobufReader(this.#bytes, from);
    switch (field.type) {
      case 'string':
        return JSON.stringify(readText(this.#bytes, from, to));
      case 'id':
        return this.#tempo ? `"${base64Of(this.#bytes, from, to)}"` : `"${hexOf(this.#bytes, from, to)}"`;
      case 'bytes':
        return `"${base64Of(this.#bytes, from, to)}"`;
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

/** By field number. */
interface FoundFields {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly count: Int32Array;
}

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
