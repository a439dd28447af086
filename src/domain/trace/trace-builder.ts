import type { TraceId } from '#domain/ids.ts';
import { assembleTable } from './assemble-table.ts';
import { ByteStrings } from './byte-strings.ts';
import { gatherSigned, gatherUnsigned } from './gather.ts';
import { SpanColumns } from './span-columns.ts';
import type { SpanDetails } from './span-details.ts';
import type { SpanFields, SpanSink } from './span-sink.ts';
import { OTHER_ENUM, type ResourceRow, type ScopeRow, SpanKind, StatusCode, type TraceTable } from './trace-table.ts';
import type { EventFields, LinkFields, SpanRanges, WireMessage, WireRanges, WireReader } from './wire-reader.ts';

/**
 * Collects the spans of one trace from the OTLP decoder and makes its table. All ranges it is given must refer to one
 * buffer; the buffer may move as it grows (each call passes it), offsets may not. Each span is kept whatever its trace
 * id says: who asks for a trace by id gets its spans.
 */
export class TraceBuilder implements SpanSink {
  readonly #traceId: TraceId;
  readonly #reader: WireReader;
  readonly #spans = new SpanColumns(count => this.#capacityAfter(count));
  readonly #strings: ByteStrings;
  readonly #resources: Interned<ResourceRow>;
  readonly #scopes: Interned<ScopeRow>;
  readonly #event: EventFields = { timeLo: 0, timeHi: 0, nameFrom: 0, nameTo: 0 };
  readonly #link: LinkFields = { traceIdFrom: 0, traceIdTo: 0, spanIdFrom: 0, spanIdTo: 0 };
  readonly #expectedBytes: number | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Where in the bytes the last span ends. */
  #reached = 0;

  /** `expectedBytes` is the length of what is to come, where that is known: columns are made for as many spans. */
  constructor(traceId: TraceId, reader: WireReader, expectedBytes?: number) {
    this.#traceId = traceId;
    this.#reader = reader;
    this.#expectedBytes = expectedBytes;
    this.#strings = new ByteStrings(reader.text);
    this.#resources = new Interned(reader.resource, reader.text);
    this.#scopes = new Interned(reader.scope, reader.text);
  }

  get spanCount(): number {
    return this.#spans.count;
  }

  resource(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): void {
    this.#resources.open(bytes, from, to, schemaUrlFrom, schemaUrlTo);
  }

  scope(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): void {
    this.#scopes.open(bytes, from, to, schemaUrlFrom, schemaUrlTo);
  }

  span(span: SpanFields): void {
    const { bytes } = span;
    const spans = this.#spans;
    this.#reached = span.to;
    const i = spans.add();
    this.#bytes = bytes;
    readId(bytes, span.spanIdFrom, span.spanIdTo, spans.spanId, i);
    readId(bytes, span.parentSpanIdFrom, span.parentSpanIdTo, spans.parentSpanId, i);
    spans.start[2 * i] = span.startLo;
    spans.start[2 * i + 1] = span.startHi;
    spans.end[2 * i] = span.endLo;
    spans.end[2 * i + 1] = span.endHi;
    spans.name[i] = this.#strings.intern(bytes, span.nameFrom, span.nameTo);
    const statusMessage = this.#strings.intern(bytes, span.statusMessageFrom, span.statusMessageTo);
    const traceState = this.#strings.intern(bytes, span.traceStateFrom, span.traceStateTo);
    const scope = this.#scopes.row();
    spans.resource[i] = this.#resources.row();
    spans.kind[i] = span.kind >= 0 && span.kind <= SpanKind.consumer ? span.kind : OTHER_ENUM;
    spans.status[i] = span.statusCode >= 0 && span.statusCode <= StatusCode.error ? span.statusCode : OTHER_ENUM;
    // What is 0 in most spans is only written where it is not, see `SpanColumns.add`.
    if (statusMessage !== 0) spans.statusMessage[i] = statusMessage;
    if (traceState !== 0) spans.traceState[i] = traceState;
    if (scope !== 0) spans.scope[i] = scope;
    if (span.flags !== 0) spans.w3cFlags[i] = span.flags;
    if (span.droppedAttributes !== 0) spans.droppedAttributes[i] = span.droppedAttributes;
    if (span.droppedEvents !== 0) spans.droppedEvents[i] = span.droppedEvents;
    if (span.droppedLinks !== 0) spans.droppedLinks[i] = span.droppedLinks;
    spans.from[i] = span.from;
    spans.to[i] = span.to;
    for (let e = 0; e < span.eventCount; e++) this.#addEvent(bytes, span.events[2 * e], span.events[2 * e + 1]);
    for (let l = 0; l < span.linkCount; l++) this.#addLink(bytes, span.links[2 * l], span.links[2 * l + 1]);
  }

  /** The table. The builder is used up. `detailsOf` gets the messages of its rows; `partial` as in `TraceTable`. */
  finish(detailsOf: (wire: WireRanges) => SpanDetails, partial?: string): TraceTable {
    const spans = this.#spans;
    const bytes = this.#bytes;
    const rangesOf = (order: Int32Array): WireRanges => ({
      bytes,
      ...spanRanges(spans, order),
      copies: spanRanges(spans, othersThan(order, spans.count)),
      resources: this.#resources.messages,
      scopes: this.#scopes.messages,
    });
    return assembleTable({
      traceId: this.#traceId,
      spans,
      strings: this.#strings.table(),
      resources: this.#resources.rows,
      scopes: this.#scopes.rows,
      partial,
      compareContent: (a, b) =>
        compareBytes(bytes, spans.from[a], spans.to[a], spans.from[b], spans.to[b]) ||
        spans.resource[a] - spans.resource[b] ||
        spans.scope[a] - spans.scope[b],
      detailsOf: order => detailsOf(rangesOf(order)),
    });
  }

