import type { TraceId } from '#domain/ids.ts';
import type { SpanDetails } from './span-details.ts';
import type { StringTable } from './string-table.ts';

/**
 * One trace in memory, as columns. A row is a span; rows are in pre-order: a parent directly precedes its subtree,
 * siblings stand by start (then longer first, then span id), so that a subtree is one index range.
 *
 *   row  name          parent  depth  subtreeEnd
 *    0   GET /            -1      0       5
 *    1   ├ auth            0      1       2
 *    2   └ checkout        0      1       5
 *    3     ├ pay           2      2       4
 *    4     └ ship          2      2       5
 *
 *   children of r:  for (c = r + 1; c < subtreeEnd[r]; c = subtreeEnd[c])
 *   b under a:      a < b && b < subtreeEnd[a]
 *
 * Rows are private to one load; outside memory a span is its SpanId. -1 is the only sentinel of index columns.
 * Times as reported are never altered: repairs are flags (`SpanFlag`). Frozen once built (`trace-builder.ts`);
 * `check-trace-table.ts` states the invariants. Everything here but `details` crosses threads by transfer
 * (`transfer-table.ts`).
 */
export interface TraceTable {
  readonly traceId: TraceId;
  /** Number of rows. */
  readonly length: number;
  /** Unix ns of the earliest in-scale start; every `…Ns` column counts from here. Not necessarily the root's start. */
  readonly baseUnixNano: bigint;
  /** ns from the first start to the last end over in-scale spans; ≥ 0. */
  readonly durationNs: number;
  /** ns after the base. NaN-free; a span without timestamps carries its structural parent's start (flag `noTimestamp`). */
  readonly startNs: Float64Array;
  /** ns, end − start as reported: may be negative (flag `negative`); analyses clamp it to 0. */
  readonly spanDurationNs: Float64Array;
  readonly spanId: BigUint64Array;
  /** As reported, 0n for none: shown to the reader, never walked. */
  readonly parentSpanId: BigUint64Array;
  /** Structural parent row, -1 for a root; always below the row itself. */
  readonly parent: Int32Array;
  /** Row after the last descendant. */
  readonly subtreeEnd: Int32Array;
  readonly depth: Int32Array;
  /** Into `strings`. */
  readonly name: Int32Array;
  /** Into `strings`; 0 (the empty string) for none. */
  readonly statusMessage: Int32Array;
  readonly traceState: Int32Array;
  /** Into `resources`, `scopes`; -1 for none. */
  readonly resource: Int32Array;
  readonly scope: Int32Array;
  /** OTLP numbers (`SpanKind`, `StatusCode`); 255 for any other number. */
  readonly kind: Uint8Array;
  readonly status: Uint8Array;
  /** Bit set of `SpanFlag`. */
  readonly flags: Uint16Array;
  /** The OTLP `Span.flags` field (W3C trace flags, remote bits), unsigned. */
  readonly w3cFlags: Uint32Array;
  readonly droppedAttributes: Uint32Array;
  readonly droppedEvents: Uint32Array;
  readonly droppedLinks: Uint32Array;
  readonly events: EventColumns;
  readonly links: LinkColumns;
  readonly copies: CopyColumns;
  readonly resources: readonly ResourceRow[];
  readonly scopes: readonly ScopeRow[];
  readonly strings: StringTable;
  /** What the repairs met, counted; for the damage badges. */
  readonly damage: DamageCounts;
  /** What the source says when it did not give the whole trace; a sentence for the reader. */
  readonly partial: string | undefined;
  /** Attributes and raw messages, on demand. */
  readonly details: SpanDetails;
}

/** Events of row r are offset[r] … offset[r+1]. Attributes are in `details`. */
export interface EventColumns {
  readonly offset: Uint32Array;
  /** ns after the base; may lie outside the span. */
  readonly timeNs: Float64Array;
  /** Into `strings`. */
  readonly name: Int32Array;
}

/** Links of row r are offset[r] … offset[r+1]. A link is not parentage. */
export interface LinkColumns {
  readonly offset: Uint32Array;
  readonly traceIdHi: BigUint64Array;
  readonly traceIdLo: BigUint64Array;
  readonly spanId: BigUint64Array;
}

/** Rows that were received more than once, ascending, and how often each was. */
export interface CopyColumns {
  readonly row: Int32Array;
  readonly received: Uint32Array;
}

export interface ResourceRow {
  /** `service.name` if it is a non-empty string, otherwise ''. */
  readonly serviceName: string;
  readonly schemaUrl: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributes: number;
}

export interface ScopeRow {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributes: number;
}

export interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

/** OTLP AnyValue. Ints are exact. `list` and `map` nest at most 100 deep. */
export type AttributeValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'list'; readonly value: readonly AttributeValue[] }
  | { readonly type: 'map'; readonly value: readonly Attribute[] }
  | { readonly type: 'empty' };

export const SpanKind = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
export const StatusCode = { unset: 0, ok: 1, error: 2 } as const;
/** `kind` or `status` whose number OTLP does not define; the exact number is in `SpanDetails.span`. */
export const OTHER_ENUM = 255;

/** Bits of `TraceTable.flags`. */
export const SpanFlag = {
  /** Names a parent that is not in the trace; stands as a root beside its fellow orphans of the same parent. */
  orphan: 1,
  /** Its parent edge closed a cycle (or named itself) and was cut here. */
  cycleBroken: 2,
  startsBeforeParent: 4,
  endsAfterParent: 8,
  noTimestamp: 16,
  /** Ends before it starts. */
  negative: 32,
  /** More than 52 days from the median start: drawn as off the scale. */
  offScale: 64,
  /** Another span with this id and other content exists; the earliest owns the id for look-ups. */
  duplicateId: 128,
  /** Server half of a client/server pair that shares one id (Zipkin); was made the client's child. */
  sharedId: 256,
  /** Identical copies of it were received and dropped. */
  repeated: 512,
} as const;

export interface DamageCounts {
  readonly roots: number;
  /** Distinct parent ids that are named but absent, and the spans that name them. */
  readonly missingParents: number;
  readonly orphans: number;
  readonly cycles: number;
  /** Identical copies that were dropped. */
  readonly identicalDuplicates: number;
  readonly duplicateIds: number;
  readonly outsideParent: number;
  readonly negative: number;
  readonly noTimestamp: number;
  readonly offScale: number;
  readonly withoutService: number;
}
