import { type ForeignSpans, jaegerTrace } from '#decoding/jaeger/jaeger-trace.ts';
import { readText } from '#decoding/otlp/attributes.ts';
import { JsonTokens } from '#decoding/otlp/json-tokens.ts';
import { writeTraces } from '#decoding/otlp/otlp-encode.ts';
import { readResourceSpans } from '#decoding/otlp/otlp-json.ts';
import type { DecodeError } from '#decoding/otlp/protobuf-reader.ts';
import { ProtobufWriter } from '#decoding/otlp/protobuf-writer.ts';
import { zipkinSpans } from '#decoding/zipkin/zipkin-spans.ts';
import { type DecodedFile, type FileFormat, type FileProblem, MAX_PROBLEMS } from './decoded-file.ts';
import { parseExactly } from './foreign-values.ts';
import { mendedJson } from './mend-json.ts';

/** Reads JSON, one document or many after each other (JSON lines). */
export function* decodeJsonFile(bytes: Uint8Array): Generator<number, DecodedFile> {
  const reader = new JsonFileReader(bytes);
  yield* reader.documents();
  const { format, problems, problemCount } = reader;
  return { format, bytes: reader.writer.finish(), problems, problemCount };
}

/** What holds ResourceSpans, in OTLP, in protobuf's own spelling and in Tempo's trace by id. */
const RESOURCE_SPANS: ReadonlySet<string> = new Set(['resourceSpans', 'resource_spans', 'batches']);

/** Envelopes hold traces at most so many levels down. */
const MAX_ENVELOPES = 3;
const LF = 0x0a;

/** What people save instead of a trace, by a member that gives it away. */
const NO_TRACES: Readonly<Record<string, string>> = {
  resourceLogs: 'these are logs, not traces',
  resourceMetrics: 'these are metrics, not traces',
  traces: 'this is a list of search results; open the traces themselves',
  error: 'this is an error message, not a trace',
  errors: 'this is an error message, not a trace',
};

class JsonFileReader {
  format: FileFormat | undefined;
  readonly problems: FileProblem[] = [];
  problemCount = 0;
  readonly writer: ProtobufWriter;
  #tokens: JsonTokens;
  #documents = 0;
  #hint = '';
  /** A list of line starts is made when the first problem asks for one. */
  #lineStarts: number[] | undefined;

  constructor(bytes: Uint8Array) {
    this.#tokens = new JsonTokens(bytes);
    this.writer = new ProtobufWriter(Math.max(1024, bytes.length >>> 1));
  }

