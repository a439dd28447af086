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
  /** Per entry of `TraceTable.resources` and `.scopes`, the message it was read from. */
  readonly resourceMessages: readonly Uint8Array[];
  readonly scopeMessages: readonly Uint8Array[];
}
