// Requests written by hand, byte for byte: the encoder of the product must not vouch for itself.

/** A Span in OTLP/JSON; any value is possible, because most rows send wrong ones. */
export type SpanJson = Record<string, unknown>;

export function spanJson(span: SpanJson): SpanJson {
  return {
    name: 'GET /',
    kind: 2,
    startTimeUnixNano: '1763632800000000001',
    endTimeUnixNano: '1763632800000000501',
    ...span,
  };
}

export function jsonRequest(spans: readonly SpanJson[]) {
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [{ scope: { name: 'test' }, spans }],
      },
    ],
  };
}

export function protoSpan(traceId: string, spanId: string): number[] {
  return [
    ...bytes(1, Buffer.from(traceId, 'hex')),
    ...bytes(2, Buffer.from(spanId, 'hex')),
    ...text(5, 'GET /'),
    ...number(6, 2),
    ...fixed64(7, 1_763_632_800_000_000_001n),
    ...fixed64(8, 1_763_632_800_000_000_501n),
  ];
}

/** ExportTraceServiceRequest with one resource, one scope and these Span messages. */
export function protoRequest(spans: readonly (readonly number[])[]): Uint8Array {
  const attribute = [...text(1, 'service.name'), ...bytes(2, text(1, 'shop'))];
  const scopeSpans = [...bytes(1, text(1, 'test')), ...spans.flatMap(span => bytes(2, span))];
  return Uint8Array.from(bytes(1, [...bytes(1, bytes(1, attribute)), ...bytes(2, scopeSpans)]));
}

export function bytes(field: number, content: Uint8Array | readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(content.length), ...content];
}

export function text(field: number, content: string): number[] {
  return bytes(field, new TextEncoder().encode(content));
}

export function number(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

export function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  out.push(rest);
  return out;
}

function fixed64(field: number, value: bigint): number[] {
  return [...varint(field * 8 + 1), ...Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))];
}
