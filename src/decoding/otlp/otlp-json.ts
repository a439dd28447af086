import { err, ok, type Result } from '#domain/result.ts';
import { MAX_VALUE_DEPTH, readText } from './attributes.ts';
import { bytesOfBase64, bytesOfHex, doubleOf, exactInteger } from './json-scalars.ts';
import { JsonTokens } from './json-tokens.ts';
import { ANY_VALUE, type Field, type Message, RESOURCE_SPANS, TRACES_DATA, WIRE_TYPES } from './otlp-schema.ts';
import type { DecodeError } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

export interface TranscodedJson {
  /** The same TracesData as protobuf. */
  readonly bytes: Uint8Array;
  /**
   * Members of TracesData, ResourceSpans and ScopeSpans that OTLP/JSON does not know (`resource_spans`,
   * `instrumentationLibrarySpans`), each once: spans in them were not read.
   */
  readonly unknownMembers: readonly string[];
  /** Members at any place that OTLP/JSON knows under another name (`start_time_unix_nano`), each once: they were not read. */
  readonly misnamedMembers: readonly string[];
}

/**
 * OTLP/JSON text as protobuf bytes, so that there is one scanner for both. 64-bit integers are exact whether numbers or
 * strings. An id that is no hex of its length becomes one zero byte, of no id's length: the receiver rejects that one
 * span. What breaks the text or a type fails the whole, with the path of the place:
 * `resourceSpans[0].scopeSpans[0].spans[3].startTimeUnixNano: expected …`.
 */
export function otlpJsonToProto(text: Uint8Array): Result<Uint8Array, DecodeError> {
  const transcoded = transcodeOtlpJson(text);
  return transcoded.ok ? ok(transcoded.value.bytes) : transcoded;
}

/** As `otlpJsonToProto`, with what the sender should be told. */
export function transcodeOtlpJson(text: Uint8Array): Result<TranscodedJson, DecodeError> {
  const transcoder = new Transcoder(text);
  transcoder.run();
  const { failure } = transcoder.tokens;
  if (failure !== undefined) return err(failure);
  return ok({
    bytes: transcoder.writer.finish(),
    unknownMembers: [...transcoder.unknown],
    misnamedMembers: [...transcoder.misnamed],
  });
}

/**
 * One ResourceSpans object as a TracesData message with nothing else in it. Ids may be hex, as in OTLP, or base64, as in
 * the JSON of Tempo's trace by id.
 */
export function resourceSpansToProto(text: Uint8Array): Result<Uint8Array, DecodeError> {
  const transcoder = new Transcoder(text, { base64Ids: true });
  transcoder.resourceSpans();
  transcoder.tokens.end();
  const { failure } = transcoder.tokens;
  return failure === undefined ? ok(transcoder.writer.finish()) : err(failure);
}

/** Where JSON text is being read, and where protobuf goes. */
export interface Cursor {
  readonly tokens: JsonTokens;
  readonly writer: ProtobufWriter;
}

/**
 * Reads a list of ResourceSpans objects where the cursor stands and writes them as fields of a TracesData message; yields
 * after each. Ids as in `resourceSpansToProto`. A span that cannot be read is left out and told to `onDamage`; damage to
 * the text itself ends the reading and is in `tokens.failure`: what came before it is written.
 */
export function* readResourceSpans(
  cursor: Cursor,
  onDamage: (failure: DecodeError) => void,
): Generator<undefined, void> {
  const { tokens } = cursor;
  const transcoder = new Transcoder(cursor, { base64Ids: true, onDamage });
  tokens.expect('[');
  if (tokens.take(']')) return;
  let i = 0;
  do {
    tokens.path.push(i++);
    transcoder.resourceSpans();
    tokens.path.pop();
    yield;
  } while (tokens.take(','));
  tokens.expect(']');
}

