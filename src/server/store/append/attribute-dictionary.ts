import { isUtf8 } from 'node:buffer';
import { readAttribute } from '#decoding/otlp/attributes.ts';
import { parseBaggageHeader } from '#domain/trace/baggage.ts';
import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';
import { AttrScope, AttrType } from '#server/store/schema/segment-table.ts';
import { ByteInterner } from './byte-interner.ts';
import type { SegmentRows } from './segment-rows.ts';
import type { Texts } from './texts.ts';

/** Bits of the note kept with each attribute: promoted column + 1, and the two marks below. */
const PROMOTED_MASK = 0xff;
const CARRIES_BAGGAGE = 0x100;
const MARKS_BAGGAGE_EVENT = 0x200;

const BAGGAGE_HEADER = 'http.request.header.baggage';
const encoder = new TextEncoder();

/**
 * Attribute → id of its row in `attr_values`, by the raw bytes of its KeyValue message and where it stood. New ones are
 * pushed as rows. Ids start at 1 and never repeat within a segment.
 */
export class AttributeDictionary {
  nextId: number;
  readonly interner: ByteInterner;
  readonly #rows: SegmentRows;
  readonly #texts: Texts;
  readonly #promoted: ReadonlyMap<string, number>;
  readonly #isBaggage: (key: string) => boolean;
  readonly #text = { keyFrom: 0, keyTo: 0, from: 0 };
  /** Ids of the baggage values that an attribute (by its id) carries. */
  readonly #baggage = new Map<number, readonly number[]>();

  constructor(
    rows: SegmentRows,
    texts: Texts,
    promotedKeys: readonly string[],
    baggageKeys: readonly string[],
    firstId: number,
    seed: number,
  ) {
    this.#rows = rows;
    this.#texts = texts;
    this.#promoted = new Map(promotedKeys.map((key, i) => [key, i]));
    this.#isBaggage = baggageTest(baggageKeys);
    this.nextId = firstId;
    this.interner = new ByteInterner(seed);
  }

  /** Entry of the KeyValue message in `bytes[from, to)`; its id is `interner.ids[entry]`. */
  intern(scope: number, bytes: Uint8Array, view: DataView, from: number, to: number): number {
    const entry = this.interner.intern(scope, bytes, view, from, to);
    if (this.interner.added && !this.#addPlainText(entry, scope, bytes, view, from, to)) {
      this.#add(entry, scope, readAttribute(bytes, from, to));
    }
    return entry;
  }

  /** Column of a promoted span attribute, -1 if it has none. */
  promotedColumn(entry: number): number {
    return (this.interner.meta[entry] & PROMOTED_MASK) - 1;
  }

  /** Whether the entry needs more than its id: a column of its own or baggage. */
  isPlain(entry: number): boolean {
    return this.interner.meta[entry] === 0;
  }

  baggageOf(entry: number): readonly number[] {
    if ((this.interner.meta[entry] & CARRIES_BAGGAGE) === 0) return none;
    return this.#baggage.get(this.interner.ids[entry]) ?? none;
  }

  /** Whether it is Jaeger's event=baggage. */
  marksBaggageEvent(entry: number): boolean {
    return (this.interner.meta[entry] & MARKS_BAGGAGE_EVENT) !== 0;
  }

  /** Id of a baggage member. */
  internBaggage(key: string, value: string): number {
    const bytes = encoder.encode(`${key}\0${value}`);
    const view = new DataView(bytes.buffer);
    const entry = this.interner.intern(AttrScope.baggage, bytes, view, 0, bytes.length);
    if (this.interner.added) this.#pushRow(entry, AttrScope.baggage, { key, value: { type: 'string', value } });
    return this.interner.ids[entry];
  }

  /** Id of a sampling weight. */
  internWeight(weight: number): number {
    const bytes = encoder.encode(String(weight));
    const view = new DataView(bytes.buffer);
    const entry = this.interner.intern(AttrScope.sampling, bytes, view, 0, bytes.length);
    if (this.interner.added) {
      this.#pushRow(entry, AttrScope.sampling, { key: 'weight', value: { type: 'double', value: weight } });
    }
    return this.interner.ids[entry];
  }

  clear(): void {
    this.interner.clear();
    this.#baggage.clear();
  }

  truncate(entries: number, nextId: number): void {
    this.interner.truncate(entries);
    this.nextId = nextId;
  }

  #add(entry: number, scope: number, attribute: Attribute): void {
    this.#pushRow(entry, scope, attribute);
    if (scope === AttrScope.span) this.interner.meta[entry] |= (this.#promoted.get(attribute.key) ?? -1) + 1;
    if (scope === AttrScope.span || scope === AttrScope.resource) this.#noteBaggage(entry, attribute);
    if (scope === AttrScope.event && attribute.key === 'event' && textsOf(attribute.value)[0] === 'baggage') {
      this.interner.meta[entry] |= MARKS_BAGGAGE_EVENT;
    }
  }

  /**
   * The short way for what is new most often, ids and the like: a short key without a role, a string that is valid UTF-8. Its
   * bytes go straight into the row.
   */
  #addPlainText(entry: number, scope: number, bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
    const text = this.#text;
    if (!findText(bytes, from, to, text) || !isUtf8(bytes.subarray(text.from, to))) return false;
    const key = this.#texts.intern(bytes, view, text.keyFrom, text.keyTo);
    if (this.#hasRole(this.#texts.at(key))) return false;
    const id = this.nextId++;
    this.interner.ids[entry] = id;
    const { attrValues, arena } = this.#rows;
    attrValues.id.push32(id);
    attrValues.scope.push8(scope);
    this.#texts.push(attrValues.key, key);
    attrValues.type.push8(AttrType.string);
    attrValues.str.push(arena.push(bytes, text.from, to), to - text.from);
    attrValues.int.push64(0, 0);
    attrValues.num.pushDouble(0);
    attrValues.strs.close();
    attrValues.nums.close();
    return true;
  }

