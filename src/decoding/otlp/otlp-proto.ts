import { err, ok, type Result } from '#domain/result.ts';
import type { SpanFields, SpanSink } from '#domain/trace/span-sink.ts';
import { checkAttribute, checkMessage, EVENT, LINK, RESOURCE, SCOPE } from './check-messages.ts';
import { type DecodeError, ProtobufReader } from './protobuf-reader.ts';

export interface ScanCounts {
  /** ResourceSpans and ScopeSpans messages, with or without spans. */
  resources: number;
  scopes: number;
  spans: number;
  /** Fields of TracesData, ResourceSpans and ScopeSpans that OTLP does not define, such as groups of OTLP before 0.15. */
  unknownFields: number;
  /** Of those, the groups of spans of OTLP before 0.15. */
  formerGroups: number;
  /** Keys and values of attributes that are indexes into a table of strings, which trace messages have not got. */
  stringIndexes: number;
}

/**
 * Scans a TracesData (= ExportTraceServiceRequest = Tempo's Trace) message and pushes what it holds into the sink. Field
 * types, lengths and the depth of all values are checked on the way. On an error the sink may have got a part already.
 */
export function scanTraces(bytes: Uint8Array, sink: SpanSink): Result<ScanCounts, DecodeError> {
  const scan = new TraceScan(new ProtobufReader(bytes), sink);
  scan.traces(bytes.length);
  return scan.reader.failure === undefined ? ok(scan.counts) : err(scan.reader.failure);
}

const RESOURCE_SPANS = 'ResourceSpans';
/** `instrumentation_library_spans` */
const FORMER_GROUPS = 1000;

/** One pass over trace messages; `trace-scanner.ts` drives it message by message as bytes arrive. */
export class TraceScan {
  readonly reader: ProtobufReader;
  readonly counts: ScanCounts = {
    resources: 0,
    scopes: 0,
    spans: 0,
    unknownFields: 0,
    formerGroups: 0,
    stringIndexes: 0,
  };
  readonly #sink: SpanSink;
  readonly #span = emptySpan();

  constructor(reader: ProtobufReader, sink: SpanSink) {
    this.reader = reader;
    this.#sink = sink;
  }

  traces(end: number): void {
    const { reader } = this;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 0x0a) this.resourceSpans(reader.length(end));
      else this.unknown(tag, 1, 'TracesData', end);
    }
  }

  unknown(tag: number, lastKnown: number, message: string, end: number): void {
    this.counts.unknownFields++;
    if (tag >>> 3 === FORMER_GROUPS && message === RESOURCE_SPANS) this.counts.formerGroups++;
    this.reader.skipUnknown(tag, lastKnown, message, end);
  }

  /** Fields come in any order: the resource and the schema URL are looked for first, the spans jumped over. */
  resourceSpans(end: number): void {
    const { reader } = this;
    const from = reader.pos;
    const head = this.#head(end, RESOURCE, RESOURCE_SPANS);
    if (reader.failure !== undefined) return;
    this.counts.resources++;
    this.#sink.resource(head.bytes, head.from, head.to, head.schemaUrlFrom, head.schemaUrlTo);
    reader.pos = from;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 0x12) this.#scopeSpans(reader.length(end));
      else reader.skip(tag, end);
    }
  }

  #scopeSpans(end: number): void {
    const { reader } = this;
    const from = reader.pos;
    const head = this.#head(end, SCOPE, 'ScopeSpans');
    if (reader.failure !== undefined) return;
    this.counts.scopes++;
    this.#sink.scope(head.bytes, head.from, head.to, head.schemaUrlFrom, head.schemaUrlTo);
    reader.pos = from;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 0x12) this.#scanSpan(reader.length(end));
      else reader.skip(tag, end);
    }
  }

  /** What ResourceSpans and ScopeSpans have in common: 1 a message that describes, 2 what it holds, 3 a schema URL. */
  #head(end: number, shape: typeof RESOURCE, message: string) {
    const { reader } = this;
    const head = { bytes: reader.bytes, from: 0, to: 0, schemaUrlFrom: 0, schemaUrlTo: 0 };
    let parts = 0;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 0x0a) {
        const to = reader.length(end);
        const from = reader.pos;
        this.counts.stringIndexes += checkMessage(reader, to, shape);
        if (reader.failure !== undefined) break;
        // A message that comes in parts is their concatenation.
        if (parts++ > 0) Object.assign(head, concatenated(head, reader.bytes.subarray(from, to)));
        else Object.assign(head, { from, to });
      } else if (tag === 0x12) reader.pos = reader.length(end);
      else if (tag === 0x1a) {
        head.schemaUrlTo = reader.length(end);
        head.schemaUrlFrom = reader.pos;
        reader.pos = head.schemaUrlTo;
      } else this.unknown(tag, 3, message, end);
    }
    if (parts > 1) Object.assign(head, withSchemaUrl(head, reader.bytes));
    return head;
  }

  #scanSpan(end: number): void {
    const { reader } = this;
    const span = this.#span;
    clear(span);
    span.bytes = reader.bytes;
    span.from = reader.pos;
    span.to = end;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      switch (tag) {
        case 0x0a:
          span.traceIdTo = reader.length(end);
          span.traceIdFrom = reader.pos;
          reader.pos = span.traceIdTo;
          break;
        case 0x12:
          span.spanIdTo = reader.length(end);
          span.spanIdFrom = reader.pos;
          reader.pos = span.spanIdTo;
          break;
        case 0x1a:
          span.traceStateTo = reader.length(end);
          span.traceStateFrom = reader.pos;
          reader.pos = span.traceStateTo;
          break;
        case 0x22:
          span.parentSpanIdTo = reader.length(end);
          span.parentSpanIdFrom = reader.pos;
          reader.pos = span.parentSpanIdTo;
          break;
        case 0x2a:
          span.nameTo = reader.length(end);
          span.nameFrom = reader.pos;
          reader.pos = span.nameTo;
          break;
        case 0x30:
          span.kind = reader.varint(end) | 0;
          break;
        case 0x39:
          span.startLo = reader.fixed64(end);
          span.startHi = reader.high;
          break;
        case 0x41:
          span.endLo = reader.fixed64(end);
          span.endHi = reader.high;
          break;
        case 0x4a: {
          const to = reader.length(end);
          span.attributes = withRange(span.attributes, span.attributeCount++, reader.pos, to);
          this.counts.stringIndexes += checkAttribute(reader, to);
          break;
        }
        case 0x50:
          span.droppedAttributes = reader.varint(end);
          break;
        case 0x5a: {
          const to = reader.length(end);
          span.events = withRange(span.events, span.eventCount++, reader.pos, to);
          this.counts.stringIndexes += checkMessage(reader, to, EVENT);
          break;
        }
        case 0x60:
          span.droppedEvents = reader.varint(end);
          break;
        case 0x6a: {
          const to = reader.length(end);
          span.links = withRange(span.links, span.linkCount++, reader.pos, to);
          this.counts.stringIndexes += checkMessage(reader, to, LINK);
          break;
        }
        case 0x70:
          span.droppedLinks = reader.varint(end);
          break;
        case 0x7a:
          this.#scanStatus(reader.length(end));
          break;
        case 0x85:
          span.flags = reader.fixed32(end);
          break;
        default:
          reader.skipUnknown(tag, 16, 'Span', end);
      }
    }
    if (reader.failure !== undefined) return;
    this.counts.spans++;
    this.#sink.span(span);
  }

  #scanStatus(end: number): void {
    const { reader } = this;
    const span = this.#span;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 0x12) {
        span.statusMessageTo = reader.length(end);
        span.statusMessageFrom = reader.pos;
        reader.pos = span.statusMessageTo;
      } else if (tag === 0x18) span.statusCode = reader.varint(end) | 0;
      // Field 1 was a deprecated code; it is reserved, so that old senders may still fill it.
      else if (tag >>> 3 === 1) reader.skip(tag, end);
      else reader.skipUnknown(tag, 3, 'Status', end);
    }
  }
}

