/**
 * Where the OTLP decoder pushes what it meets: the trace builder in the browser, the store's appender on the server.
 * Calls nest as the messages do: resource, then scope, then span. Byte ranges are [from, to) into `bytes` of the call;
 * from === to means absent. Nothing is allocated per span: copy what you keep.
 */
export interface SpanSink {
  /** A ResourceSpans opens: its Resource message and the range of its schema_url. */
  resource(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): void;
  /** A ScopeSpans opens: its InstrumentationScope message and the range of its schema_url. */
  scope(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): void;
  span(span: SpanFields): void;
}

/** One Span message, scanned. The same object is reused for every call. */
export interface SpanFields {
  bytes: Uint8Array;
  /** The whole Span message. */
  from: number;
  to: number;
  traceIdFrom: number;
  traceIdTo: number;
  spanIdFrom: number;
  spanIdTo: number;
  parentSpanIdFrom: number;
  parentSpanIdTo: number;
  nameFrom: number;
  nameTo: number;
  traceStateFrom: number;
  traceStateTo: number;
  kind: number;
  /** Unix ns as two unsigned 32-bit halves. */
  startLo: number;
  startHi: number;
  endLo: number;
  endHi: number;
  flags: number;
  droppedAttributes: number;
  droppedEvents: number;
  droppedLinks: number;
  statusCode: number;
  statusMessageFrom: number;
  statusMessageTo: number;
  /** Ranges of the KeyValue, Event and Link messages: from at 2i, to at 2i + 1; the first `…Count` pairs are valid. */
  attributeCount: number;
  attributes: Uint32Array;
  eventCount: number;
  events: Uint32Array;
  linkCount: number;
  links: Uint32Array;
}