  *documents(): Generator<number, void> {
    const { bytes } = this.#tokens;
    while (this.#tokens.kind() !== 'none' || this.#tokens.pos < bytes.length) {
      const from = this.#tokens.pos;
      const found = yield* this.#value(0);
      const { failure } = this.#tokens;
      if (failure !== undefined) {
        // What was whole before the damage has been written.
        this.#problem(failure.message, failure.offset);
        if (!this.#goToNextLine(from)) return;
      } else if (!found) {
        const message = this.#hint === '' ? 'this JSON is no trace of a known format' : this.#hint;
        this.#problem(message, from);
      } else if (++this.#documents === 2 && this.format === 'OTLP JSON') this.format = 'OTLP JSONL';
      yield this.#tokens.pos;
    }
  }

  /** After damage: on to the next line that is a document of its own, if there is one. */
  #goToNextLine(from: number): boolean {
    const { bytes } = this.#tokens;
    for (let end = bytes.indexOf(LF, from); end >= 0; end = bytes.indexOf(LF, end + 1)) {
      if (!isWholeLine(bytes, end + 1)) continue;
      this.#tokens = new JsonTokens(bytes);
      this.#tokens.pos = end + 1;
      return true;
    }
    return false;
  }

  /** Reads the value at the cursor; says whether it was something that holds traces, be they none. */
  *#value(depth: number): Generator<number, boolean> {
    const tokens = this.#tokens;
    const kind = tokens.kind();
    if (kind === 'array') return yield* this.#array();
    if (kind !== 'object') {
      tokens.fail('expected an object or a list');
      return false;
    }
    const from = tokens.pos;
    let found = false;
    tokens.expect('{');
    if (tokens.take('}')) return false;
    do {
      const { bytes, from: nameFrom, to } = tokens.string();
      const name = readText(bytes, nameFrom, Math.min(to, nameFrom + 64));
      tokens.expect(':');
      if (tokens.failure !== undefined) return false;
      const value = tokens.kind();
      if (name === 'traceID' || name === 'processes' || (name === 'spans' && value === 'array')) {
        tokens.pos = from;
        this.#jaeger();
        return true;
      }
      if (name === 'traceId' || (name === 'id' && value === 'string')) {
        tokens.pos = from;
        this.#foreign('Zipkin JSON', json => zipkinSpans([json]));
        return true;
      }
      tokens.path.push(name);
      if (RESOURCE_SPANS.has(name) && value === 'array') {
        this.format ??= name === 'batches' || tokens.path.includes('trace') ? 'Tempo JSON' : 'OTLP JSON';
        const onDamage = ({ message, offset }: DecodeError) => this.#problem(message, offset);
        for (const _ of readResourceSpans({ tokens, writer: this.writer }, onDamage)) yield tokens.pos;
        found = true;
      } else if ((name === 'trace' || name === 'result') && value === 'object' && depth < MAX_ENVELOPES) {
        found = (yield* this.#value(depth + 1)) || found;
      } else if (name === 'data' && (value === 'array' || value === 'object')) {
        found = (value === 'array' ? yield* this.#array() : yield* this.#value(depth + 1)) || found;
      } else {
        if (Object.hasOwn(NO_TRACES, name) && value !== 'null') this.#hint ||= NO_TRACES[name];
        tokens.skip();
      }
      tokens.path.pop();
    } while (tokens.take(','));
    tokens.expect('}');
    return found;
  }

  /** Zipkin's spans or lists of them as one; otherwise each element is a document. */
  *#array(): Generator<number, boolean> {
    const tokens = this.#tokens;
    const from = tokens.pos;
    tokens.expect('[');
    if (tokens.take(']')) return true;
    if (this.#holdsZipkin()) {
      tokens.pos = from;
      this.#foreign('Zipkin JSON', json => zipkinSpans((json as unknown[]).flat()));
      return true;
    }
    let found = false;
    let i = 0;
    do {
      tokens.path.push(i++);
      found = (yield* this.#value(1)) || found;
      tokens.path.pop();
      yield tokens.pos;
    } while (tokens.take(','));
    tokens.expect(']');
    return found;
  }

  /** Whether the first element of a list is a span of Zipkin's or a list of such; moves the cursor. */
  #holdsZipkin(): boolean {
    const look = new JsonTokens(this.#tokens.bytes);
    look.pos = this.#tokens.pos;
    while (look.take('[')) {
      if (look.take(']')) look.take(',');
    }
    if (!look.take('{')) return false;
    do {
      const { bytes, from, to } = look.string();
      const name = readText(bytes, from, Math.min(to, from + 64));
      look.expect(':');
      if (name === 'traceId' || name === 'localEndpoint') return true;
      if (look.failure !== undefined || name === 'traceID' || name === 'spans' || name === 'resourceSpans')
        return false;
      look.skip();
    } while (look.take(','));
    return false;
  }

  #jaeger(): void {
    this.#foreign('Jaeger JSON', jaegerTrace);
  }

  /** Reads the value at the cursor with the platform's parser: its spans are objects for a moment. */
  #foreign(format: FileFormat, read: (json: unknown) => ForeignSpans): void {
    const tokens = this.#tokens;
    const from = tokens.pos;
    tokens.skip();
    const { failure } = tokens;
    const text =
      failure === undefined ? readText(tokens.bytes, from, tokens.pos) : mendedJson(tokens.bytes, from, failure.offset);
    if (text === undefined) return;
    let json: unknown;
    try {
      json = parseExactly(text);
    } catch (error) {
      this.#problem(error instanceof Error ? error.message : 'not JSON', from);
      return;
    }
    this.format ??= format;
    const { spans, problems } = read(json);
    const byResource = Map.groupBy(spans, span => span.resource);
    for (const group of byResource.values()) writeTraces(this.writer, group);
    for (const problem of problems) this.#problem(`${pathOf(tokens.path)}${problem}`, from);
  }

  #problem(message: string, offset: number): void {
    this.problemCount++;
    if (this.problems.length >= MAX_PROBLEMS) return;
    const { line, column } = this.#placeOf(offset);
    this.problems.push({ message, offset, line, column });
  }

  #placeOf(offset: number): { readonly line: number; readonly column: number } {
    const { bytes } = this.#tokens;
    if (this.#lineStarts === undefined) {
      this.#lineStarts = [0];
      for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) this.#lineStarts.push(at + 1);
    }
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#lineStarts[middle] <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - this.#lineStarts[low] + 1 };
  }
}

/** Whether the line looks like a document of its own. */
function isWholeLine(bytes: Uint8Array, from: number): boolean {
  let to = bytes.indexOf(LF, from);
  if (to < 0) to = bytes.length;
  while (to > from && bytes[to - 1] <= 0x20) to--;
  const isMap = bytes[from] === 0x7b && bytes[from + 1] === 0x22 && bytes[to - 1] === 0x7d;
  if (!isMap) return false;
  const line = new JsonTokens(bytes.subarray(from, to));
  line.skip();
  line.end();
  return line.failure === undefined;
}

function pathOf(path: readonly (string | number)[]): string {
  const text = path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${part}`))
    .join('');
  return text === '' ? '' : `${text}.`;
}
