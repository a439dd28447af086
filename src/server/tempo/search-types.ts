import type { SpansetAttribute } from '#domain/traceql/run/pipeline.ts';
import type { Value } from '#domain/traceql/run/value.ts';

/** A query function's result: a refusal is a value (it becomes a 400), as errors do not keep their class across threads. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

export interface SearchArgs {
  readonly q: string;
  /** Unix ns; undefined: as far as the store reaches. */
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
  readonly limit: number;
  readonly spansPerSpanset: number;
}

export interface SearchAnswer {
  /** Newest first. */
  readonly traces: readonly FoundTrace[];
  /** Spans in the segments that were looked at. */
  readonly inspectedSpans: number;
}

export interface FoundTrace {
  readonly traceId: bigint;
  /** '' when no root was received. */
  readonly rootServiceName: string;
  readonly rootName: string;
  readonly startNs: bigint;
  readonly durationNs: bigint;
  readonly services: readonly { readonly name: string; readonly spanCount: number; readonly errorCount: number }[];
  readonly spansets: readonly FoundSpanset[];
}

export interface FoundSpanset {
  readonly matched: number;
  readonly attributes: readonly SpansetAttribute[];
  readonly spans: readonly FoundSpan[];
}

export interface FoundSpan {
  readonly spanId: bigint;
  readonly startNs: bigint;
  readonly durationNs: bigint;
  readonly name: string | undefined;
  /** Fields that the query names, without their scope. */
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
}
