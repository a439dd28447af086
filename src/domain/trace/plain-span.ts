import type { Attribute } from './trace-table.ts';

/**
 * One span as a plain object, for small numbers of them: tests, and traces that are put together by hand. Ids are hex,
 * '' for none; what is left out is zero or empty.
 */
export interface PlainSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
  readonly resource: PlainResource;
  readonly scope?: PlainScope;
  readonly attributes?: readonly Attribute[];
  readonly events?: readonly PlainEvent[];
  readonly links?: readonly PlainLink[];
  readonly statusCode?: number;
  readonly statusMessage?: string;
  readonly traceState?: string;
  readonly flags?: number;
  readonly droppedAttributes?: number;
  readonly droppedEvents?: number;
  readonly droppedLinks?: number;
}

export interface PlainResource {
  readonly attributes: readonly Attribute[];
  readonly droppedAttributes?: number;
  readonly schemaUrl?: string;
}

export interface PlainScope {
  readonly name: string;
  readonly version?: string;
  readonly attributes?: readonly Attribute[];
  readonly droppedAttributes?: number;
  readonly schemaUrl?: string;
}

export interface PlainEvent {
  readonly timeUnixNano: bigint;
  readonly name: string;
  readonly attributes?: readonly Attribute[];
  readonly droppedAttributes?: number;
}

export interface PlainLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState?: string;
  readonly attributes?: readonly Attribute[];
  readonly droppedAttributes?: number;
}
