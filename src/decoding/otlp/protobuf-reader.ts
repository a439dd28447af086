/** Why bytes could not be read, and where. */
export interface DecodeError {
  readonly message: string;
  /** Byte (or for text character) at which reading stopped. */
  readonly offset: number;
  /** Where in the message, if that is known: `resourceSpans[0].scopeSpans[0]`. The message names it, too. */
  readonly path?: string;
}

export const WireType = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

const MAX_GROUP_DEPTH = 100;

/**
 * A cursor over protobuf bytes. It never throws: the first damage is kept in `failure` and the cursor jumps past every
 * end, so that loops of the form `while (reader.pos < end)` finish on their own. Numbers read after that mean nothing.
 */
export class ProtobufReader {
  bytes: Uint8Array;
  pos: number;
  failure: DecodeError | undefined;
  /** Upper half of the 64-bit number that `varint` or `fixed64` read last; the lower half is what they return. */
  high = 0;

  constructor(bytes: Uint8Array, pos = 0) {
    this.bytes = bytes;
    this.pos = pos;
  }

  fail(message: string, offset = this.pos): void {
    this.failure ??= { message, offset };
    this.pos = Number.MAX_SAFE_INTEGER;
  }

  /** A varint of up to 64 bits; must end before `end`. Returns its low 32 bits, unsigned, and sets `high`. */
  varint(end: number): number {
    const first = this.bytes[this.pos];
    if (first < 0x80 && this.pos < end) {
      this.pos++;
      this.high = 0;
      return first;
    }
    return this.#longVarint(end);
  }

  #longVarint(end: number): number {
    const from = this.pos;
    let lo = 0;
    let hi = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= end) {
        this.fail('a number is cut off', from);
        return 0;
      }
      const byte = this.bytes[this.pos++];
      const bits = byte & 0x7f;
      if (shift < 28) lo |= bits << shift;
      else if (shift === 28) {
        lo |= bits << 28;
        hi = bits >>> 4;
      } else hi |= bits << (shift - 32);
      if (byte < 0x80) {
        this.high = hi >>> 0;
        return lo >>> 0;
      }
    }
    this.fail('a number is longer than 10 bytes', from);
    return 0;
  }

  /** A field's tag (number << 3 | wire type); 0 after a failure. */
  tag(end: number): number {
    const from = this.pos;
    const tag = this.varint(end);
    if (this.high !== 0 || tag < 8) {
      this.fail('a field has no valid number', from);
      return 0;
    }
    return tag;
  }

  /** Reads the length of a field of wire type 2 and returns where the field ends. */
  length(end: number): number {
    const from = this.pos;
    const length = this.varint(end);
    if (this.high !== 0 || length > end - this.pos) {
      this.fail('a field is longer than the message around it', from);
      return this.pos;
    }
    return this.pos + length;
  }

  fixed32(end: number): number {
    if (end - this.pos < 4) {
      this.fail('a 32-bit number is cut off');
      return 0;
    }
    const { bytes, pos } = this;
    this.pos += 4;
    return (bytes[pos] | (bytes[pos + 1] << 8) | (bytes[pos + 2] << 16) | (bytes[pos + 3] << 24)) >>> 0;
  }

  /** Returns the low half and sets `high`. */
  fixed64(end: number): number {
    if (end - this.pos < 8) {
      this.fail('a 64-bit number is cut off');
      return 0;
    }
    const lo = this.fixed32(end);
    this.high = this.fixed32(end);
    return lo;
  }

  /** Passes over the value of a field. */
  skip(tag: number, end: number): void {
    switch (tag & 7) {
      case WireType.varint:
        this.varint(end);
        break;
      case WireType.fixed64:
        this.fixed64(end);
        break;
      case WireType.bytes:
        this.pos = this.length(end);
        break;
      case WireType.fixed32:
        this.fixed32(end);
        break;
      case WireType.startGroup:
        this.#skipGroup(tag, end);
        break;
      default:
        this.fail(`wire type ${tag & 7} does not belong here`);
    }
  }

  /** Groups may nest, without recursion. */
  #skipGroup(tag: number, end: number): void {
    const open = [tag >>> 3];
    while (open.length > 0 && this.failure === undefined) {
      const inner = this.tag(end);
      if ((inner & 7) === WireType.startGroup) {
        open.push(inner >>> 3);
        if (open.length > MAX_GROUP_DEPTH) this.fail(`groups nest more than ${MAX_GROUP_DEPTH} deep`);
      } else if ((inner & 7) === WireType.endGroup) {
        if (open.pop() !== inner >>> 3) this.fail('a group ends that did not begin');
      } else if (this.failure === undefined) this.skip(inner, end);
    }
  }

  /** For the fields of a message that are known by number: an unknown one is skipped, a known one has a wrong type. */
  skipUnknown(tag: number, lastKnown: number, message: string, end: number): void {
    if (this.failure !== undefined) return;
    if (tag >>> 3 <= lastKnown) this.fail(`field ${tag >>> 3} of ${message} has wire type ${tag & 7}`);
    else this.skip(tag, end);
  }
}