  #hasRole(key: string): boolean {
    return key === BAGGAGE_HEADER || key === 'event' || this.#promoted.has(key) || this.#isBaggage(key);
  }

  #noteBaggage(entry: number, { key, value }: Attribute): void {
    const carried: number[] = [];
    if (key === BAGGAGE_HEADER) {
      for (const header of textsOf(value)) {
        for (const [name, member] of parseBaggageHeader(header)) carried.push(this.internBaggage(name, member));
      }
    } else if (this.#isBaggage(key)) {
      for (const member of textsOf(value)) carried.push(this.internBaggage(key.replace(/^baggage\./, ''), member));
    }
    if (carried.length === 0) return;
    this.interner.meta[entry] |= CARRIES_BAGGAGE;
    this.#baggage.set(this.interner.ids[entry], carried);
  }

  #pushRow(entry: number, scope: number, attribute: Attribute): void {
    const id = this.nextId++;
    this.interner.ids[entry] = id;
    const { attrValues } = this.#rows;
    attrValues.id.push32(id);
    attrValues.scope.push8(scope);
    this.#texts.push(attrValues.key, this.#texts.internText(attribute.key));
    attrValues.type.push8(AttrType[attribute.value.type]);
    pushValue(this.#rows, attribute.value);
  }
}

const none: readonly number[] = [];

/**
 * Whether KeyValue bytes[from, to) are exactly a key of up to 127 bytes and a string of up to 125: `0a k key 12 n 0a n string`.
 * Then `found` says where they stand; the string ends at `to`.
 */
function findText(
  bytes: Uint8Array,
  from: number,
  to: number,
  found: { keyFrom: number; keyTo: number; from: number },
): boolean {
  const keyTo = from + 2 + bytes[from + 1];
  if (bytes[from] !== 0x0a || bytes[from + 1] > 127 || keyTo + 4 > to) return false;
  if (bytes[keyTo] !== 0x12 || bytes[keyTo + 1] !== to - keyTo - 2 || bytes[keyTo + 1] > 127) return false;
  if (bytes[keyTo + 2] !== 0x0a || bytes[keyTo + 3] !== to - keyTo - 4) return false;
  found.keyFrom = from + 2;
  found.keyTo = keyTo;
  found.from = keyTo + 4;
  return true;
}

/** Exact keys, and prefixes where an entry ends in '.'. */
function baggageTest(keys: readonly string[]): (key: string) => boolean {
  const exact = new Set(keys.filter(key => !key.endsWith('.')));
  const prefixes = keys.filter(key => key.endsWith('.'));
  return key => exact.has(key) || prefixes.some(prefix => key.startsWith(prefix));
}

/** A value as baggage text: lists by element, nothing for what has no text. */
function textsOf(value: AttributeValue): readonly string[] {
  if (value.type === 'list') return value.value.flatMap(element => (element.type === 'list' ? [] : textsOf(element)));
  if (value.type === 'empty' || value.type === 'bytes' || value.type === 'map') return [];
  return [String(value.value)];
}

function pushValue(rows: SegmentRows, value: AttributeValue): void {
  const { attrValues, arena } = rows;
  const text = displayText(value);
  if (text === undefined) attrValues.str.pushNull();
  else {
    const at = arena.pushText(text);
    attrValues.str.push(at, arena.length - at);
  }
  const int = value.type === 'int' ? value.value : value.type === 'bool' && value.value ? 1n : 0n;
  attrValues.int.push64(Number(int & 0xffff_ffffn), Number((int >> 32n) & 0xffff_ffffn));
  attrValues.num.pushDouble(numberOf(value) ?? 0);
  if (value.type === 'list') {
    for (const element of value.value) {
      const number = numberOf(element);
      if (number !== undefined) attrValues.nums.child.pushDouble(number);
      if (element.type !== 'string') continue;
      const at = arena.pushText(element.value);
      attrValues.strs.child.push(at, arena.length - at);
    }
  }
  attrValues.strs.close();
  attrValues.nums.close();
}

function numberOf(value: AttributeValue): number | undefined {
  if (value.type === 'bool') return value.value ? 1 : 0;
  if (value.type === 'int' || value.type === 'double') return Number(value.value);
  return undefined;
}

function displayText(value: AttributeValue): string | undefined {
  if (value.type === 'string') return value.value;
  if (value.type === 'bytes') return Buffer.from(value.value).toString('base64');
  if (value.type === 'list' || value.type === 'map') return JSON.stringify(plain(value));
  return undefined;
}

/** As JSON has it; nesting is at most 100 deep (the scanner's limit). */
function plain(value: AttributeValue): unknown {
  if (value.type === 'list') return value.value.map(plain);
  if (value.type === 'map') return Object.fromEntries(value.value.map(({ key, value }) => [key, plain(value)]));
  if (value.type === 'int')
    return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : String(value.value);
  if (value.type === 'bytes') return Buffer.from(value.value).toString('base64');
  return value.type === 'empty' ? null : value.value;
}
