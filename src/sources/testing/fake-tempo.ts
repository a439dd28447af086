import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { ProtobufWriter } from '#decoding/otlp/protobuf-writer.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { StatusCode } from '#domain/trace/trace-table.ts';

export interface FakeTempo {
  readonly fetch: typeof globalThis.fetch;
  /** Path and query of each request, in order. */
  readonly requests: string[];
  /** Answers the next request itself. */
  next(answer: (path: string, signal: AbortSignal) => Response | Promise<Response>): void;
}

/** Tempo's HTTP API over these spans, as far as the sources use it. TraceQL is not evaluated: every search finds all. */
export function fakeTempo(spans: readonly PlainSpan[]): FakeTempo {
  const traces = Map.groupBy(spans, span => span.traceId);
  const requests: string[] = [];
  const answers: ((path: string, signal: AbortSignal) => Response | Promise<Response>)[] = [];
  return {
    requests,
    next: answer => answers.push(answer),
    fetch: async (input, init) => {
      const path = String(input);
      requests.push(path);
      init?.signal?.throwIfAborted();
      const prepared = answers.shift();
      if (prepared !== undefined) return prepared(path, init!.signal!);
      const url = new URL(path, 'http://fake');
      const [, endpoint = ''] = /\/api\/((?:v2\/)?(?:traces|search).*)$/.exec(url.pathname) ?? [];
      if (endpoint.startsWith('v2/traces/')) return protobuf(envelope(traces.get(endpoint.slice(10)) ?? []));
      if (endpoint === 'search') return json({ traces: [...traces.values()].map(summaryOf), metrics: {} });
      if (endpoint === 'search/count') return json({ traces: traces.size, spans: spans.length });
      if (endpoint === 'v2/search/tags') return json({ scopes: tagScopes(spans) });
      const [, tag] = /^v2\/search\/tag\/(.*)\/values$/.exec(endpoint) ?? [];
      if (tag !== undefined) return json({ tagValues: tagValues(spans, decodeURIComponent(tag)) });
      return new Response('404 page not found\n', { status: 404 });
    },
  };
}

/** Tempo's answer to a trace by id, version 2; `status` 1 is PARTIAL. */
export function envelope(spans: readonly PlainSpan[], status = 0, message = ''): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter();
  writer.bytes(0x0a, encodeTraces(spans));
  writer.varint(0x18);
  writer.varint(status);
  writer.bytes(0x22, new TextEncoder().encode(message));
  return writer.finish().slice();
}

export function protobuf(bytes: Uint8Array<ArrayBuffer>): Response {
  return new Response(bytes, {
    headers: { 'content-type': 'application/protobuf', 'content-length': String(bytes.length) },
  });
}

function json(body: unknown): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
}

/** As Tempo writes it: leading zeros of the id stripped, zero values omitted. */
function summaryOf(spans: readonly PlainSpan[]) {
  const root = spans.find(span => span.parentSpanId === '');
  const [start] = spans.map(span => span.startUnixNano).sort(ascending);
  const end =
    spans
      .map(span => span.endUnixNano)
      .sort(ascending)
      .at(-1) ?? 0n;
  const serviceStats: Record<string, { spanCount: number; errorCount?: number }> = {};
  for (const [service, own] of Map.groupBy(spans, serviceName)) {
    const errorCount = own.filter(span => span.statusCode === StatusCode.error).length;
    serviceStats[service] = { spanCount: own.length, ...(errorCount > 0 && { errorCount }) };
  }
  return {
    traceID: spans[0].traceId.replace(/^0+/, ''),
    rootServiceName: root === undefined ? '<root span not yet received>' : serviceName(root),
    rootTraceName: root?.name,
    startTimeUnixNano: String(start),
    durationMs: Math.trunc(Number(end - start) / 1e6),
    spanSets: [{ spans: [], matched: spans.length }],
    serviceStats,
  };
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : 1;
}

function serviceName(span: PlainSpan): string {
  const value = span.resource.attributes.find(attribute => attribute.key === 'service.name')?.value;
  return value?.type === 'string' ? value.value : '';
}

function tagScopes(spans: readonly PlainSpan[]) {
  const keys = (of: (span: PlainSpan) => readonly { key: string }[]) => [
    ...new Set(spans.flatMap(span => of(span).map(attribute => attribute.key))),
  ];
  return [
    { name: 'span', tags: keys(span => span.attributes ?? []) },
    { name: 'resource', tags: keys(span => span.resource.attributes) },
    { name: 'intrinsic', tags: ['name', 'status', 'kind', 'duration'] },
  ];
}

function tagValues(spans: readonly PlainSpan[], tag: string) {
  const [, scope, key] = /^(span|resource)\.(.*)$/.exec(tag) ?? [];
  const values = spans
    .flatMap(span => (scope === 'resource' ? span.resource.attributes : (span.attributes ?? [])))
    .filter(attribute => attribute.key === key)
    .map(({ value }) => ('value' in value ? String(value.value) : ''));
  return [...new Set(values)].map(value => ({ type: 'string', value }));
}
