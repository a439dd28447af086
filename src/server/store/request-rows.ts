import { otlpJsonToProto } from '#decoding/otlp/otlp-json.ts';
import { scanTraces } from '#decoding/otlp/otlp-proto.ts';
import { shiftTimes } from '#decoding/otlp/shift-times.ts';
import type { SpanFields, SpanSink } from '#domain/trace/span-sink.ts';
import type { SegmentWriter } from './append/segment-writer.ts';
import type { RequestCounts } from './append/span-rows.ts';
import type { IngestOutcome, IngestRequest } from './protocol.ts';

/** Responses stay small whatever a request holds. */
const MAX_MESSAGE = 1024;

export type Decoded =
  /** Nothing of it is to be stored: the outcome is final. */
  | { readonly kind: 'final'; readonly outcome: IngestOutcome }
  /** Staged: this outcome holds once the transaction is committed. */
  | { readonly kind: 'staged'; readonly outcome: IngestOutcome };

/** Decodes one request into the rows of a segment. */
export function decodeRequest(request: IngestRequest, writer: SegmentWriter): Decoded {
  const bytes = protobufOf(request);
  if (typeof bytes === 'string') return invalid(bytes, {});
  const decoded = writer.decode(bytes);
  if (!decoded.ok) return invalid(`cannot decode the request: ${decoded.error}`, {});
  const counts = decoded.value;
  const refusals = { trace_id: counts.badTraceId, span_id: counts.badSpanId };
  const rejected = counts.badTraceId + counts.badSpanId;
  const message = messageOf(counts);
  if (counts.accepted === 0 && rejected > 0) return invalid(message, refusals);
  const result = { kind: 'stored', accepted: counts.accepted, rejected, message } as const;
  return { kind: counts.accepted === 0 ? 'final' : 'staged', outcome: { result, refusals } };
}

export function invalid(message: string, refusals: Readonly<Record<string, number>>): Decoded {
  return { kind: 'final', outcome: { result: { kind: 'invalid', message: message.slice(0, MAX_MESSAGE) }, refusals } };
}

/** The request as protobuf, shifted in time if asked; a string says why not. */
function protobufOf(request: IngestRequest): Uint8Array | string {
  let { body } = request;
  if (request.encoding === 'json') {
    const transcoded = otlpJsonToProto(body);
    if (!transcoded.ok) return `cannot decode the request: ${transcoded.error.message} (at ${transcoded.error.offset})`;
    body = transcoded.value;
  }
  if (request.shiftToEndAtUnixNano === undefined) return body;
  const end = new LatestEnd();
  const scanned = scanTraces(body, end);
  if (!scanned.ok) return `cannot decode the request: ${scanned.error.message} (at byte ${scanned.error.offset})`;
  return shiftTimes(body, request.shiftToEndAtUnixNano - end.unixNano);
}

class LatestEnd implements SpanSink {
  unixNano = 0n;

  resource(): void {}

  scope(): void {}

  span(span: SpanFields): void {
    const end = (BigInt(span.endHi) << 32n) | BigInt(span.endLo);
    if (end > this.unixNano && end < 2n ** 63n) this.unixNano = end;
  }
}

function messageOf(counts: RequestCounts): string {
  const parts: string[] = [];
  if (counts.badTraceId > 0)
    parts.push(`${spans(counts.badTraceId)} rejected: the trace id is not 16 bytes or all zeros`);
  if (counts.badSpanId > 0) parts.push(`${spans(counts.badSpanId)} rejected: the span id is not 8 bytes or all zeros`);
  if (counts.badParentId > 0) parts.push(`${spans(counts.badParentId)} kept without parent: its id is not 8 bytes`);
  if (counts.badLinks > 0) parts.push(`${counts.badLinks} links with invalid ids are not searchable`);
  return parts.join('; ');
}

function spans(count: number): string {
  return count === 1 ? '1 span' : `${count} spans`;
}
