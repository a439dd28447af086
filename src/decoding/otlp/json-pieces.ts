import { err, ok, type Result } from '#domain/result.ts';
import type { DecodeError } from './protobuf-reader.ts';

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_MAP, CLOSE_MAP, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** What the maps around a list of ResourceSpans are called: OTLP, Tempo's trace by id in version 2 and in version 1. */
const LISTS: readonly string[] = ['resourceSpans', 'trace/resourceSpans', 'trace/batches', 'batches'];
/** No more is kept of a string that is not part of a piece. */
const MOST_LETTERS = 4_096;
/** Maps and lists around the spans; deeper ones are passed over. */
const LEVELS = 3;

interface Level {
  readonly isList: boolean;
  /** Name whose value is being read. */
  name: string | undefined;
}

/** Takes one ResourceSpans: JSON text in bytes[from, to), which begins at `offset` of the whole. */
export type TakePiece = (bytes: Uint8Array, from: number, to: number, offset: number) => DecodeError | undefined;

/**
 * Cuts the JSON text of a trace into its ResourceSpans while it arrives. What is in a piece is for its reader to judge;
 * here only strings and brackets count.
 */
export class JsonPieces {
  /** What Tempo says of its answer, beside the spans. */
  status = '';
  message = '';
  readonly #take: TakePiece;
  readonly #levels: Level[] = [];
  #depth = 0;
  /** Depth at which the piece that is being read stands; 0 outside of one. */
  #pieceDepth = 0;
  /** The piece so far, where it began in an earlier chunk. */
  #held = new Uint8Array(1024);
  #heldLength = 0;
  #pieceOffset = 0;
  #inString = false;
  #escaped = false;
  #letters: number[] = [];
  #offset = 0;
  #failure: DecodeError | undefined;

  constructor(take: TakePiece) {
    this.#take = take;
  }

  push(chunk: Uint8Array): Result<void, DecodeError> {
    let pieceFrom = 0;
    for (let at = 0; at < chunk.length && this.#failure === undefined; at++) {
      const byte = chunk[at];
      if (this.#inString) {
        this.#inText(byte);
        continue;
      }
      if (byte === QUOTE && this.#depth > 0) {
        this.#inString = true;
        this.#letters = [];
      } else if (byte === OPEN_MAP || byte === OPEN_LIST) {
        if (this.#open(byte === OPEN_LIST, this.#offset + at)) pieceFrom = at;
      } else if (byte === CLOSE_MAP || byte === CLOSE_LIST) {
        this.#depth--;
        if (this.#pieceDepth === 0) this.#close(byte === CLOSE_LIST, this.#offset + at);
        else if (this.#depth < this.#pieceDepth) this.#end(chunk, pieceFrom, at + 1);
      } else if (this.#pieceDepth === 0) this.#between(byte, this.#offset + at);
    }
    if (this.#pieceDepth > 0) this.#hold(chunk.subarray(pieceFrom));
    this.#offset += chunk.length;
    return this.#failure === undefined ? ok(undefined) : err(this.#failure);
  }

  /** To be called after the last bytes. */
  finish(): Result<void, DecodeError> {
    if (this.#offset === 0) this.#fail('expected an object', 0);
    else if (this.#depth > 0 || this.#inString) this.#fail('the trace is cut off', this.#offset);
    return this.#failure === undefined ? ok(undefined) : err(this.#failure);
  }

  #inText(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      this.#tell();
      return;
    }
    if (this.#pieceDepth === 0 && this.#letters.length < MOST_LETTERS) this.#letters.push(byte);
  }

  /** Goes one level in; says whether a piece begins here. */
  #open(isList: boolean, offset: number): boolean {
    this.#depth++;
    if (this.#pieceDepth > 0) return false;
    if (!isList && this.#levels.length === this.#depth - 1 && LISTS.includes(this.#place())) {
      this.#pieceDepth = this.#depth;
      this.#pieceOffset = offset;
      this.#heldLength = 0;
      return true;
    }
    if (this.#depth === 1 && isList) this.#fail('expected an object', offset);
    if (this.#depth <= LEVELS) this.#levels.push({ isList, name: undefined });
    return false;
  }

  /** Names of the maps around this place, if it is directly in a list. */
  #place(): string {
    const list = this.#levels.at(-1);
    if (list?.isList !== true) return '';
    return this.#levels
      .slice(0, -1)
      .map(level => (level.isList ? '[]' : (level.name ?? '')))
      .join('/');
  }

  #close(isList: boolean, offset: number): void {
    if (this.#depth < 0) this.#fail('there is more text after the end', offset);
    if (this.#depth >= LEVELS) return;
    if (this.#levels.pop()?.isList !== isList) this.#fail(`expected "${isList ? '}' : ']'}"`, offset);
  }

  #between(byte: number, offset: number): void {
    if (this.#depth === 0) {
      // White space, or a byte order mark at the very beginning.
      const isBlank = byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || (offset < 3 && byte >= 0xbb);
      if (!isBlank) this.#fail(offset < 3 ? 'expected an object' : 'there is more text after the end', offset);
      return;
    }
    const level = this.#depth <= LEVELS ? this.#levels[this.#depth - 1] : undefined;
    if (level === undefined || level.isList) return;
    if (byte === COLON) level.name = this.#text();
    else if (byte === COMMA) level.name = undefined;
  }

  /** Notes a string that is the value of a name of the outermost map. */
  #tell(): void {
    if (this.#depth !== 1 || this.#pieceDepth > 0) return;
    const { name } = this.#levels[0];
    if (name === 'status') this.status = this.#text();
    else if (name === 'message') this.message = this.#text();
  }

  #text(): string {
    const raw = new TextDecoder().decode(Uint8Array.from(this.#letters));
    try {
      return JSON.parse(`"${raw}"`) as string;
    } catch {
      return raw;
    }
  }

  #end(chunk: Uint8Array, from: number, to: number): void {
    this.#pieceDepth = 0;
    let failure: DecodeError | undefined;
    if (this.#heldLength === 0) failure = this.#take(chunk, from, to, this.#pieceOffset);
    else {
      this.#hold(chunk.subarray(0, to));
      failure = this.#take(this.#held, 0, this.#heldLength, this.#pieceOffset);
    }
    if (failure !== undefined) this.#failure ??= failure;
  }

  #hold(bytes: Uint8Array): void {
    const length = this.#heldLength + bytes.length;
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#held.length));
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(bytes, this.#heldLength);
    this.#heldLength = length;
  }

  #fail(message: string, offset: number): void {
    this.#failure ??= { message, offset };
  }
}
