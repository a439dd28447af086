import { type TranscodedJson, transcodeOtlpJson } from '#decoding/otlp/otlp-json.ts';
import { scanTraces } from '#decoding/otlp/otlp-proto.ts';
import { shiftTimes } from '#decoding/otlp/shift-times.ts';
import type { SpanFields, SpanSink } from '#domain/trace/span-sink.ts';
import type { DecodedCounts, SegmentWriter } from './append/segment-writer.ts';
import type { IngestOutcome, IngestRequest, Reasons } from './protocol.ts';

/** Responses stay small whatever a request holds. */
const MAX_MESSAGE = 1024;

export type Decoded =
  /** Nothing of it is to be stored: the outcome is final. */
  | { readonly kind: 'final'; readonly outcome: IngestOutcome }
  /** Staged: this outcome holds once the transaction is committed. */
  | { readonly kind: 'staged'; readonly outcome: IngestOutcome };

/** What a body of OTLP/JSON says under names that are not read. */
type Unread = Pick<TranscodedJson, 'unknownMembers' | 'misnamedMembers'>;

const NOTHING_UNREAD: Unread = { unknownMembers: [], misnamedMembers: [] };

/** Decodes one request into the rows of a segment. */
export function decodeRequest(request: IngestRequest, writer: SegmentWriter): Decoded {
  const message = protobufOf(request);
  if ('failure' in message) return invalid(message.failure, {}, message.field);
  const decoded = writer.decode(message.bytes);
  if (!decoded.ok) return invalid(`cannot decode the request: ${decoded.error}`, {});
  const counts = decoded.value;
  const refusals = { trace_id: counts.badTraceId, span_id: counts.badSpanId };
  const rejected = counts.badTraceId + counts.badSpanId;
  const said = messageOf(counts, message.unread);
  if (counts.accepted === 0 && rejected > 0) return invalid(said, refusals);
  const result = { kind: 'stored', accepted: counts.accepted, rejected, message: said } as const;
  const outcome = { result, refusals, odd: oddOf(counts) };
  return { kind: counts.accepted === 0 ? 'final' : 'staged', outcome };
}

export function invalid(message: string, refusals: Readonly<Record<string, number>>, field?: string): Decoded {
  const said = { kind: 'invalid', message: message.slice(0, MAX_MESSAGE) } as const;
  const result = field === undefined ? said : { ...said, field: field.slice(0, MAX_MESSAGE) };
  return { kind: 'final', outcome: { result, refusals } };
}

type Protobuf =
  | { readonly bytes: Uint8Array; readonly unread: Unread }
  | { readonly failure: string; readonly field?: string };

/** The request as protobuf, shifted in time if asked; or why not. */
function protobufOf(request: IngestRequest): Protobuf {
  let bytes = request.body;
  let unread = NOTHING_UNREAD;
  if (request.encoding === 'json') {
    const transcoded = transcodeOtlpJson(bytes);
    if (!transcoded.ok) {
      const { message, offset, path } = transcoded.error;
      const failure = `cannot decode the request: ${message} (at ${offset})`;
      return path === undefined ? { failure } : { failure, field: path };
    }
    unread = transcoded.value;
    bytes = transcoded.value.bytes;
  }
  if (request.shiftToEndAtUnixNano === undefined) return { bytes, unread };
  const end = new LatestEnd();
  const scanned = scanTraces(bytes, end);
  if (!scanned.ok)
    return { failure: `cannot decode the request: ${scanned.error.message} (at byte ${scanned.error.offset})` };
  return { bytes: shiftTimes(bytes, request.shiftToEndAtUnixNano - end.unixNano), unread };
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

/** For the sender: what was left out, of spans and of what it may have meant as some. */
function messageOf(counts: DecodedCounts, unread: Unread): string {
  const parts: string[] = [];
  if (counts.badTraceId > 0)
    parts.push(`${spans(counts.badTraceId)} rejected: the trace id is not 16 bytes or all zeros`);
  if (counts.badSpanId > 0) parts.push(`${spans(counts.badSpanId)} rejected: the span id is not 8 bytes or all zeros`);
  if (counts.badParentId > 0) parts.push(`${spans(counts.badParentId)} kept without parent: its id is not 8 bytes`);
  if (counts.badLinks > 0) parts.push(`${counts.badLinks} links with invalid ids are not searchable`);
  if (counts.stringIndexes > 0)
    parts.push(
      `${counts.stringIndexes} keys or values of attributes are string indexes, which traces have not got: empty`,
    );
  const unknown = unknownOf(counts, unread);
  if (unknown !== '') parts.push(unknown);
  return parts.join('; ');
}

/** Unknown names must be ignored; a sender whose spans vanish with them must hear of it all the same. */
function unknownOf(counts: DecodedCounts, { unknownMembers, misnamedMembers }: Unread): string {
  const groups = counts.unknownFields + unknownMembers.length;
  if (counts.accepted + counts.badTraceId + counts.badSpanId === 0 && groups > 0) {
    const named = unknownMembers.length === 0 ? '' : ` (${quoted(unknownMembers)}; names are those of OTLP/JSON 1.x)`;
    return `0 spans, ${groups} unknown ${groups === 1 ? 'group' : 'groups'}${named}`;
  }
  if (counts.formerGroups > 0) return `${counts.formerGroups} groups of OTLP before 0.15 were not read`;
  if (misnamedMembers.length === 0) return '';
  return `not read: ${quoted(misnamedMembers)}; names are lowerCamelCase as in OTLP/JSON 1.x`;
}

function quoted(names: readonly string[]): string {
  return names.map(name => `'${name}'`).join(', ');
}

function oddOf(counts: DecodedCounts): Reasons {
  return {
    no_start: counts.noStart,
    end_before_start: counts.reversed,
    start_long_ago: counts.longAgo,
    start_ahead: counts.ahead,
    parent_id: counts.badParentId,
  };
}

function spans(count: number): string {
  return count === 1 ? '1 span' : `${count} spans`;
}
