import { foreignId, foreignParentId, reportedIds } from '#decoding/file/foreign-ids.ts';
import { clampTime, isObject, listOf, member, nanosOfMicros, textOf } from '#decoding/file/foreign-values.ts';
import { type ForeignSpans, PRECISION } from '#decoding/jaeger/jaeger-trace.ts';
import type { PlainResource, PlainScope, PlainSpan } from '#domain/trace/plain-span.ts';
import { type Attribute, SpanKind, StatusCode } from '#domain/trace/trace-table.ts';

const SCOPE: PlainScope = { name: '', attributes: [PRECISION] };

const KINDS: Readonly<Record<string, number>> = {
  CLIENT: SpanKind.client,
  SERVER: SpanKind.server,
  PRODUCER: SpanKind.producer,
  CONSUMER: SpanKind.consumer,
};

/**
 * Spans of Zipkin's API, version 2, parsed, of one or more traces. Halves that share an id keep it: the table builder
 * hangs the server's from the client's. Never throws.
 */
export function zipkinSpans(list: readonly unknown[]): ForeignSpans {
  const problems: string[] = [];
  const read = list.flatMap((json, i) => {
    const found = readSpan(json);
    if (typeof found === 'string') problems.push(`[${i}]: ${found}`);
    return typeof found === 'string' ? [] : [found];
  });
  const longIds = longTraceIds(read);
  const sharedIds = new Set(read.flatMap(({ json, key }) => (member(json, 'shared') === true ? [key] : [])));
  const lastChildStart = lastStartOfChildren(read);
  const resources = new Map<string, PlainResource>();
  const spans = read.map((span): PlainSpan => {
    const { json, startNs } = span;
    const shared = member(json, 'shared') === true;
    const durationNs = nanosOfMicros(member(json, 'duration'));
    const start = startNs ?? 0n;
    // A span that did not end, as far as is known, but whose children began later.
    const isOpen = durationNs === undefined && (lastChildStart.get(span.key) ?? 0n) > start;
    const end = start === 0n || isOpen ? 0n : clampTime(start + (durationNs ?? 0n));
    const half = shared ? SpanKind.server : sharedIds.has(span.key) ? SpanKind.client : SpanKind.internal;
    const tags = member(json, 'tags');
    const error = member(tags, 'error');
    return {
      traceId: longIds.get(span.traceId) ?? span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentId,
      name: textOf(member(json, 'name')) || 'unknown',
      kind: KINDS[textOf(member(json, 'kind'))] ?? half,
      startUnixNano: start,
      endUnixNano: end,
      resource: resourceOf(member(json, 'localEndpoint'), resources),
      scope: SCOPE,
      ...(error !== undefined && { statusCode: StatusCode.error, statusMessage: textOf(error) }),
      attributes: [
        ...endpoint(member(json, 'localEndpoint'), 'network.local'),
        ...peer(member(json, 'remoteEndpoint')),
        ...(isObject(tags) ? Object.entries(tags).map(([key, value]) => text(key, textOf(value))) : []),
        ...(member(json, 'debug') === true ? [DEBUG] : []),
        ...span.reported,
      ],
      events: listOf(member(json, 'annotations')).map(annotation => ({
        timeUnixNano: clampTime(nanosOfMicros(member(annotation, 'timestamp')) ?? 0n),
        name: textOf(member(annotation, 'value')),
      })),
    };
  });
  return { spans, problems };
}

interface ReadSpan {
  readonly json: Record<string, unknown>;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  /** Lower half of the trace id, and span id: what the halves of a span have in common. */
  readonly key: string;
  readonly startNs: bigint | undefined;
  readonly reported: readonly Attribute[];
}

function readSpan(json: unknown): ReadSpan | string {
  if (!isObject(json)) return 'expected an object';
  const trace = foreignId(member(json, 'traceId'), 32);
  const span = foreignId(member(json, 'id'), 16);
  if (trace.hex === '') return 'traceId is missing';
  if (span.hex === '') return 'id is missing';
  const parent = foreignParentId(member(json, 'parentId'));
  const startNs = nanosOfMicros(member(json, 'timestamp'));
  return {
    json,
    traceId: trace.hex,
    spanId: span.hex,
    parentId: parent.hex,
    key: `${trace.hex.slice(16)}${span.hex}`,
    startNs: startNs === undefined ? undefined : clampTime(startNs),
    reported: reportedIds({ trace_id: trace, span_id: span, parent_span_id: parent }),
  };
}

/** 128-bit ids by the 64-bit ones that some of the spans carry instead. */
function longTraceIds(spans: readonly ReadSpan[]): ReadonlyMap<string, string> {
  const long = new Map<string, string>();
  for (const { traceId } of spans) {
    if (!traceId.startsWith('0000000000000000')) long.set(traceId.slice(16).padStart(32, '0'), traceId);
  }
  return long;
}

function lastStartOfChildren(spans: readonly ReadSpan[]): ReadonlyMap<string, bigint> {
  const last = new Map<string, bigint>();
  for (const { traceId, parentId, startNs } of spans) {
    if (parentId === '' || startNs === undefined) continue;
    const key = `${traceId.slice(16)}${parentId}`;
    if (startNs > (last.get(key) ?? 0n)) last.set(key, startNs);
  }
  return last;
}

function resourceOf(local: unknown, known: Map<string, PlainResource>): PlainResource {
  const name = textOf(member(local, 'serviceName'));
  const resource = known.get(name) ?? { attributes: name === '' ? [] : [text('service.name', name)] };
  known.set(name, resource);
  return resource;
}

function peer(remote: unknown): Attribute[] {
  const name = textOf(member(remote, 'serviceName'));
  return [...(name === '' ? [] : [text('peer.service', name)]), ...endpoint(remote, 'network.peer')];
}

function endpoint(value: unknown, prefix: string): Attribute[] {
  const address = textOf(member(value, 'ipv4')) || textOf(member(value, 'ipv6'));
  const port = member(value, 'port');
  const found: Attribute[] = address === '' ? [] : [text(`${prefix}.address`, address)];
  if (typeof port === 'number' && Number.isSafeInteger(port)) {
    found.push({ key: `${prefix}.port`, value: { type: 'int', value: BigInt(port) } });
  }
  return found;
}

const DEBUG: Attribute = { key: 'zipkin.debug', value: { type: 'bool', value: true } };

function text(key: string, value: string): Attribute {
  return { key, value: { type: 'string', value } };
}
