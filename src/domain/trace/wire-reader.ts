import type { ResourceRow, ScopeRow } from './trace-table.ts';

/** What the builder needs to read but only the decoding layer can: it knows the wire format, the domain does not. */
export interface WireReader {
  /** UTF-8; malformed sequences become U+FFFD. */
  text(bytes: Uint8Array, from: number, to: number): string;
  resource(bytes: Uint8Array, from: number, to: number, schemaUrl: string): ResourceRow;
  scope(bytes: Uint8Array, from: number, to: number, schemaUrl: string): ScopeRow;
  /** Event and Link messages, into an object that is reused. */
  event(bytes: Uint8Array, from: number, to: number, into: EventFields): void;
  link(bytes: Uint8Array, from: number, to: number, into: LinkFields): void;
}

export interface EventFields {
  /** Unix ns as two unsigned 32-bit halves. */
  timeLo: number;
  timeHi: number;
  nameFrom: number;
  nameTo: number;
}

export interface LinkFields {
  traceIdFrom: number;
  traceIdTo: number;
  spanIdFrom: number;
  spanIdTo: number;
}

/** Where Span messages lie, and whose they are. */
export interface SpanRanges {
  /** The Span message: bytes[from, to). */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Into `WireRanges.resources` and `.scopes`. */
  readonly resource: Int32Array;
  readonly scope: Int32Array;
}

/** Where the messages behind a table lie, one span per row, for `SpanDetails` that read them again. */
export interface WireRanges extends SpanRanges {
  readonly bytes: Uint8Array;
  /** Identical copies of spans, which have no rows. */
  readonly copies: SpanRanges;
  /** The entries of `TraceTable.resources` and `.scopes` as they came. */
  readonly resources: readonly WireMessage[];
  readonly scopes: readonly WireMessage[];
}

export interface WireMessage {
  readonly message: Uint8Array;
  readonly schemaUrl: string;
}
