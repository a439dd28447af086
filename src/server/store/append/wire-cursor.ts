import { ProtobufReader, WireType } from '#decoding/otlp/protobuf-reader.ts';

/** Walks the fields of one message of a request that the scanner is reading. Ends early where the bytes are damaged. */
export class WireCursor {
  field = 0;
  wireType = 0;
  /** Payload of a length-delimited or fixed-width field. */
  from = 0;
  to = 0;
  readonly #reader = new ProtobufReader(new Uint8Array(0));
  #end = 0;

  open(bytes: Uint8Array, from: number, to: number): void {
    this.#reader.bytes = bytes;
    this.#reader.pos = from;
    this.#reader.failure = undefined;
    this.#end = to;
  }

  next(): boolean {
    const reader = this.#reader;
    if (reader.pos >= this.#end) return false;
    const tag = reader.tag(this.#end);
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.wireType === WireType.bytes) {
      this.to = reader.length(this.#end);
      this.from = reader.pos;
      reader.pos = this.to;
    } else {
      this.from = reader.pos;
      reader.skip(tag, this.#end);
      this.to = reader.pos;
    }
    return reader.failure === undefined;
  }
}
