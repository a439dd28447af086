import fc from 'fast-check';
import { hexOf } from '#decoding/otlp/json-scalars.ts';
import { DRAWN_TRACE_ID } from '#domain/testing/drawing.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
export const text = fc.string({ unit: 'grapheme', maxLength: 8 });
export const hexId = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(id => hexOf(id, 0, bytes));

const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue; attribute: Attribute }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.record({ type: fc.constant('string' as const), value: text }),
    fc.record({ type: fc.constant('int' as const), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
    fc.record({ type: fc.constant('double' as const), value: fc.double() }),
    fc.record({ type: fc.constant('bool' as const), value: fc.boolean() }),
    fc.record({ type: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 9 }) }),
    fc.record({ type: fc.constant('empty' as const) }),
    fc.record({ type: fc.constant('list' as const), value: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({ type: fc.constant('map' as const), value: fc.array(tie('attribute'), { maxLength: 3 }) }),
  ),
  attribute: fc.record({ key: fc.oneof(text, fc.constantFrom('__proto__', 'service.name')), value: tie('value') }),
})).value;

const attributes = fc.array(fc.record({ key: fc.oneof(text, fc.constantFrom('__proto__', 'service.name')), value }), {
  maxLength: 4,
});
const resource = fc.record({ attributes, droppedAttributes: u32, schemaUrl: text });
const scope = fc.record({ name: text, version: text, attributes, droppedAttributes: u32, schemaUrl: text });
const anyTime = fc.oneof(u64, fc.bigInt({ min: 1_760_000_000_000_000_000n, max: 1_760_000_000_000_000_100n }));
const anyKind = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));

/** Spans of one trace with anything that OTLP can hold, damage included. */
export const anySpan: fc.Arbitrary<PlainSpan> = fc.record({
  traceId: fc.constant(DRAWN_TRACE_ID),
  spanId: hexId(8),
  parentSpanId: fc.oneof(hexId(8), fc.constant('')),
  name: text,
  kind: anyKind,
  startUnixNano: anyTime,
  endUnixNano: anyTime,
  resource,
  scope,
  attributes,
  events: fc.array(fc.record({ timeUnixNano: anyTime, name: text, attributes, droppedAttributes: u32 }), {
    maxLength: 3,
  }),
  links: fc.array(
    fc.record({ traceId: hexId(16), spanId: hexId(8), traceState: text, attributes, droppedAttributes: u32 }),
    { maxLength: 3 },
  ),
  statusCode: fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constantFrom(7, -1)),
  statusMessage: text,
  traceState: text,
  flags: u32,
  droppedAttributes: u32,
  droppedEvents: u32,
  droppedLinks: u32,
});
