import { isUtf8 } from 'node:buffer';
import { ByteInterner } from './byte-interner.ts';
import type { BytesColumn } from './columns.ts';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Names and other repeated strings of a segment, each kept once, as valid UTF-8 (U+FFFD for what is not). */
export class Texts {
  readonly interner: ByteInterner;
  readonly #strings: string[] = [];

  constructor(seed: number) {
    this.interner = new ByteInterner(seed);
  }

  /** Entry of the text in `bytes[from, to)`. */
  intern(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    const entry = this.interner.intern(0, bytes, view, from, to);
    if (!this.interner.added) return this.interner.meta[entry];
    let shown = entry;
    if (!isUtf8(bytes.subarray(from, to))) {
      const repaired = encoder.encode(decoder.decode(bytes.subarray(from, to)));
      shown = this.interner.intern(0, repaired, new DataView(repaired.buffer), 0, repaired.length);
      this.interner.meta[shown] = shown;
    }
    this.interner.meta[entry] = shown;
    return shown;
  }

  internText(text: string): number {
    const bytes = encoder.encode(text);
    return this.intern(bytes, new DataView(bytes.buffer), 0, bytes.length);
  }

  push(column: BytesColumn, entry: number): void {
    column.push(this.interner.offsetOf(entry), this.interner.lengthOf(entry));
  }

  /** The text as a string; memoised. */
  at(entry: number): string {
    this.#strings[entry] ??= this.#decode(entry);
    return this.#strings[entry];
  }

  truncate(count: number): void {
    this.interner.truncate(count);
    this.#strings.length = Math.min(this.#strings.length, count);
  }

  clear(): void {
    this.interner.clear();
    this.#strings.length = 0;
  }

  #decode(entry: number): string {
    const at = this.interner.offsetOf(entry);
    return decoder.decode(this.interner.arena.bytes.subarray(at, at + this.interner.lengthOf(entry)));
  }
}
