import { readAttribute } from '#decoding/otlp/attributes.ts';
import { AttrScope } from '#server/store/schema/segment-table.ts';
import { Arena } from './arena.ts';
import type { AttributeDictionary } from './attribute-dictionary.ts';
import { ByteInterner } from './byte-interner.ts';
import type { SegmentRows } from './segment-rows.ts';
import type { Texts } from './texts.ts';
import { WireCursor } from './wire-cursor.ts';

const RESOURCE = 0;
const SCOPE = 1;

/** A resource as spans refer to it. */
export interface ResourceOwner {
  readonly id: number;
  /** Entry of the service name in the segment's texts; that of '' where the resource names none. */
  readonly service: number;
  /** Baggage ids that its attributes carry. */
  readonly baggage: readonly number[];
}

/** Resources and scopes of a segment: one row per distinct message and schema url. Ids start at 1. */
export class OwnerTable {
  nextId: number;
  readonly interner: ByteInterner;
  readonly #rows: SegmentRows;
  readonly #texts: Texts;
  readonly #dictionary: AttributeDictionary;
  readonly #resources: ResourceOwner[] = [];
  readonly #key = new Arena(4096);
  readonly #fields = new WireCursor();

  constructor(rows: SegmentRows, texts: Texts, dictionary: AttributeDictionary, firstId: number, seed: number) {
    this.#rows = rows;
    this.#texts = texts;
    this.#dictionary = dictionary;
    this.nextId = firstId;
    this.interner = new ByteInterner(seed);
  }

  resource(bytes: Uint8Array, view: DataView, from: number, to: number, urlFrom: number, urlTo: number): ResourceOwner {
    const entry = this.#intern(RESOURCE, bytes, from, to, urlFrom, urlTo);
    if (this.interner.added) this.#resources[entry] = this.#addResource(entry, bytes, view, from, to, urlFrom, urlTo);
    return this.#resources[entry];
  }

  /** Id of the scope. */
  scope(bytes: Uint8Array, view: DataView, from: number, to: number, urlFrom: number, urlTo: number): number {
    const entry = this.#intern(SCOPE, bytes, from, to, urlFrom, urlTo);
    if (this.interner.added) this.#addScope(entry, bytes, view, from, to, urlFrom, urlTo);
    return this.interner.ids[entry];
  }

  truncate(entries: number, nextId: number): void {
    this.interner.truncate(entries);
    this.nextId = nextId;
  }

  clear(): void {
    this.interner.clear();
  }

  #intern(tag: number, bytes: Uint8Array, from: number, to: number, urlFrom: number, urlTo: number): number {
    const key = this.#key;
    key.length = 0;
    key.pushVarint(to - from);
    key.push(bytes, from, to);
    key.push(bytes, urlFrom, urlTo);
    return this.interner.intern(tag, key.bytes, key.view, 0, key.length);
  }

  #addResource(
    entry: number,
    bytes: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    urlFrom: number,
    urlTo: number,
  ): ResourceOwner {
    const { resources, arena } = this.#rows;
    const id = this.nextId++;
    this.interner.ids[entry] = id;
    let service = '';
    const baggage: number[] = [];
    this.#fields.open(bytes, from, to);
    while (this.#fields.next()) {
      if (this.#fields.field !== 1 || this.#fields.wireType !== 2) continue;
      const found = this.#dictionary.intern(AttrScope.resource, bytes, view, this.#fields.from, this.#fields.to);
      resources.attrs.child.push32(this.#dictionary.interner.ids[found]);
      for (const member of this.#dictionary.baggageOf(found)) baggage.push(member);
      const { key, value } = readAttribute(bytes, this.#fields.from, this.#fields.to);
      if (key === 'service.name' && value.type === 'string') service = value.value;
    }
    const owner = { id, service: this.#texts.internText(service), baggage };
    resources.id.push32(id);
    this.#texts.push(resources.service, owner.service);
    resources.attrs.close();
    resources.message.push(arena.push(bytes, from, to), to - from);
    this.#texts.push(resources.schemaUrl, this.#texts.intern(bytes, view, urlFrom, urlTo));
    return owner;
  }

  #addScope(
    entry: number,
    bytes: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    urlFrom: number,
    urlTo: number,
  ): void {
    const { scopes, arena } = this.#rows;
    const id = this.nextId++;
    this.interner.ids[entry] = id;
    let [nameFrom, nameTo, versionFrom, versionTo] = [0, 0, 0, 0];
    this.#fields.open(bytes, from, to);
    while (this.#fields.next()) {
      const { field, from: start, to: end, wireType } = this.#fields;
      if (wireType !== 2) continue;
      if (field === 1) [nameFrom, nameTo] = [start, end];
      else if (field === 2) [versionFrom, versionTo] = [start, end];
      else if (field === 3) {
        const found = this.#dictionary.intern(AttrScope.instrumentation, bytes, view, start, end);
        scopes.attrs.child.push32(this.#dictionary.interner.ids[found]);
      }
    }
    scopes.id.push32(id);
    this.#texts.push(scopes.name, this.#texts.intern(bytes, view, nameFrom, nameTo));
    this.#texts.push(scopes.version, this.#texts.intern(bytes, view, versionFrom, versionTo));
    scopes.attrs.close();
    scopes.message.push(arena.push(bytes, from, to), to - from);
    this.#texts.push(scopes.schemaUrl, this.#texts.intern(bytes, view, urlFrom, urlTo));
  }
}