const MAX_UNKNOWN = 10;
/** A longer name is nobody's mistake for one of ours. */
const MAX_NAME = 64;
/** Names of OTLP before 0.15, and what they became. */
const FORMER_NAMES: ReadonlyMap<string, string> = new Map([
  ['instrumentationLibrarySpans', 'scopeSpans'],
  ['instrumentationLibrary', 'scope'],
]);
const INVALID_ID = Uint8Array.of(0);
const utf8 = new TextEncoder();
/** Ids that are hex but of a wrong length are passed on up to here. */
const MAX_ID_DIGITS = 64;

interface TranscoderOptions {
  readonly base64Ids?: boolean;
  /** Takes what is wrong with a span, which is then left out; without it the first damage fails the whole. */
  readonly onDamage?: (failure: DecodeError) => void;
}

class Transcoder {
  readonly tokens: JsonTokens;
  readonly writer: ProtobufWriter;
  readonly unknown = new Set<string>();
  readonly misnamed = new Set<string>();
  readonly #base64Ids: boolean;
  readonly #onDamage: ((failure: DecodeError) => void) | undefined;

  constructor(text: Uint8Array | Cursor, { base64Ids = false, onDamage }: TranscoderOptions = {}) {
    this.#base64Ids = base64Ids;
    this.#onDamage = onDamage;
    this.tokens = 'tokens' in text ? text.tokens : new JsonTokens(text);
    this.writer = 'tokens' in text ? text.writer : new ProtobufWriter(Math.max(1024, text.length >>> 1));
  }

  run(): void {
    const { tokens } = this;
    if (tokens.kind() !== 'object') tokens.fail('expected an object');
    this.#members(TRACES_DATA, 0);
    tokens.end();
  }

  resourceSpans(): void {
    const mark = this.writer.open(0x0a);
    this.#members(RESOURCE_SPANS, 0);
    this.writer.close(mark);
  }

