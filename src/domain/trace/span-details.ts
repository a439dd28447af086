import type { CriticalPath } from '#domain/analysis/critical-path.ts';
import type { Attribute } from './trace-table.ts';

/** Everything about one span that is not a column. */
export interface SpanDetail {
  readonly attributes: readonly Attribute[];
  /** One entry per event of the row, in the order of `TraceTable.events`. */
  readonly events: readonly { readonly attributes: readonly Attribute[]; readonly droppedAttributes: number }[];
  /** One entry per link of the row, in the order of `TraceTable.links`. */
  readonly links: readonly {
    readonly attributes: readonly Attribute[];
    readonly traceState: string;
    readonly droppedAttributes: number;
  }[];
  /** Exact `kind` and `status.code` numbers, also where the columns say 255. */
  readonly kind: number;
  readonly statusCode: number;
}

/** One attribute as a column over all rows: `index[r]` points into `values`, -1 where the span lacks it. */
export interface AttributeColumn {
  readonly index: Int32Array;
  readonly values: readonly Attribute['value'][];
}

/** Loads what the columns leave out. Rows are those of the table that carries it. */
export interface SpanDetails {
  span(row: number): Promise<SpanDetail>;
  /** The span as canonical OTLP/JSON text (pretty-printed, hex ids), wrapped in its ResourceSpans. */
  rawJson(row: number): Promise<string>;
  /** A span attribute over all rows, one scan. Resource attributes are in `TraceTable.resources` already. */
  column(key: string): Promise<AttributeColumn>;
  /**
   * Rows in which the text occurs, compared without case: in attribute keys and scalar values of the span, its events
   * and its links. One byte per row, 1 = yes. One scan; not all implementations can.
   */
  match?(text: string): Promise<Uint8Array>;
  /** The critical path of the main root, worked out where the columns were made; not all implementations do. */
  criticalPath?(): Promise<CriticalPath>;
  /** Frees what is held for the table; later calls reject. */
  release(): void;
}
