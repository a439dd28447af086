/** One field of a protobuf message: its content is bytes [from, to) of the buffer. */
export interface Field {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  /** Value of a varint; 0n for the other wire types. */
  readonly varint: bigint;
}

/**
 * The fields of the message at [from, to), in order. The tests read what an SDK sent with this, and not with the
 * product's decoder, so that they do not agree by being wrong alike.
 */
export function* fieldsOf(bytes: Buffer, from = 0, to = bytes.length): Generator<Field> {
  let at = from;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < to) {
    const tag = Number(varint());
    const number = tag >>> 3;
    const wireType = tag & 7;
    if (wireType === 0) {
      yield { number, from: at, to: at, varint: varint() };
      continue;
    }
    const length = wireType === 1 ? 8 : wireType === 5 ? 4 : wireType === 2 ? Number(varint()) : Number.NaN;
    if (!(at + length <= to)) throw new Error(`bad field ${number} of wire type ${wireType} at byte ${at}`);
    yield { number, from: at, to: at + length, varint: 0n };
    at += length;
  }
}
