import type { DecodeError } from './protobuf-reader.ts';

/** What the next JSON value is, by its first character; `none` at the end or where no value can begin. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null' | 'none';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MAX_SKIP_DEPTH = 10_000;

/**
 * A cursor over JSON text in UTF-8. Like `ProtobufReader` it never throws: the first error is kept in `failure` and the
 * cursor jumps past the end, where every further expectation fails quietly.
 */
export class JsonTokens {
  readonly bytes: Uint8Array;
  pos: number;
  failure: DecodeError | undefined;
  /** Where the value being read stands, for messages: `resourceSpans`, 0, `resource`, … */
  readonly path: (string | number)[] = [];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    this.pos = bom ? 3 : 0;
  }

  fail(message: string): void {
    const path = pathText(this.path);
    const offset = Math.min(this.pos, this.bytes.length);
    this.failure ??= path === '' ? { message, offset } : { message: `${path}: ${message}`, offset, path };
    this.pos = this.bytes.length;
  }

  kind(): JsonKind {
    switch (this.#afterSpace()) {
      case 0x7b:
        return 'object';
      case 0x5b:
        return 'array';
      case QUOTE:
        return 'string';
      case 0x74:
        return 'true';
      case 0x66:
        return 'false';
      case 0x6e:
        return 'null';
      case 0x2d:
        return 'number';
      default:
        return isDigit(this.bytes[this.pos]) ? 'number' : 'none';
    }
  }

  /** Passes the character if it is next (after white space). */
  take(character: '{' | '}' | '[' | ']' | ',' | ':'): boolean {
    if (this.#afterSpace() !== character.charCodeAt(0)) return false;
    this.pos++;
    return true;
  }

  expect(character: '{' | '}' | '[' | ']' | ',' | ':'): void {
    if (!this.take(character)) this.fail(`expected "${character}"`);
  }

  /** Passes `true`, `false` or `null`, which `kind` has announced. */
  word(word: 'true' | 'false' | 'null'): void {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.pos + i] !== word.charCodeAt(i)) {
        this.fail(`expected ${word}`);
        return;
      }
    }
    this.pos += word.length;
  }

  /** Passes a number and returns its text. */
  number(): string {
    const from = this.pos;
    if (this.bytes[this.pos] === 0x2d) this.pos++;
    const leadingZero = this.bytes[this.pos] === 0x30;
    const digits = this.#digits();
    if (digits === 0 || (leadingZero && digits > 1)) this.fail('not a number');
    if (this.bytes[this.pos] === 0x2e) {
      this.pos++;
      if (this.#digits() === 0) this.fail('not a number');
    }
    if ((this.bytes[this.pos] | 0x20) === 0x65) {
      this.pos++;
      if (this.bytes[this.pos] === 0x2b || this.bytes[this.pos] === 0x2d) this.pos++;
      if (this.#digits() === 0) this.fail('not a number');
    }
    return this.failure === undefined ? ascii(this.bytes, from, this.pos) : '0';
  }

  /** Passes a string. Where it holds no escapes it is bytes[from, to) of the text, otherwise of a new buffer. */
  string(): { bytes: Uint8Array; from: number; to: number } {
    const { bytes } = this;
    if (this.#afterSpace() !== QUOTE) {
      this.fail('expected a string');
      return { bytes, from: 0, to: 0 };
    }
    const from = ++this.pos;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.pos = at + 1;
        return { bytes, from, to: at };
      }
      if (byte === BACKSLASH) return this.#escaped(from, at);
      if (byte < 0x20) break;
    }
    this.fail('a string does not end');
    return { bytes, from: 0, to: 0 };
  }

  /** Passes over any value. Nesting costs a byte per level, not a stack frame. */
  skip(): void {
    const open: number[] = [];
    do {
      const kind = this.kind();
      if (kind === 'object' || kind === 'array') {
        this.pos++;
        if (!this.take(kind === 'object' ? '}' : ']')) {
          open.push(kind === 'object' ? 1 : 0);
          if (open.length > MAX_SKIP_DEPTH) this.fail('nests too deep');
          else if (kind === 'object') this.#skipName();
          continue;
        }
      } else this.#skipScalar(kind);
      while (open.length > 0 && this.failure === undefined) {
        const inObject = open.at(-1) === 1;
        if (this.take(',')) {
          if (inObject) this.#skipName();
          break;
        }
        this.expect(inObject ? '}' : ']');
        open.pop();
      }
    } while (open.length > 0 && this.failure === undefined);
  }

  /** Fails unless nothing but white space is left. */
  end(): void {
    this.#afterSpace();
    if (this.pos < this.bytes.length) this.fail('there is more text after the end');
  }

  #skipName(): void {
    this.string();
    this.expect(':');
  }

  #skipScalar(kind: JsonKind): void {
    if (kind === 'string') this.string();
    else if (kind === 'number') this.number();
    else if (kind === 'true' || kind === 'false' || kind === 'null') this.word(kind);
    else this.fail('expected a value');
  }

  #digits(): number {
    const from = this.pos;
    while (isDigit(this.bytes[this.pos])) this.pos++;
    return this.pos - from;
  }

  #afterSpace(): number {
    const { bytes } = this;
    let byte = bytes[this.pos];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++this.pos];
    return byte;
  }

  /** The rest of a string from its first backslash on. */
  #escaped(from: number, firstEscape: number): { bytes: Uint8Array; from: number; to: number } {
    const { bytes } = this;
    let end = firstEscape;
    while (end < bytes.length && bytes[end] !== QUOTE && bytes[end] >= 0x20) end += bytes[end] === BACKSLASH ? 2 : 1;
    if (end >= bytes.length || bytes[end] !== QUOTE) {
      this.pos = from;
      this.fail('a string does not end');
      return { bytes, from: 0, to: 0 };
    }
    // An escape is never shorter than what it stands for.
    const text = new Uint8Array(end - from);
    text.set(bytes.subarray(from, firstEscape));
    let length = firstEscape - from;
    for (let at = firstEscape; at < end; ) {
      if (bytes[at] !== BACKSLASH) {
        text[length++] = bytes[at++];
        continue;
      }
      const simple = SIMPLE_ESCAPES[bytes[at + 1]];
      if (simple !== undefined) {
        text[length++] = simple;
        at += 2;
        continue;
      }
      const unit = bytes[at + 1] === 0x75 ? hex4(bytes, at + 2, end) : -1;
      if (unit < 0) {
        this.pos = at;
        this.fail('not an escape sequence');
        return { bytes, from: 0, to: 0 };
      }
      at += 6;
      let point = unit;
      if (unit >= 0xd800 && unit < 0xdc00 && bytes[at] === BACKSLASH && bytes[at + 1] === 0x75) {
        const low = hex4(bytes, at + 2, end);
        if (low >= 0xdc00 && low < 0xe000) {
          point = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
          at += 6;
        }
      }
      length = writeCodePoint(text, length, point >= 0xd800 && point < 0xe000 ? 0xfffd : point);
    }
    this.pos = end + 1;
    return { bytes: text, from: 0, to: length };
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