  /** As many spans as the rest of the bytes will hold if it is like what has come, and a little more. */
  #capacityAfter(count: number): number {
    const expected = this.#expectedBytes;
    if (expected === undefined || count < 1024 || this.#reached >= expected) return 2 * count;
    const likely = Math.ceil(1.125 * count * (expected / this.#reached));
    return Math.min(MOST_GROWTH * count, Math.max(likely, count + 1024));
  }

  #addEvent(bytes: Uint8Array, from: number, to: number): void {
    const event = this.#event;
    this.#reader.event(bytes, from, to, event);
    const i = this.#spans.addEvent();
    this.#spans.eventTime[2 * i] = event.timeLo;
    this.#spans.eventTime[2 * i + 1] = event.timeHi;
    this.#spans.eventName[i] = this.#strings.intern(bytes, event.nameFrom, event.nameTo);
  }

  #addLink(bytes: Uint8Array, from: number, to: number): void {
    const link = this.#link;
    this.#reader.link(bytes, from, to, link);
    const spans = this.#spans;
    const i = spans.addLink();
    // The last 8 bytes are the low half; what stands before them, if anything, the high one.
    const middle = Math.max(link.traceIdFrom, link.traceIdTo - 8);
    readId(bytes, link.traceIdFrom, middle, spans.linkTraceIdHi, i);
    readId(bytes, middle, link.traceIdTo, spans.linkTraceIdLo, i);
    readId(bytes, link.spanIdFrom, link.spanIdTo, spans.linkSpanId, i);
  }
}

function spanRanges(spans: SpanColumns, order: Int32Array): SpanRanges {
  return {
    from: gatherUnsigned(spans.from, order),
    to: gatherUnsigned(spans.to, order),
    resource: gatherSigned(spans.resource, order),
    scope: gatherSigned(spans.scope, order),
  };
}

/** Arrival indexes that are not in the order. */
function othersThan(order: Int32Array, count: number): Int32Array {
  if (order.length === count) return new Int32Array(0);
  const isRow = new Uint8Array(count);
  for (const i of order) isRow[i] = 1;
  const others = new Int32Array(count - order.length);
  for (let i = 0, at = 0; i < count; i++) if (isRow[i] === 0) others[at++] = i;
  return others;
}

/** The first spans may be much smaller than the rest. */
const MOST_GROWTH = 16;

/** Messages that many spans share: equal bytes and schema URL are one row. Those that no span has leave none. */
class Interned<Row> {
  readonly rows: Row[] = [];
  readonly messages: WireMessage[] = [];
  readonly #read: (bytes: Uint8Array, from: number, to: number, schemaUrl: string) => Row;
  readonly #text: WireReader['text'];
  readonly #keys = new ByteStrings(latin1);
  readonly #rowOf = new Map<string, number>();
  #opened: () => number = () => -1;
  #row = -1;

  constructor(read: (bytes: Uint8Array, from: number, to: number, schemaUrl: string) => Row, text: WireReader['text']) {
    this.#read = read;
    this.#text = text;
  }

  open(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): void {
    this.#row = -1;
    this.#opened = () => this.#add(bytes, from, to, schemaUrlFrom, schemaUrlTo);
  }

  /** Row of the message opened last. */
  row(): number {
    if (this.#row < 0) this.#row = this.#opened();
    return this.#row;
  }

  #add(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): number {
    const message = this.#keys.intern(bytes, from, to);
    const schemaUrl = this.#keys.intern(bytes, schemaUrlFrom, schemaUrlTo);
    const key = `${message} ${schemaUrl}`;
    const known = this.#rowOf.get(key);
    if (known !== undefined) return known;
    const url = this.#text(bytes, schemaUrlFrom, schemaUrlTo);
    const row = this.rows.push(this.#read(bytes, from, to, url)) - 1;
    this.messages.push({ message: bytes.slice(from, to), schemaUrl: url });
    this.#rowOf.set(key, row);
    return row;
  }
}

/** Bytes as a string of the same length: a key that keeps apart what UTF-8 decoding could merge. */
function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

/** An id of up to 8 bytes as the number it spells; a longer one (not legal OTLP) as a hash, so that links still meet. */
function readId(bytes: Uint8Array, from: number, to: number, pairs: Uint32Array, i: number): void {
  let lo = 0;
  let hi = 0;
  if (to - from <= 8) {
    for (let at = from; at < to; at++) {
      hi = (hi << 8) | (lo >>> 24);
      lo = (lo << 8) | bytes[at];
    }
  } else {
    for (let at = from; at < to; at++) {
      lo = Math.imul(lo ^ bytes[at], 0x01000193);
      hi = Math.imul(hi ^ lo, 0x85ebca6b) + bytes[at];
    }
  }
  pairs[2 * i] = lo;
  pairs[2 * i + 1] = hi;
}

/** Shorter first, then by the first byte that differs. */
function compareBytes(bytes: Uint8Array, aFrom: number, aTo: number, bFrom: number, bTo: number): number {
  const lengths = aTo - aFrom - (bTo - bFrom);
  if (lengths !== 0) return lengths;
  for (let a = aFrom, b = bFrom; a < aTo; a++, b++) if (bytes[a] !== bytes[b]) return bytes[a] - bytes[b];
  return 0;
}
