import { type FilePieces, filePieces, type TraceFileRequest } from '#decoding/export/file-pieces.ts';
import type { AttributeColumn, SpanDetail, SpanDetails, SpanTerm } from '#domain/trace/span-details.ts';
import type { Attribute } from '#domain/trace/trace-table.ts';
import type { WireRanges } from '#domain/trace/wire-reader.ts';
import { AttributeIndex } from './attribute-index.ts';
import { readAttribute, readAttributes } from './attributes.ts';
import { nextTurn } from './next-turn.ts';
import { readField, readNumber } from './otlp-reader.ts';
import { protoToOtlpJson } from './otlp-to-json.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { arrivedSpans, spansToTraces } from './spans-to-traces.ts';

/** Reads what the columns leave out from the messages themselves, when it is asked for. */
export class WireDetails implements SpanDetails {
  #wire: WireRanges | undefined;
  #index: Promise<AttributeIndex> | undefined;

  constructor(wire: WireRanges) {
    this.#wire = wire;
  }

  async span(row: number): Promise<SpanDetail> {
    return readSpanDetail(this.#ranges(), row);
  }

  async rawJson(row: number): Promise<string> {
    return protoToOtlpJson(messageOfRow(this.#ranges(), row), { indent: 2 });
  }

  async otlp(): Promise<Uint8Array> {
    return spansToTraces(arrivedSpans(this.#ranges()));
  }

  /** The trace as a file. The pieces are read from what is held now, also after a release. */
  file(request: TraceFileRequest): FilePieces {
    return filePieces(this.#ranges(), request);
  }

  async column(key: string): Promise<AttributeColumn> {
    return (await this.index()).column(key);
  }

  async match(terms: readonly SpanTerm[]): Promise<readonly Uint8Array[]> {
    const index = await this.index();
    return terms.map(term => index.match(term));
  }

  /** After the messages that wait for this thread have been taken, when `match` could answer at once. */
  async turn(): Promise<void> {
    await this.index();
    await nextTurn();
  }

  /**
   * What `column` and `match` read, made on first use. It takes about as long as decoding did: in short turns, between
   * which the thread answers others.
   */
  index(): Promise<AttributeIndex> {
    this.#index ??= this.#makeIndex();
    return this.#index;
  }

  release(): void {
    this.#wire = undefined;
    this.#index = undefined;
  }

  async #makeIndex(): Promise<AttributeIndex> {
    const steps = AttributeIndex.inSteps(this.#ranges());
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value;
      await nextTurn();
      this.#ranges();
    }
  }

  #ranges(): WireRanges {
    if (this.#wire === undefined) throw new Error('the details of this trace were released');
    return this.#wire;
  }
}

function readSpanDetail({ bytes, from, to }: WireRanges, row: number): SpanDetail {
  const end = to[row];
  const reader = new ProtobufReader(bytes, from[row]);
  const attributes: Attribute[] = [];
  const events: SpanDetail['events'][number][] = [];
  const links: SpanDetail['links'][number][] = [];
  let kind = 0;
  let statusCode = 0;
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 0x30) {
      kind = reader.varint(end) | 0;
      continue;
    }
    if ((tag & 7) !== 2) {
      reader.skip(tag, end);
      continue;
    }
    const fieldEnd = reader.length(end);
    const at = reader.pos;
    reader.pos = fieldEnd;
    if (tag === 0x4a) attributes.push(readAttribute(bytes, at, fieldEnd));
    else if (tag === 0x7a) statusCode = readNumber(bytes, at, fieldEnd, 3, statusCode) | 0;
    else if (tag === 0x5a) {
      const droppedAttributes = readNumber(bytes, at, fieldEnd, 4);
      events.push({ attributes: readAttributes(bytes, at, fieldEnd, 3), droppedAttributes });
    } else if (tag === 0x6a) {
      const droppedAttributes = readNumber(bytes, at, fieldEnd, 5);
      const traceState = readField(bytes, at, fieldEnd, 3);
      links.push({ attributes: readAttributes(bytes, at, fieldEnd, 4), traceState, droppedAttributes });
    }
  }
  return { attributes, events, links, kind, statusCode };
}

/** The row's Span message within its resource and scope: a TracesData message of one span. */
function messageOfRow(wire: WireRanges, row: number): Uint8Array {
  const { bytes, from, to, resource, scope, resources, scopes } = wire;
  const one = <Column extends Uint32Array | Int32Array>(column: Column) => column.subarray(row, row + 1) as Column;
  return spansToTraces({
    ...{ bytes, resources, scopes },
    ...{ from: one(from), to: one(to), resource: one(resource), scope: one(scope) },
  });
}
