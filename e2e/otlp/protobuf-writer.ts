/** Writes protobuf messages into one growing buffer. */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafe(1 << 20);
  #length = 0;
  readonly #open: number[] = [];

  /** Begins a nested message. */
  open(field: number): void {
    this.#tag(field, 2);
    this.#room(1);
    this.#open.push(this.#length++);
  }

  /** Ends the innermost message and writes its length before it. */
  close(): void {
    const at = this.#open.pop()!;
    const length = this.#length - at - 1;
    let extra = 0;
    for (let rest = length >>> 7; rest > 0; rest >>>= 7) extra++;
    this.#room(extra);
    if (extra > 0) this.#bytes.copyWithin(at + 1 + extra, at + 1, this.#length);
    this.#length += extra;
    let rest = length;
    for (let i = at; i < at + extra; i++, rest >>>= 7) this.#bytes[i] = (rest & 0x7f) | 0x80;
    this.#bytes[at + extra] = rest;
  }

  string(field: number, value: string): void {
    this.#tag(field, 2);
    const length = Buffer.byteLength(value);
    this.#varint(length);
    this.#room(length);
    this.#length += this.#bytes.write(value, this.#length);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, 2);
    this.#varint(value.length);
    this.raw(value);
  }

  /** Fields that are encoded already. */
  raw(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** A non-negative whole number below 2^53. */
  varint(field: number, value: number): void {
    this.#tag(field, 0);
    this.#varint(value);
  }

  fixed64(field: number, value: bigint): void {
    this.#tag(field, 1);
    this.#room(8);
    this.#length = this.#bytes.writeBigUInt64LE(value, this.#length);
  }

  fixed32(field: number, value: number): void {
    this.#tag(field, 5);
    this.#room(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  double(field: number, value: number): void {
    this.#tag(field, 1);
    this.#room(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  /** What has been written, as bytes of its own; the writer begins anew. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number): void {
    this.#room(10);
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + bytes));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
