import { ROWS_PER_STEP, type Steps } from '#domain/analysis/steps.ts';
import { type AttributeColumn, type SpanTerm, scalarText } from '#domain/trace/span-details.ts';
import type { Attribute } from '#domain/trace/trace-table.ts';
import type { WireRanges } from '#domain/trace/wire-reader.ts';
import { readAttribute, readText } from './attributes.ts';
import { holdsText, TextWanted } from './match-text.ts';
import { readField } from './otlp-reader.ts';
import { ProtobufReader } from './protobuf-reader.ts';

/** More distinct attributes than these are kept one by one, so that memory stays bounded when every value is new. */
const MOST_SHARED = 2 ** 21;
const MOST_ANSWERS = 8;
const MOST_IN_16_BITS = 2 ** 16 - 1;
/** Probing is bounded too: attributes made to collide are kept one by one. */
const PROBES = 16;

/** 32 bits only where some span has more than 65,535 attributes. */
type Counts = Uint16Array | Uint32Array;

/**
 * Which attributes each span of a trace has, each distinct one (key and value, as bytes) counted once: a text is looked for
 * in the distinct ones, of which a million spans share few, and the spans are then one sweep over numbers.
 */
export class AttributeIndex {
  readonly #bytes: Uint8Array;
  /** How many attributes each row has. They are always read from the first row on. */
  readonly #count: Counts;
  /** Attributes of all rows, row by row; `~id` for those of its events and links. */
  readonly #id: Int32Array;
  /** Where in the bytes a distinct attribute stands, the first time it occurs. */
  readonly #from: Uint32Array;
  readonly #to: Uint32Array;
  /** Answers of the last texts: a longer one is only looked for where a shorter one was. */
  #answers: readonly Answer[] = [];

  private constructor(bytes: Uint8Array, count: Counts, id: Int32Array, from: Uint32Array, to: Uint32Array) {
    this.#bytes = bytes;
    this.#count = count;
    this.#id = id;
    this.#from = from;
    this.#to = to;
  }

  /** One pass over all spans. */
  static *inSteps(wire: WireRanges): Steps<AttributeIndex> {
    const found = new Collector(wire.bytes);
    let counts: Counts = new Uint16Array(wire.from.length);
    const reader = new ProtobufReader(wire.bytes);
    for (let row = 0; row < wire.from.length; row++) {
      if (row % ROWS_PER_STEP === 0) yield;
      reader.pos = wire.from[row];
      const before = found.ids;
      const end = wire.to[row];
      while (reader.pos < end) {
        const tag = reader.tag(end);
        if (tag !== 0x4a && tag !== 0x5a && tag !== 0x6a) {
          reader.skip(tag, end);
          continue;
        }
        const fieldEnd = reader.length(end);
        if (tag === 0x4a) found.add(reader.pos, fieldEnd, false);
        else collectBelow(reader, fieldEnd, tag === 0x5a ? 0x1a : 0x22, found);
        reader.pos = fieldEnd;
      }
      const count = found.ids - before;
      if (count > MOST_IN_16_BITS && counts instanceof Uint16Array) counts = Uint32Array.from(counts);
      counts[row] = count;
    }
    const { id, ids, from, to, count } = found;
    return new AttributeIndex(wire.bytes, counts, id.slice(0, ids), from.slice(0, count), to.slice(0, count));
  }

