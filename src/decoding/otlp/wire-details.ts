import { type FilePieces, filePieces, type TraceFileRequest } from '#decoding/export/file-pieces.ts';
import type { AttributeColumn, SpanDetail, SpanDetails, SpanTerm } from '#domain/trace/span-details.ts';
import type { WireRanges } from '#domain/trace/wire-reader.ts';
import { AttributeIndex } from './attribute-index.ts';
import { nextTurn } from './next-turn.ts';
import { protoToOtlpJson } from './otlp-to-json.ts';
import { readSpanDetail } from './read-span-detail.ts';
import { arrivedSpans, spansToTraces } from './spans-to-traces.ts';

/** Reads what the columns leave out from the messages themselves, when it is asked for. */
export class WireDetails implements SpanDetails {
  #wire: WireRanges | undefined;
  #index: Promise<AttributeIndex> | undefined;

  constructor(wire: WireRanges) {
    this.#wire = wire;
  }

  async span(row: number): Promise<SpanDetail> {
    const { bytes, from, to } = this.#ranges();
    return readSpanDetail(bytes, from[row], to[row]);
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

/** The row's Span message within its resource and scope: a TracesData message of one span. */
function messageOfRow(wire: WireRanges, row: number): Uint8Array {
  const { bytes, from, to, resource, scope, resources, scopes } = wire;
  const one = <Column extends Uint32Array | Int32Array>(column: Column) => column.subarray(row, row + 1) as Column;
  return spansToTraces({
    ...{ bytes, resources, scopes },
    ...{ from: one(from), to: one(to), resource: one(resource), scope: one(scope) },
  });
}