const SIMPLE_ESCAPES: Readonly<Record<number, number>> = {
  [QUOTE]: QUOTE,
  [BACKSLASH]: BACKSLASH,
  47: 0x2f,
  98: 0x08,
  102: 0x0c,
  110: 0x0a,
  114: 0x0d,
  116: 0x09,
};

function hex4(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return -1;
  const digits = ascii(bytes, at, at + 4);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}

function writeCodePoint(text: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    text[at] = point;
    return at + 1;
  }
  if (point < 0x800) {
    text[at] = 0xc0 | (point >>> 6);
    text[at + 1] = 0x80 | (point & 0x3f);
    return at + 2;
  }
  if (point < 0x1_0000) {
    text[at] = 0xe0 | (point >>> 12);
    text[at + 1] = 0x80 | ((point >>> 6) & 0x3f);
    text[at + 2] = 0x80 | (point & 0x3f);
    return at + 3;
  }
  text[at] = 0xf0 | (point >>> 18);
  text[at + 1] = 0x80 | ((point >>> 12) & 0x3f);
  text[at + 2] = 0x80 | ((point >>> 6) & 0x3f);
  text[at + 3] = 0x80 | (point & 0x3f);
  return at + 4;
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

function pathText(path: readonly (string | number)[]): string {
  const text = path.map(part => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text.slice(1);
}
