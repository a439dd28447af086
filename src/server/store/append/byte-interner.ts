import { Arena } from './arena.ts';

const MAX_ENTRIES = 1 << 18;
const MAX_BYTES = 1 << 25;

/**
 * Gives equal byte strings (under the same tag) the same entry number: open addressing over a byte arena, exact
 * comparison, seeded so that a sender cannot aim at collisions. Entries are numbered from 0 in order of arrival.
 */
export class ByteInterner {
  /** Entries; those from here on after `truncate` are forgotten. */
  count = 0;
  /** Whether the last `intern` met something new. */
  added = false;
  readonly arena = new Arena(1 << 20);
  /** Free for the owner, per entry; 0 for a new one. */
  ids = new Int32Array(1024);
  meta = new Int32Array(1024);
  #slots = new Int32Array(4096);
  #hashes = new Int32Array(1024);
  #tags = new Uint8Array(1024);
  #offsets = new Uint32Array(1025);
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** Entry of `bytes[from, to)` under `tag` (0…255). `view` is a DataView over the same memory as `bytes`. */
  intern(tag: number, bytes: Uint8Array, view: DataView, from: number, to: number): number {
    const hash = hashRange(this.#seed ^ Math.imul(tag + 1, 0x85ebca6b), view, from, to);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let entry = this.#slots[slot] - 1; entry >= 0; entry = this.#slots[slot] - 1) {
      if (this.#hashes[entry] === hash && this.#tags[entry] === tag && this.#equals(entry, view, from, to)) {
        this.added = false;
        return entry;
      }
      slot = (slot + 1) & mask;
    }
    this.added = true;
    return this.#add(slot, hash, tag, bytes, from, to);
  }

  /** Where the bytes of an entry stand in `arena`. */
  offsetOf(entry: number): number {
    return this.#offsets[entry];
  }

  lengthOf(entry: number): number {
    return this.#offsets[entry + 1] - this.#offsets[entry];
  }

  /** Forgets every entry from `count` on, as if it had never come. */
  truncate(count: number): void {
    const mask = this.#slots.length - 1;
    // The newest entry is in no other's probe chain, so in this order a slot can simply be emptied.
    for (let entry = this.count - 1; entry >= count; entry--) {
      let slot = this.#hashes[entry] & mask;
      while (this.#slots[slot] !== entry + 1) slot = (slot + 1) & mask;
      this.#slots[slot] = 0;
    }
    this.count = count;
    this.arena.length = this.#offsets[count];
  }

  clear(): void {
    this.#slots.fill(0);
    this.count = 0;
    this.arena.clear();
  }

  /** Whether it has grown so large that its owner should `clear` it at the next opportunity. */
  get isLarge(): boolean {
    return this.count > MAX_ENTRIES || this.arena.length > MAX_BYTES;
  }

  #equals(entry: number, view: DataView, from: number, to: number): boolean {
    const at = this.#offsets[entry];
    if (this.#offsets[entry + 1] - at !== to - from) return false;
    const own = this.arena.view;
    const shift = at - from;
    let i = from;
    for (; i + 4 <= to; i += 4) if (own.getInt32(i + shift, true) !== view.getInt32(i, true)) return false;
    for (; i < to; i++) if (own.getUint8(i + shift) !== view.getUint8(i)) return false;
    return true;
  }

  #add(slot: number, hash: number, tag: number, bytes: Uint8Array, from: number, to: number): number {
    const entry = this.count++;
    if (entry === this.ids.length) this.#growEntries();
    this.arena.push(bytes, from, to);
    this.#hashes[entry] = hash;
    this.#tags[entry] = tag;
    this.#offsets[entry + 1] = this.arena.length;
    this.ids[entry] = 0;
    this.meta[entry] = 0;
    this.#slots[slot] = entry + 1;
    if (this.count * 2 > this.#slots.length) this.#growSlots();
    return entry;
  }

  #growEntries(): void {
    const capacity = this.ids.length * 2;
    this.ids = grown(this.ids, new Int32Array(capacity));
    this.meta = grown(this.meta, new Int32Array(capacity));
    this.#hashes = grown(this.#hashes, new Int32Array(capacity));
    this.#tags = grown(this.#tags, new Uint8Array(capacity));
    this.#offsets = grown(this.#offsets, new Uint32Array(capacity + 1));
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.count; entry++) {
      let slot = this.#hashes[entry] & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    }
    this.#slots = slots;
  }
}

function grown<T extends Int32Array | Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function hashRange(seed: number, view: DataView, from: number, to: number): number {
  let hash = seed ^ (to - from);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    hash = Math.imul(hash ^ view.getInt32(i, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; i < to; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
