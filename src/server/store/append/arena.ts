const encoder = new TextEncoder();

const KEPT_BYTES = 1 << 26;
/** Up to here a loop is cheaper than the view that `set` needs. */
const SHORT = 48;

/** Growable bytes; offsets stay valid while it grows. */
export class Arena {
  bytes: Uint8Array;
  view: DataView;
  length = 0;

  constructor(capacity = 1 << 16) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Empties it, and gives back memory that only an exceptional batch has needed. */
  clear(): void {
    this.length = 0;
    if (this.bytes.length <= KEPT_BYTES) return;
    this.bytes = new Uint8Array(KEPT_BYTES);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `more` bytes after `length`. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  /** Copies `from[start, end)` to the end; returns where it stands. */
  push(from: Uint8Array, start: number, end: number): number {
    const at = this.length;
    this.reserve(end - start);
    if (end - start > SHORT) this.bytes.set(from.subarray(start, end), at);
    else for (let i = start; i < end; i++) this.bytes[at + i - start] = from[i];
    this.length = at + end - start;
    return at;
  }

  /** Appends `text` as UTF-8 (lone surrogates become U+FFFD); returns where it stands. It ends at `length`. */
  pushText(text: string): number {
    const at = this.length;
    this.reserve(text.length * 3);
    this.length = at + encoder.encodeInto(text, this.bytes.subarray(at)).written;
    return at;
  }

  pushByte(byte: number): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  pushVarint(value: number): void {
    this.reserve(5);
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }
}

/** Bytes that a protobuf varint of `value` (< 2^32) takes. */
export function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}