  /**
   * The members of an object as the fields of a message. Objects nest as deep as the messages do and values may: the
   * recursion is bounded. `values` counts AnyValues around it.
   */
  #members(message: Message, values: number): void {
    const { tokens } = this;
    const names = fieldNames(message);
    let seen = 0;
    tokens.expect('{');
    if (tokens.take('}')) return;
    do {
      const name = tokens.string();
      tokens.expect(':');
      const field = names.find(name.bytes, name.from, name.to) ?? this.#fieldOfFormerName(names, name);
      if (field === undefined) {
        this.#unknownMember(message, names, name);
        tokens.skip();
        continue;
      }
      tokens.path.push(field.name);
      if ((seen & (1 << field.number)) !== 0) tokens.fail('the member occurs twice');
      seen |= 1 << field.number;
      this.#value(field, values);
      tokens.path.pop();
    } while (tokens.take(','));
    tokens.expect('}');
  }

  /** In files: what protobuf's own JSON and OTLP before 0.15 call a field. */
  #fieldOfFormerName(names: FieldNames, { bytes, from, to }: { bytes: Uint8Array; from: number; to: number }) {
    if (this.#onDamage === undefined || to - from > 40) return undefined;
    const text = readText(bytes, from, to);
    const today = FORMER_NAMES.get(text) ?? text.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (today === text) return undefined;
    const name = utf8.encode(today);
    return names.find(name, 0, name.length);
  }

  #unknownMember(
    message: Message,
    names: FieldNames,
    { bytes, from, to }: { bytes: Uint8Array; from: number; to: number },
  ): void {
    if (to - from > MAX_NAME) return;
    const name = readText(bytes, from, to);
    if (this.misnamed.size < MAX_UNKNOWN && isMisnamed(name, names)) this.misnamed.add(name);
    if (!values(message) && this.unknown.size < MAX_UNKNOWN) this.unknown.add(name);
  }

  #value(field: Field, values: number): void {
    const { tokens } = this;
    const kind = tokens.kind();
    if (kind === 'null') {
      tokens.word('null');
      return;
    }
    if (!field.repeated) {
      this.#single(field, values);
      return;
    }
    tokens.expect('[');
    if (tokens.take(']')) return;
    let i = 0;
    do {
      tokens.path.push(i++);
      const from = tokens.pos;
      const mark = this.writer.length;
      if (tokens.kind() === 'null') tokens.fail('expected a value, not null');
      else this.#single(field, values);
      tokens.path.pop();
      if (tokens.failure !== undefined && field.name === 'spans') this.#leaveOut(from, mark);
    } while (tokens.take(','));
    tokens.expect(']');
  }

  /** Goes on behind a damaged span, if it can be told where that is. */
  #leaveOut(from: number, mark: number): void {
    const { tokens, writer } = this;
    const { failure } = tokens;
    if (this.#onDamage === undefined || failure === undefined) return;
    writer.truncate(mark);
    tokens.failure = undefined;
    tokens.pos = from;
    tokens.skip();
    if (tokens.failure === undefined) this.#onDamage(failure);
    else tokens.failure = failure;
  }

  #single(field: Field, values: number): void {
    const { tokens, writer } = this;
    const tag = (field.number << 3) | WIRE_TYPES[field.type];
    if (field.type !== 'message') {
      this.#scalar(field, tag);
      return;
    }
    const message = field.message();
    const depth = message === ANY_VALUE ? values + 1 : values;
    if (depth > MAX_VALUE_DEPTH) {
      tokens.fail(`the value nests more than ${MAX_VALUE_DEPTH} deep`);
      return;
    }
    const mark = writer.open(tag);
    this.#members(message, depth);
    writer.close(mark);
  }

  #scalar(field: Field, tag: number): void {
    const { tokens, writer } = this;
    const before = writer.length;
    writer.varint(tag);
    const start = writer.length;
    switch (field.type) {
      case 'string': {
        const text = tokens.string();
        writer.varint(text.to - text.from);
        writer.rawRange(text.bytes, text.from, text.to);
        break;
      }
      case 'id':
        this.#id();
        break;
      case 'bytes':
        this.#bytes();
        break;
      case 'bool':
        this.#bool();
        break;
      case 'double':
        this.#double();
        break;
      case 'enum':
        writer.varint64(this.#enum(field));
        break;
      case 'int64':
        writer.varint64(this.#integer(-(2n ** 63n), 2n ** 63n - 1n));
        break;
      case 'int32':
        writer.varint64(this.#integer(-(2n ** 31n), 2n ** 31n - 1n));
        break;
      case 'uint32':
        writer.varint64(this.#integer(0n, 2n ** 32n - 1n));
        break;
      case 'fixed32':
        writer.fixed32(Number(this.#integer(0n, 2n ** 32n - 1n)));
        break;
      case 'fixed64':
        writer.fixed64(this.#integer(0n, 2n ** 64n - 1n));
        break;
    }
    // As encoders do, zero values are left out, but for members of a oneof, where they say which one it is.
    if (!field.oneof && !field.repeated && writer.isZeroFrom(start)) writer.truncate(before);
  }

  #id(): void {
    const { tokens, writer } = this;
    let id: Uint8Array = INVALID_ID;
    const kind = tokens.kind();
    if (kind === 'string') {
      const text = tokens.string();
      if (text.to - text.from <= MAX_ID_DIGITS) id = this.#idOf(text) ?? INVALID_ID;
    } else if (kind === 'object' || kind === 'array' || kind === 'none') tokens.fail('expected a string of hex digits');
    else tokens.skip();
    writer.varint(id.length);
    writer.raw(id);
  }

  #idOf({ bytes, from, to }: { bytes: Uint8Array; from: number; to: number }): Uint8Array | undefined {
    const hex = bytesOfHex(bytes, from, to);
    // 8 and 16 bytes take 12 and 24 characters in base64, so that no id has both spellings.
    const isHex = hex !== undefined && (hex.length === 8 || hex.length === 16 || hex.length === 0);
    return isHex || !this.#base64Ids ? hex : bytesOfBase64(bytes, from, to);
  }

  #bytes(): void {
    const text = this.tokens.string();
    const bytes = bytesOfBase64(text.bytes, text.from, text.to);
    if (bytes === undefined) this.tokens.fail('expected base64');
    this.writer.varint(bytes?.length ?? 0);
    this.writer.raw(bytes ?? INVALID_ID);
  }

  #bool(): void {
    const { tokens, writer } = this;
    const kind = tokens.kind();
    if (kind === 'true' || kind === 'false') tokens.word(kind);
    else tokens.fail('expected true or false');
    writer.byte(kind === 'true' ? 1 : 0);
  }

  #double(): void {
    const value = doubleOf(this.#numberText());
    if (value === undefined) this.tokens.fail('expected a number, "NaN", "Infinity" or "-Infinity"');
    this.writer.double(value ?? 0);
  }

  #integer(least: bigint, most: bigint): bigint {
    const value = exactInteger(this.#numberText());
    if (value !== undefined && value >= least && value <= most) return value;
    this.tokens.fail(`expected an integer of ${least} … ${most}`);
    return 0n;
  }

  /** A number's text, whether it stands bare or as a string. */
  #numberText(): string {
    const { tokens } = this;
    const kind = tokens.kind();
    if (kind === 'number') return tokens.number();
    if (kind !== 'string') {
      tokens.fail('expected a number');
      return '';
    }
    const text = tokens.string();
    return readText(text.bytes, text.from, Math.min(text.to, text.from + 400));
  }

  /** An enum's number, as a number, as a string of one, or by name. */
  #enum(field: Field): bigint {
    const text = this.#numberText();
    const named = field.names.indexOf(text);
    if (named >= 0) return BigInt(named);
    const value = exactInteger(text);
    if (value !== undefined && value >= -(2n ** 31n) && value < 2n ** 31n) return value;
    this.tokens.fail(`expected a number or one of ${field.names.join(', ')}`);
    return 0n;
  }
}

