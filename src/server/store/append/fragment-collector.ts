import { type Arena, varintSize } from './arena.ts';
import { pushId, type SegmentRows } from './segment-rows.ts';

const SCOPE_SPANS_TAG = 0x12;
const SCOPE_TAG = 0x0a;
const SPAN_TAG = 0x12;
const SCHEMA_URL_TAG = 0x1a;

interface ScopeRange {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly urlFrom: number;
  readonly urlTo: number;
}

/**
 * Sorts the spans of one ResourceSpans by trace and writes, per trace, the bytes from which a reply is put together:
 * ScopeSpans fields that hold the original Span messages. Ranges point into the request's body.
 */
export class FragmentCollector {
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #scopes: ScopeRange[] = [];
  /** Per fragment: first and last span, where its trace id stands, its earliest start. */
  #count = 0;
  #first = new Int32Array(256);
  #last = new Int32Array(256);
  #idFrom = new Uint32Array(256);
  #startLo = new Uint32Array(256);
  #startHi = new Uint32Array(256);
  /** Per span: range, scope, next span of its fragment. */
  #spans = 0;
  #from = new Uint32Array(1024);
  #to = new Uint32Array(1024);
  #scopeOf = new Int32Array(1024);
  #next = new Int32Array(1024);
  /** Trace id → fragment + 1, open addressing. */
  #slots = new Int32Array(1024);
  #latest = -1;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  open(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#scopes.length = 0;
    this.#count = 0;
    this.#spans = 0;
    this.#latest = -1;
    this.#slots.fill(0);
  }

  /** The spans that follow belong to this scope; its message and schema URL may stand in a buffer of their own. */
  scope(bytes: Uint8Array, from: number, to: number, urlFrom: number, urlTo: number): void {
    this.#scopes.push({ bytes, from, to, urlFrom, urlTo });
  }

  /** A valid span: its range, its 16 id bytes, its start as halves. */
  add(from: number, to: number, idFrom: number, startLo: number, startHi: number): void {
    const span = this.#spans++;
    if (span === this.#from.length) this.#growSpans();
    this.#from[span] = from;
    this.#to[span] = to;
    this.#scopeOf[span] = this.#scopes.length - 1;
    this.#next[span] = -1;
    const fragment = this.#fragmentOf(idFrom);
    if (this.#first[fragment] < 0) this.#first[fragment] = span;
    else this.#next[this.#last[fragment]] = span;
    this.#last[fragment] = span;
    const hi = this.#startHi[fragment];
    if (startHi < hi || (startHi === hi && startLo < this.#startLo[fragment])) {
      this.#startLo[fragment] = startLo;
      this.#startHi[fragment] = startHi;
    }
  }

  /** Pushes the fragments of the resource as rows. */
  close(rows: SegmentRows, resourceId: number): void {
    const { fragments, bodies } = rows;
    for (let fragment = 0; fragment < this.#count; fragment++) {
      const at = bodies.length;
      for (let span = this.#first[fragment]; span >= 0; ) span = this.#writeScopeRun(bodies, span);
      const idFrom = this.#idFrom[fragment];
      pushId(fragments.traceId, this.#bytes, idFrom, idFrom + 16);
      fragments.startNs.push64(this.#startLo[fragment], this.#startHi[fragment]);
      fragments.resourceId.push32(resourceId);
      // Within all bodies for now: `sealBlocks` makes it the place within a block.
      fragments.block.push32(0);
      fragments.at.push32(at);
      fragments.length.push32(bodies.length - at);
    }
    this.#count = 0;
    this.#spans = 0;
  }

  /** Writes one ScopeSpans from `first` on, as far as the scope is the same; returns the span after it, -1 at the end. */
  #writeScopeRun(arena: Arena, first: number): number {
    const scopeIndex = this.#scopeOf[first];
    const scope = this.#scopes[scopeIndex];
    const scopeLength = scope.to - scope.from;
    const urlLength = scope.urlTo - scope.urlFrom;
    let size = fieldSize(scopeLength) + fieldSize(urlLength);
    let span = first;
    for (; span >= 0 && this.#scopeOf[span] === scopeIndex; span = this.#next[span]) {
      const length = this.#to[span] - this.#from[span];
      size += 1 + varintSize(length) + length;
    }
    arena.reserve(size + 6);
    arena.pushByte(SCOPE_SPANS_TAG);
    arena.pushVarint(size);
    if (scopeLength > 0) writeField(arena, SCOPE_TAG, scope.bytes, scope.from, scope.to);
    for (let each = first; each !== span; each = this.#next[each]) {
      writeField(arena, SPAN_TAG, this.#bytes, this.#from[each], this.#to[each]);
    }
    if (urlLength > 0) writeField(arena, SCHEMA_URL_TAG, scope.bytes, scope.urlFrom, scope.urlTo);
    return span;
  }

  #fragmentOf(idFrom: number): number {
    if (this.#latest >= 0 && this.#sameId(this.#idFrom[this.#latest], idFrom)) return this.#latest;
    const mask = this.#slots.length - 1;
    let slot = this.#hash(idFrom) & mask;
    for (let found = this.#slots[slot] - 1; found >= 0; found = this.#slots[slot] - 1) {
      if (this.#sameId(this.#idFrom[found], idFrom)) {
        this.#latest = found;
        return found;
      }
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.#count + 1;
    this.#latest = this.#addFragment(idFrom);
    return this.#latest;
  }

  #hash(idFrom: number): number {
    const bytes = this.#bytes;
    let hash = this.#seed;
    for (let i = idFrom; i < idFrom + 16; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
    return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 8;
  }

  #addFragment(idFrom: number): number {
    const fragment = this.#count++;
    if (fragment === this.#first.length) this.#growFragments();
    this.#first[fragment] = -1;
    this.#idFrom[fragment] = idFrom;
    this.#startLo[fragment] = 0xffffffff;
    this.#startHi[fragment] = 0xffffffff;
    if (this.#count * 2 > this.#slots.length) this.#growSlots();
    return fragment;
  }

  #sameId(a: number, b: number): boolean {
    const bytes = this.#bytes;
    for (let i = 15; i >= 0; i--) if (bytes[a + i] !== bytes[b + i]) return false;
    return true;
  }

  #growFragments(): void {
    this.#first = doubled(this.#first, Int32Array);
    this.#last = doubled(this.#last, Int32Array);
    this.#idFrom = doubled(this.#idFrom, Uint32Array);
    this.#startLo = doubled(this.#startLo, Uint32Array);
    this.#startHi = doubled(this.#startHi, Uint32Array);
  }

  #growSpans(): void {
    this.#from = doubled(this.#from, Uint32Array);
    this.#to = doubled(this.#to, Uint32Array);
    this.#scopeOf = doubled(this.#scopeOf, Int32Array);
    this.#next = doubled(this.#next, Int32Array);
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let fragment = 0; fragment < this.#count; fragment++) {
      let slot = this.#hash(this.#idFrom[fragment]) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = fragment + 1;
    }
  }
}

function writeField(arena: Arena, tag: number, bytes: Uint8Array, from: number, to: number): void {
  arena.pushByte(tag);
  arena.pushVarint(to - from);
  arena.push(bytes, from, to);
}

function fieldSize(length: number): number {
  return length === 0 ? 0 : 1 + varintSize(length) + length;
}

function doubled<T extends Int32Array | Uint32Array>(from: T, make: new (length: number) => T): T {
  const to = new make(from.length * 2);
  to.set(from);
  return to;
}
