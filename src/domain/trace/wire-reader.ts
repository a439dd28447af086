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

/** Where the messages behind a table lie, for `SpanDetails` that read them again. */
export interface WireRanges {
  readonly bytes: Uint8Array;
  /** Per row, the Span message: bytes[from, to). */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Per row: into the lists below. */
  readonly resource: Int32Array;
  readonly scope: Int32Array;
  /** The entries of `TraceTable.resources` and `.scopes` as they came. */
  readonly resources: readonly WireMessage[];
  readonly scopes: readonly WireMessage[];
}

export interface WireMessage {
  readonly message: Uint8Array;
  readonly schemaUrl: string;
}
