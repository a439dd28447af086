import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';

/** Attribute that all spans of one run carry, and no others. */
export const RUN_KEY = 'selfcheck.run';
export const SERVICE = 'throughline-selfcheck';

export interface KnownTrace {
  readonly traceId: string;
  readonly spans: readonly PlainSpan[];
}

/** Traces of one run: a request, the failing call below it, and a message that links back. They ended a second ago. */
export function knownTraces(
  run: string,
  count: number,
  nowUnixNano: bigint,
  hex: (bytes: number) => string,
): KnownTrace[] {
  return Array.from({ length: count }, (_, n) => knownTrace(run, n, nowUnixNano, hex));
}

function knownTrace(run: string, n: number, nowUnixNano: bigint, hex: (bytes: number) => string): KnownTrace {
  const traceId = hex(16);
  const [root, call, consumer] = [hex(8), hex(8), hex(8)];
  const startUnixNano = nowUnixNano - 2_000_000_001n - BigInt(n);
  const at = (ms: number) => startUnixNano + BigInt(ms) * 1_000_000n;
  const resource = { attributes: [{ key: 'service.name', value: { type: 'string' as const, value: SERVICE } }] };
  const scope = { name: 'selfcheck', version: '1' };
  const mark = { key: RUN_KEY, value: { type: 'string' as const, value: run } };
  const common = { traceId, resource, scope };
  const spans: PlainSpan[] = [
    {
      ...common,
      spanId: root,
      parentSpanId: '',
      name: 'selfcheck request',
      kind: 2,
      startUnixNano,
      endUnixNano: at(1000),
      attributes: [
        mark,
        { key: 'selfcheck.int', value: { type: 'int', value: 2n ** 53n + 1n } },
        { key: 'selfcheck.double', value: { type: 'double', value: 0.1 } },
        { key: 'selfcheck.bool', value: { type: 'bool', value: true } },
        { key: 'selfcheck.text', value: { type: 'string', value: 'ünï “code” 👩‍👩‍👧' } },
      ],
    },
    {
      ...common,
      spanId: call,
      parentSpanId: root,
      name: 'selfcheck call',
      kind: 3,
      startUnixNano: at(100),
      endUnixNano: at(600),
      attributes: [mark],
      events: [
        {
          timeUnixNano: at(500),
          name: 'exception',
          attributes: [{ key: 'exception.type', value: { type: 'string', value: 'Known' } }],
        },
      ],
      statusCode: 2,
      statusMessage: 'fails on purpose',
    },
    {
      ...common,
      spanId: consumer,
      parentSpanId: root,
      name: 'selfcheck message',
      kind: 5,
      startUnixNano: at(700),
      endUnixNano: at(900),
      attributes: [mark],
      links: [{ traceId, spanId: call }],
    },
  ];
  return { traceId, spans };
}

/** Bodies as an exporter sends them. */
export function requestBody(trace: KnownTrace, encoding: 'protobuf' | 'json'): Uint8Array<ArrayBuffer> {
  const proto = encodeTraces(trace.spans);
  return encoding === 'protobuf' ? Uint8Array.from(proto) : new TextEncoder().encode(protoToOtlpJson(proto));
}
