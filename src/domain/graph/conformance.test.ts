import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { SpanKind, StatusCode } from '#domain/trace/trace-table.ts';
import { countCalls } from './count-calls.ts';
import { graphOfCalls } from './graph-of-calls.ts';
import { graphAsText } from './testing/graph-as-text.ts';

/** Traces that Zipkin publishes (openzipkin/zipkin, zipkin-lens/testdata, Apache-2.0): halves share ids, peers have names. */
const folder = new URL('../../../../shared/conformance/zipkin/', import.meta.url);

interface ZipkinSpan {
  readonly id: string;
  readonly parentId?: string;
  readonly kind?: 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER';
  readonly timestamp: number;
  readonly duration?: number;
  readonly localEndpoint?: { readonly serviceName?: string };
  readonly remoteEndpoint?: { readonly serviceName?: string };
  readonly tags?: Readonly<Record<string, string>>;
}

const text = (key: string, value: string) => ({ key, value: { type: 'string', value } }) as const;

function plainSpan(span: ZipkinSpan): PlainSpan {
  const { serviceName = '' } = span.localEndpoint ?? {};
  const peer = span.remoteEndpoint?.serviceName ?? '';
  return {
    traceId: '1'.padStart(32, '0'),
    spanId: span.id.padStart(16, '0'),
    parentSpanId: span.parentId?.padStart(16, '0') ?? '',
    name: '',
    kind: SpanKind[(span.kind?.toLowerCase() ?? 'internal') as keyof typeof SpanKind],
    startUnixNano: BigInt(span.timestamp) * 1000n,
    endUnixNano: BigInt(span.timestamp + (span.duration ?? 0)) * 1000n,
    resource: { attributes: serviceName === '' ? [] : [text('service.name', serviceName)] },
    attributes: peer === '' ? [] : [text('peer.service', peer)],
    statusCode: span.tags?.error === undefined ? StatusCode.unset : StatusCode.error,
  };
}

describe.skipIf(!existsSync(folder))('Zipkin’s traces (skipped where ../shared/conformance is absent)', () => {
  it.each([
    [
      'ascend.json',
      [
        'mobile-gateway -> auth-service 1',
        'mobile-gateway -> content-service 1',
        'auth-service: 1',
        'content-service: 1, 1 calls to nobody named',
        'mobile-gateway: 1',
      ],
    ],
    ['envoy.json', ['-: 1']],
    ['messaging.json', ['frontend ~> backend 1', 'backend: 1', 'frontend: 1']],
    [
      'messaging-kafka.json',
      // Six messages that nobody in the trace received, three that two services did.
      [
        'servicea ~> kafka (messaging) 6',
        'servicea ~> servicea 3',
        'servicea ~> serviceb 3',
        'kafka (messaging): 6',
        'servicea: 4',
        'serviceb: 3',
      ],
    ],
    ['simple-db-p6.json', ['bootifulmeters -> app_db (external) 4', 'app_db (external): 4', 'bootifulmeters: 1']],
    ['skew.json', ['servicea -> serviceb 1', 'servicea: 1', 'serviceb: 1']],
  ])('%s', async (file, expected) => {
    const spans = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as ZipkinSpan[];
    const graph = graphAsText(graphOfCalls(await countCalls([tableOfSpans(spans.map(plainSpan))])));
    expect(graph.map(line => line.replace(/, (?:p95|waited) [\d.]+ [^,]+/g, ''))).toEqual(expected);
  });
});