function emptySpan(): SpanFields {
  return {
    bytes: new Uint8Array(0),
    from: 0,
    to: 0,
    traceIdFrom: 0,
    traceIdTo: 0,
    spanIdFrom: 0,
    spanIdTo: 0,
    parentSpanIdFrom: 0,
    parentSpanIdTo: 0,
    nameFrom: 0,
    nameTo: 0,
    traceStateFrom: 0,
    traceStateTo: 0,
    kind: 0,
    startLo: 0,
    startHi: 0,
    endLo: 0,
    endHi: 0,
    flags: 0,
    droppedAttributes: 0,
    droppedEvents: 0,
    droppedLinks: 0,
    statusCode: 0,
    statusMessageFrom: 0,
    statusMessageTo: 0,
    attributeCount: 0,
    attributes: new Uint32Array(64),
    eventCount: 0,
    events: new Uint32Array(16),
    linkCount: 0,
    links: new Uint32Array(16),
  };
}

function clear(span: SpanFields): void {
  span.traceIdFrom = span.traceIdTo = 0;
  span.spanIdFrom = span.spanIdTo = 0;
  span.parentSpanIdFrom = span.parentSpanIdTo = 0;
  span.nameFrom = span.nameTo = 0;
  span.traceStateFrom = span.traceStateTo = 0;
  span.kind = 0;
  span.startLo = span.startHi = 0;
  span.endLo = span.endHi = 0;
  span.flags = 0;
  span.droppedAttributes = span.droppedEvents = span.droppedLinks = 0;
  span.statusCode = 0;
  span.statusMessageFrom = span.statusMessageTo = 0;
  span.attributeCount = span.eventCount = span.linkCount = 0;
}

/** The ranges with the i-th set; a larger copy when they are full. */
function withRange(ranges: Uint32Array, i: number, from: number, to: number): Uint32Array {
  let roomy = ranges;
  if (2 * i >= ranges.length) {
    roomy = new Uint32Array(2 * ranges.length);
    roomy.set(ranges);
  }
  roomy[2 * i] = from;
  roomy[2 * i + 1] = to;
  return roomy;
}

interface Head {
  bytes: Uint8Array;
  from: number;
  to: number;
  schemaUrlFrom: number;
  schemaUrlTo: number;
}

function concatenated(head: Head, more: Uint8Array): Partial<Head> {
  const first = head.bytes.subarray(head.from, head.to);
  const bytes = new Uint8Array(first.length + more.length);
  bytes.set(first);
  bytes.set(more, first.length);
  return { bytes, from: 0, to: bytes.length };
}

/** All ranges of a call refer to one buffer: the schema URL moves behind the concatenated message. */
function withSchemaUrl(head: Head, source: Uint8Array): Partial<Head> {
  const both = concatenated(head, source.subarray(head.schemaUrlFrom, head.schemaUrlTo));
  return {
    bytes: both.bytes ?? head.bytes,
    from: 0,
    to: head.to - head.from,
    schemaUrlFrom: head.to - head.from,
    schemaUrlTo: both.to ?? 0,
  };
}