const NO_FIELDS: readonly never[] = [];

/** Fields of a message by their name in bytes: JSON spells each name once per span. */
class FieldNames {
  readonly #fields = new Map<number, { readonly name: Uint8Array; readonly field: Field }[]>();

  constructor(message: Message) {
    for (const field of message.fields) {
      if (field === undefined) continue;
      const name = new TextEncoder().encode(field.name);
      const hash = hashName(name, 0, name.length);
      this.#fields.set(hash, [...(this.#fields.get(hash) ?? []), { name, field }]);
    }
  }

  find(bytes: Uint8Array, from: number, to: number): Field | undefined {
    for (const { name, field } of this.#fields.get(hashName(bytes, from, to)) ?? NO_FIELDS) {
      if (name.length === to - from && equals(name, bytes, from)) return field;
    }
    return undefined;
  }
}

function equals(name: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[from + i]) return false;
  return true;
}

function hashName(bytes: Uint8Array, from: number, to: number): number {
  return to === from ? -1 : (to - from) * 65_536 + bytes[from] * 256 + bytes[to - 1];
}

const fieldNamesOf = new Map<Message, FieldNames>();

function fieldNames(message: Message): FieldNames {
  const known = fieldNamesOf.get(message) ?? new FieldNames(message);
  fieldNamesOf.set(message, known);
  return known;
}

/** As protobuf has it (snake_case), or as OTLP once had it. */
function isMisnamed(name: string, names: FieldNames): boolean {
  if (FORMER_NAMES.has(name)) return true;
  if (!name.includes('_')) return false;
  const camel = new TextEncoder().encode(name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
  return names.find(camel, 0, camel.length) !== undefined;
}

/** Messages below a span: what they do not know holds no spans. */
function values(message: Message): boolean {
  return message.name !== 'TracesData' && message.name !== 'ResourceSpans' && message.name !== 'ScopeSpans';
}
