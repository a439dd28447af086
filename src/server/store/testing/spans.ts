import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import type { TraceId } from '#domain/ids.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';

export const NOW_NS = 1_763_632_800_000_000_000n;
export const traceA = '0af7651916cd43dd8448eb211c80319c' as TraceId;
export const traceB = '000000000000000000f067aa0ba902b7' as TraceId;

export function text(key: string, value: string): Attribute {
  return { key, value: { type: 'string', value } };
}

export function attribute(key: string, value: AttributeValue): Attribute {
  return { key, value };
}

export function resource(service: string, ...attributes: Attribute[]): PlainSpan['resource'] {
  return { attributes: [text('service.name', service), ...attributes] };
}

const shop = resource('shop');

/** A span of trace A that starts now and takes 1 ms, unless told otherwise. */
export function span(spanId: string, more: Partial<PlainSpan> = {}): PlainSpan {
  return {
    traceId: traceA,
    spanId: spanId.padStart(16, '0'),
    parentSpanId: '',
    name: 'work',
    kind: 1,
    startUnixNano: NOW_NS,
    endUnixNano: NOW_NS + 1_000_000n,
    resource: shop,
    ...more,
  };
}

export function request(...spans: PlainSpan[]): Uint8Array {
  return encodeTraces(spans);
}

/** A request of `count` spans, all of one trace. */
export function manySpans(traceId: string, count: number): Uint8Array {
  return encodeTraces(Array.from({ length: count }, (_, i) => span((i + 1).toString(16), { traceId })));
}