  /** Rows that hold the term: one byte per row, 1 = yes. */
  match(term: SpanTerm): Uint8Array {
    const rows = new Uint8Array(this.#count.length);
    const { hits, any } = term.type === 'text' ? this.#holding(term.text) : this.#equalling(term.key, term.value);
    if (!any) return rows;
    const { length } = rows;
    const counts = this.#count;
    const ids = this.#id;
    // Attributes of events and links count for texts only.
    const below = term.type === 'text' ? hits : new Uint8Array(hits.length);
    for (let row = 0, at = 0; row < length; row++) {
      let hit = 0;
      for (const end = at + counts[row]; at < end; at++) {
        const id = ids[at];
        hit |= id < 0 ? below[~id] : hits[id];
      }
      rows[row] = hit;
    }
    return rows;
  }

  /** One span attribute over all rows. Of several of one key the last counts. */
  column(key: string): AttributeColumn {
    const ofKey = this.#withKey(key);
    const valueOfEntry = new Int32Array(ofKey.length).fill(-1);
    const index = new Int32Array(this.#count.length).fill(-1);
    const values: Attribute['value'][] = [];
    for (let row = 0, at = 0; row < index.length; row++) {
      for (const end = at + this.#count[row]; at < end; at++) {
        const id = this.#id[at];
        if (id < 0 || ofKey[id] === 0) continue;
        if (valueOfEntry[id] < 0) {
          valueOfEntry[id] = values.push(readAttribute(this.#bytes, this.#from[id], this.#to[id]).value) - 1;
        }
        index[row] = valueOfEntry[id];
      }
    }
    return { index, values };
  }

  /** Distinct attributes in which the text occurs. */
  #holding(text: string): Answer {
    const wanted = new TextWanted(text);
    const known = this.#answers.find(answer => answer.text === wanted.text);
    if (known !== undefined) return known;
    const shorter = this.#answers.filter(answer => wanted.text.includes(answer.text));
    const within = shorter.sort((a, b) => b.text.length - a.text.length)[0]?.hits;
    const hits = new Uint8Array(this.#from.length);
    const reader = new ProtobufReader(this.#bytes);
    let any = false;
    for (let entry = 0; entry < hits.length; entry++) {
      if (text === '' || (within !== undefined && within[entry] === 0)) continue;
      reader.pos = this.#from[entry];
      if (!holdsText(reader, this.#to[entry], wanted)) continue;
      hits[entry] = 1;
      any = true;
    }
    const answer: Answer = { text: wanted.text, hits, any };
    this.#answers = [answer, ...this.#answers].slice(0, MOST_ANSWERS);
    return answer;
  }

  /** Distinct attributes of this key and value. */
  #equalling(key: string, value: string): Pick<Answer, 'hits' | 'any'> {
    const hits = this.#withKey(key);
    const wanted = utf8.encode(value);
    let any = false;
    for (let entry = 0; entry < hits.length; entry++) {
      if (hits[entry] === 0) continue;
      if (this.#hasValue(entry, wanted, value)) any = true;
      else hits[entry] = 0;
    }
    return { hits, any };
  }

  #hasValue(entry: number, wanted: Uint8Array, value: string): boolean {
    const bytes = this.#bytes;
    const to = this.#to[entry];
    // As encoders write it: a short key, then one short string. Anything else is read in full.
    const from = this.#from[entry];
    const at = from + 2 + bytes[from + 1];
    const isShortKey = bytes[from] === 0x0a && bytes[from + 1] < 0x80;
    const isPlain =
      isShortKey &&
      bytes[at] === 0x12 &&
      bytes[at + 2] === 0x0a &&
      bytes[at + 3] < 0x80 &&
      at + 4 + bytes[at + 3] === to;
    if (isPlain) {
      if (bytes[at + 3] !== wanted.length) return false;
      for (let i = 0; i < wanted.length; i++) if (bytes[at + 4 + i] !== wanted[i]) return false;
      return true;
    }
    return scalarText(readAttribute(bytes, from, to).value) === value;
  }

  #withKey(key: string): Uint8Array {
    const wanted = utf8.encode(key);
    const has = new Uint8Array(this.#from.length);
    for (let entry = 0; entry < has.length; entry++) {
      if (hasKey(this.#bytes, this.#from[entry], this.#to[entry], wanted)) has[entry] = 1;
    }
    return has;
  }
}

const utf8 = new TextEncoder();

interface Answer {
  readonly text: string;
  /** Per distinct attribute. */
  readonly hits: Uint8Array;
  readonly any: boolean;
}

/** The attributes of an Event or Link message; `field` is their tag in it. */
function collectBelow(reader: ProtobufReader, end: number, field: number, found: Collector): void {
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag !== field) {
      reader.skip(tag, end);
      continue;
    }
    const fieldEnd = reader.length(end);
    found.add(reader.pos, fieldEnd, true);
    reader.pos = fieldEnd;
  }
}

/** Growing columns, and the hash table that is only needed while they grow. */
class Collector {
  ids = 0;
  id = new Int32Array(1024);
  count = 0;
  from = new Uint32Array(256);
  to = new Uint32Array(256);
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #hash = new Uint32Array(256);
  #slots = new Int32Array(1024);
  #shared = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The KeyValue message in [from, to), of the span itself or of something `below` it. */
  add(from: number, to: number, below: boolean): void {
    if (this.ids === this.id.length) {
      const id = new Int32Array(2 * this.ids);
      id.set(this.id);
      this.id = id;
    }
    const entry = this.#entryOf(from, to);
    this.id[this.ids++] = below ? ~entry : entry;
  }

  #entryOf(from: number, to: number): number {
    const hash = hashBytes(this.#view, from, to);
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < PROBES; probe++) {
      const slot = (hash + probe) & mask;
      const entry = this.#slots[slot] - 1;
      if (entry < 0) {
        const added = this.#append(from, to, hash);
        if (this.#shared < MOST_SHARED) {
          this.#slots[slot] = added + 1;
          if (2 * ++this.#shared > this.#slots.length) this.#grow();
        }
        return added;
      }
      if (this.#hash[entry] === hash && this.#equals(entry, from, to)) return entry;
    }
    return this.#append(from, to, hash);
  }

  #append(from: number, to: number, hash: number): number {
    const entry = this.count++;
    if (entry === this.from.length) {
      this.from = doubled(this.from);
      this.to = doubled(this.to);
      this.#hash = doubled(this.#hash);
    }
    this.from[entry] = from;
    this.to[entry] = to;
    this.#hash[entry] = hash;
    return entry;
  }

  #equals(entry: number, from: number, to: number): boolean {
    const at = this.from[entry];
    if (this.to[entry] - at !== to - from) return false;
    const view = this.#view;
    const bytes = this.#bytes;
    let i = 0;
    for (const words = to - from - 4; i <= words; i += 4) {
      if (view.getInt32(at + i, true) !== view.getInt32(from + i, true)) return false;
    }
    for (; from + i < to; i++) if (bytes[at + i] !== bytes[from + i]) return false;
    return true;
  }

  #grow(): void {
    const slots = new Int32Array(4 * this.#slots.length);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.count; entry++) {
      for (let probe = 0; probe < PROBES; probe++) {
        const slot = (this.#hash[entry] + probe) & mask;
        if (slots[slot] !== 0) continue;
        slots[slot] = entry + 1;
        break;
      }
    }
    this.#slots = slots;
  }
}

function doubled(column: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * column.length);
  larger.set(column);
  return larger;
}

function hashBytes(view: DataView, from: number, to: number): number {
  let hash = to - from;
  let at = from;
  for (; at <= to - 4; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function hasKey(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): boolean {
  // Encoders write the key first and short; anything else is read in full.
  if (bytes[from] !== 0x0a || wanted.length > 0x7f || bytes[from + 1] > 0x7f) {
    return readField(bytes, from, to, 1) === readText(wanted, 0, wanted.length);
  }
  if (bytes[from + 1] !== wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[from + 2 + i] !== wanted[i]) return false;
  return true;
}
