/** Longer ones are copied faster by the platform. */
const LONG_RANGE = 48;

/** Writes protobuf messages into one growing buffer. Tags are given whole: field number << 3 | wire type. */
export class ProtobufWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** An unsigned number of up to 32 bits. */
  varint(value: number): void {
    this.#reserve(5);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A number of 64 bits; negative ones take ten bytes, as int64 and enums do. */
  varint64(value: bigint): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  fixed32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  fixed64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.#length, value, true);
    this.#length += 8;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** As `raw` of bytes[from, to), which is short as a rule: without a view of it. */
  rawRange(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (length > LONG_RANGE) {
      this.raw(bytes.subarray(from, to));
      return;
    }
    this.#reserve(length);
    for (let i = 0; i < length; i++) this.#bytes[this.#length + i] = bytes[from + i];
    this.#length += length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A field of wire type 2 with these bytes. */
  bytes(tag: number, bytes: Uint8Array): void {
    this.varint(tag);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /**
   * Begins a field of wire type 2 whose length is not known yet; what is written until `close` belongs to it. Returns
   * the mark that `close` wants.
   */
  open(tag: number): number {
    this.varint(tag);
    this.byte(0);
    return this.#length;
  }

  /** Ends the field. One byte was kept for its length; a longer one moves the content up. */
  close(mark: number): void {
    const length = this.#length - mark;
    let extra = 0;
    for (let rest = length >>> 7; rest > 0; rest >>>= 7) extra++;
    if (extra > 0) {
      this.#reserve(extra);
      this.#bytes.copyWithin(mark + extra, mark, this.#length);
    }
    this.#length = mark - 1;
    this.varint(length);
    this.#length += length;
  }

  /** Whether only zero bytes were written from there on. */
  isZeroFrom(from: number): boolean {
    for (let i = from; i < this.#length; i++) if (this.#bytes[i] !== 0) return false;
    return true;
  }

  /** Forgets what was written after `length`. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** What was written, without a copy: the writer is used up. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
