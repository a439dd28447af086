import type { DecodeError } from '#decoding/otlp/protobuf-reader.ts';

/** The bytes of a trace could not be read. */
export class DecodeFailure extends Error {
  override readonly name = 'DecodeFailure';
  readonly offset: number;
  readonly tooLarge: boolean;
  constructor({ message, offset }: DecodeError, tooLarge: boolean) {
    super(message);
    this.offset = offset;
    this.tooLarge = tooLarge;
  }
}
