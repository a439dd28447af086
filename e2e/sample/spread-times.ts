import { type Field, fieldsOf } from '#e2e/otlp/protobuf-fields.ts';

/** A Span message and the messages around it, as byte ranges of the recording. */
interface Recorded {
  readonly span: Field;
  readonly resource: string;
  readonly scope: string;
  readonly traceId: string;
  readonly startUnixNano: bigint;
}

/**
 * Spreads a recording of some minutes over `factor` times as long by shifting whole traces: durations, gaps and order
 * inside a trace stay as they were recorded, only the pauses between traces grow. Traces that link to each other move
 * together, so that a queue's latency stays true. Returns one ExportTraceServiceRequest, traces one after the other by
 * start (equal ids and values close together are what gzip needs). What began before `sinceUnixNano` is left out.
 */
export function spreadTimes(recording: Buffer, factor: number, sinceUnixNano: bigint): Buffer {
  const bytes = Buffer.from(recording);
  const spans = [...recordedSpans(bytes)];
  const groups = linkedGroups(bytes, spans);
  const starts = new Map<string, bigint>();
  for (const { traceId, startUnixNano } of spans) {
    const group = groups(traceId);
    const start = starts.get(group);
    if (start === undefined || startUnixNano < start) starts.set(group, startUnixNano);
  }
  const kept = spans.filter(({ traceId }) => starts.get(groups(traceId))! >= sinceUnixNano);
  for (const { span, traceId } of kept) {
    const sinceFirst = Number(starts.get(groups(traceId))! - sinceUnixNano);
    shift(bytes, span, BigInt(Math.round(sinceFirst * (factor - 1))));
  }
  return write(bytes, kept);
}

function* recordedSpans(bytes: Buffer): Generator<Recorded> {
  for (const resourceSpans of fieldsOf(bytes)) {
    const parts = [...fieldsOf(bytes, resourceSpans.from, resourceSpans.to)];
    const resource = latin1(
      bytes,
      parts.find(part => part.number === 1),
    );
    for (const scopeSpans of parts.filter(part => part.number === 2)) {
      const inner = [...fieldsOf(bytes, scopeSpans.from, scopeSpans.to)];
      const scope = latin1(
        bytes,
        inner.find(part => part.number === 1),
      );
      for (const span of inner.filter(part => part.number === 2)) {
        let traceId = '';
        let startUnixNano = 0n;
        for (const field of fieldsOf(bytes, span.from, span.to)) {
          if (field.number === 1) traceId = latin1(bytes, field);
          if (field.number === 7) startUnixNano = bytes.readBigUInt64LE(field.from);
        }
        yield { span, resource, scope, traceId, startUnixNano };
      }
    }
  }
}

/** Union-find over links: names the group that a trace moves with. */
function linkedGroups(bytes: Buffer, spans: readonly Recorded[]): (traceId: string) => string {
  const leader = new Map<string, string>();
  const find = (traceId: string) => {
    let at = traceId;
    for (let next = leader.get(at); next !== undefined && next !== at; next = leader.get(at)) at = next;
    return at;
  };
  for (const { span, traceId } of spans)
    for (const link of fieldsOf(bytes, span.from, span.to)) {
      if (link.number !== 13) continue;
      for (const field of fieldsOf(bytes, link.from, link.to))
        if (field.number === 1) leader.set(find(latin1(bytes, field)), find(traceId));
    }
  return find;
}

function shift(bytes: Buffer, span: Field, byNs: bigint): void {
  const add = (field: Field) => bytes.writeBigUInt64LE(bytes.readBigUInt64LE(field.from) + byNs, field.from);
  for (const field of fieldsOf(bytes, span.from, span.to)) {
    if (field.number === 7 || field.number === 8) add(field);
    if (field.number !== 11) continue;
    for (const part of fieldsOf(bytes, field.from, field.to)) if (part.number === 1) add(part);
  }
}

function write(bytes: Buffer, spans: readonly Recorded[]): Buffer {
  const traces = [...Map.groupBy(spans, span => span.traceId).values()].sort((a, b) =>
    a[0]!.startUnixNano < b[0]!.startUnixNano ? -1 : 1,
  );
  const written: Buffer[] = [];
  for (const trace of traces) {
    for (const [resource, ofResource] of Map.groupBy(trace, span => span.resource)) {
      const scopes = [...Map.groupBy(ofResource, span => span.scope)].map(([scope, ofScope]) =>
        message(2, [
          message(1, [Buffer.from(scope, 'latin1')]),
          ...ofScope.map(({ span }) => message(2, [bytes.subarray(span.from, span.to)])),
        ]),
      );
      written.push(message(1, [message(1, [Buffer.from(resource, 'latin1')]), ...scopes]));
    }
  }
  return Buffer.concat(written);
}

/** A length-delimited field. */
function message(number: number, content: readonly Buffer[]): Buffer {
  const head = [(number << 3) | 2];
  let length = content.reduce((sum, part) => sum + part.length, 0);
  for (; length > 0x7f; length >>>= 7) head.push((length & 0x7f) | 0x80);
  head.push(length);
  return Buffer.concat([Buffer.from(head), ...content]);
}

const latin1 = (bytes: Buffer, field: Field | undefined) =>
  field ? bytes.toString('latin1', field.from, field.to) : '';
