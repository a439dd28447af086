import { type StringTable, stringTable } from './string-table.ts';

const PROBES = 8;

/**
 * Gives equal strings equal indexes, straight from their UTF-8 bytes: a name that a million spans carry is decoded
 * once. Index 0 is ''.
 */
export class ByteStrings {
  readonly #decode: (bytes: Uint8Array, from: number, to: number) => string;
  readonly #strings: string[] = [''];
  readonly #indexOf = new Map<string, number>([['', 0]]);
  // Open-addressed cache from bytes to index. Probing is bounded: past it, and for strings made to collide, the map decides.
  #slots = new Int32Array(1024);
  #cached = 0;
  #hash = new Uint32Array(512);
  #at = new Uint32Array(513);
  #index = new Int32Array(512);
  #heap = new Uint8Array(16_384);

  constructor(decode: (bytes: Uint8Array, from: number, to: number) => string) {
    this.#decode = decode;
  }

  /** Index of the string in bytes[from, to). */
  intern(bytes: Uint8Array, from: number, to: number): number {
    if (from === to) return 0;
    const hash = hashBytes(bytes, from, to);
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < PROBES; probe++) {
      const entry = this.#slots[(hash + probe) & mask] - 1;
      if (entry < 0) break;
      if (this.#hash[entry] === hash && this.#equals(entry, bytes, from, to)) return this.#index[entry];
    }
    const index = this.internText(this.#decode(bytes, from, to));
    this.#remember(hash, bytes, from, to, index);
    return index;
  }

  internText(text: string): number {
    const known = this.#indexOf.get(text);
    if (known !== undefined) return known;
    const index = this.#strings.push(text) - 1;
    this.#indexOf.set(text, index);
    return index;
  }

  at(index: number): string {
    return this.#strings[index];
  }

  table(): StringTable {
    return stringTable(this.#strings);
  }

  #equals(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const at = this.#at[entry];
    if (this.#at[entry + 1] - at !== to - from) return false;
    for (let i = 0; i < to - from; i++) if (this.#heap[at + i] !== bytes[from + i]) return false;
    return true;
  }

  #remember(hash: number, bytes: Uint8Array, from: number, to: number, index: number): void {
    if (2 * this.#cached >= this.#slots.length) this.#grow();
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < PROBES; probe++) {
      const slot = (hash + probe) & mask;
      if (this.#slots[slot] !== 0) continue;
      const entry = this.#cached++;
      const end = this.#at[entry] + to - from;
      if (end > this.#heap.length) {
        const heap = new Uint8Array(2 * end);
        heap.set(this.#heap);
        this.#heap = heap;
      }
      this.#heap.set(bytes.subarray(from, to), this.#at[entry]);
      this.#at[entry + 1] = end;
      this.#hash[entry] = hash;
      this.#index[entry] = index;
      this.#slots[slot] = entry + 1;
      return;
    }
  }

  #grow(): void {
    const size = 2 * this.#slots.length;
    const hash = new Uint32Array(size / 2);
    hash.set(this.#hash);
    const at = new Uint32Array(size / 2 + 1);
    at.set(this.#at);
    const index = new Int32Array(size / 2);
    index.set(this.#index);
    this.#hash = hash;
    this.#at = at;
    this.#index = index;
    this.#slots = new Int32Array(size);
    for (let entry = 0; entry < this.#cached; entry++) {
      for (let probe = 0; probe < PROBES; probe++) {
        const slot = (hash[entry] + probe) & (size - 1);
        if (this.#slots[slot] !== 0) continue;
        this.#slots[slot] = entry + 1;
        break;
      }
    }
  }
}

/** FNV-1a over the bytes, the high bits folded into the low ones that a table of 2^n slots uses. */
function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
