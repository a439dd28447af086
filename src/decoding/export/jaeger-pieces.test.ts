import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTrace } from '#decoding/otlp/decode-trace.ts';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import type { WireDetails } from '#decoding/otlp/wire-details.ts';
import { hexId, text } from '#decoding/testing/any-span.ts';
import { openFile } from '#decoding/testing/open-file.ts';
import { spelledOut } from '#decoding/testing/spelled-out.ts';
import type { TraceId } from '#domain/ids.ts';
import { DRAWN_TRACE_ID, readDrawing } from '#domain/testing/drawing.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { type AttributeValue, SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';

const traceId = DRAWN_TRACE_ID as TraceId;
const T0 = 1_760_000_000_000_000_000n;

function tableOf(spans: readonly PlainSpan[]): TraceTable {
  const decoded = decodeTrace(traceId, encodeTraces(spans));
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

function exported(table: TraceTable, partial?: string): string {
  const pieces = (table.details as WireDetails).file({ format: 'jaeger-json', traceId, partial });
  return [...pieces].map(({ text }) => text).join('');
}

function opened(json: string): TraceTable {
  const { tables, problems, format } = openFile(json);
  expect([format, problems]).toEqual(['Jaeger JSON', []]);
  expect(tables).toHaveLength(1);
  return tables[0];
}

/** What Jaeger's form carries: its types, whole µs, times that go on; scopes by name and version. */
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.record({ type: fc.constant('string' as const), value: text }),
  fc.record({ type: fc.constant('int' as const), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
  fc.record({ type: fc.constant('double' as const), value: fc.double() }),
  fc.record({ type: fc.constant('bool' as const), value: fc.boolean() }),
  fc.record({ type: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 9 }) }),
);
const key = fc.oneof(text, fc.constantFrom('__proto__', 'event', 'http.route'));
const attributes = fc.array(fc.record({ key, value }), { maxLength: 4 });
const id = (bytes: number) => hexId(bytes).map(hex => hex.replace(/^0/, 'a'));
const micros = (most: number) => fc.integer({ min: 0, max: most }).map(us => 1000n * BigInt(us));
const service = fc.record({ type: fc.constant('string' as const), value: text.map(name => `s${name}`) });
const span: fc.Arbitrary<PlainSpan> = fc
  .record({
    traceId: fc.constant(DRAWN_TRACE_ID),
    spanId: id(8),
    parentSpanId: fc.oneof(id(8), fc.constant('')),
    name: text,
    kind: fc.integer({ min: 0, max: 5 }),
    after: micros(1000),
    took: micros(1000),
    resource: fc.record({ attributes: fc.tuple(fc.record({ key: fc.constant('service.name'), value: service })) }),
    scope: fc.record({ name: text, version: text }),
    attributes,
    events: fc.array(fc.record({ timeUnixNano: micros(2000).map(ns => T0 + ns), name: text, attributes }), {
      maxLength: 3,
    }),
    links: fc.array(fc.record({ traceId: id(16), spanId: id(8) }), { maxLength: 2 }),
    statusCode: fc.integer({ min: 0, max: 2 }),
    statusMessage: text,
    traceState: text,
    flags: fc.integer({ min: 0, max: 255 }),
  })
  .map(({ after, took, ...rest }) => ({ ...rest, startUnixNano: T0 + after, endUnixNano: T0 + after + took }));
/** With parents among them, and copies; no two differ under one id. */
const trace = fc
  .tuple(
    fc.uniqueArray(span, { minLength: 1, maxLength: 6, selector: ({ spanId }) => spanId }),
    fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
    fc.array(fc.nat(), { maxLength: 2 }),
  )
  .map(([spans, above, again]) => {
    const linked = spans.map((one, i) => {
      const parent = spans[above[i] % (2 * spans.length)];
      const parentSpanId = parent?.spanId ?? one.parentSpanId;
      return { ...one, parentSpanId: parentSpanId === one.spanId ? '' : parentSpanId };
    });
    return [...linked, ...again.map(at => linked[at % linked.length])];
  });

describe('a trace as Jaeger JSON', () => {
  it('is the same table when it is opened again, within what the form carries', async () => {
    await fc.assert(
      fc.asyncProperty(trace, async spans => {
        const table = tableOf(spans);
        const again = opened(exported(table));
        const named = (of: TraceTable) => ({
          ...spelledOut(of),
          scope: Array.from(of.scope, i => [of.scopes[i].name, of.scopes[i].version]),
        });
        expect(named(again)).toEqual(named(table));
        for (let row = 0; row < table.length; row++) {
          const [is, was] = [await again.details.span(row), await table.details.span(row)];
          expect(is.attributes).toEqual(was.attributes);
          expect(is.events).toEqual(was.events);
        }
      }),
      { numRuns: 200 },
    );
  });

  const drawn = readDrawing(`
    web  GET / @server |--------|
    pay    charge !      |--|
  `);
  const jaegerOf = (spans: readonly PlainSpan[], partial?: string) =>
    JSON.parse(exported(tableOf(spans), partial)).data[0];

  it('is what Jaeger writes: references, processes, tags in their types, logs, warnings', () => {
    const [root, child] = drawn;
    const values = {
      big: { type: 'int', value: 2n ** 53n },
      small: { type: 'int', value: 2n ** 53n - 1n },
      half: { type: 'double', value: 0.5 },
      none: { type: 'double', value: Number.NaN },
      raw: { type: 'bytes', value: Uint8Array.of(1, 2, 3) },
      list: { type: 'list', value: [{ type: 'int', value: 1n }] },
    } as const;
    const { traceID, spans, processes, warnings } = jaegerOf(
      [
        root,
        {
          ...child,
          statusMessage: 'declined',
          attributes: [
            ...Object.entries(values).map(([of, is]) => ({ key: of, value: is })),
            {
              key: '@jaeger@warnings',
              value: { type: 'list', value: [{ type: 'string', value: 'clock skew adjusted' }] },
            },
          ],
          links: [{ traceId: 'b'.repeat(32), spanId: 'c'.repeat(16) }],
          events: [{ timeUnixNano: T0 + 1999n, name: 'exception', attributes: [{ key: 'n', value: values.small }] }],
        },
      ],
      'cut at 5 MB',
    );
    expect(traceID).toBe(traceId);
    expect(warnings).toEqual(['cut at 5 MB']);
    expect(Object.values(processes).map(process => (process as { serviceName: string }).serviceName)).toEqual([
      'web',
      'pay',
    ]);
    const [first, second] = spans;
    expect(processes[first.processID].serviceName).toBe('web');
    expect(first).toMatchObject({ references: [], warnings: null, logs: [] });
    expect(first.tags).toContainEqual({ key: 'span.kind', type: 'string', value: 'server' });
    expect(second.references).toEqual([
      { refType: 'CHILD_OF', traceID: traceId, spanID: root.spanId },
      { refType: 'FOLLOWS_FROM', traceID: 'b'.repeat(32), spanID: 'c'.repeat(16) },
    ]);
    for (const tag of [
      { key: 'otel.status_code', type: 'string', value: 'ERROR' },
      { key: 'otel.status_description', type: 'string', value: 'declined' },
      { key: 'error', type: 'bool', value: true },
      { key: 'big', type: 'int64', value: '9007199254740992' },
      { key: 'small', type: 'int64', value: 9007199254740991 },
      { key: 'half', type: 'float64', value: 0.5 },
      { key: 'none', type: 'float64', value: 'NaN' },
      { key: 'raw', type: 'binary', value: 'AQID' },
      { key: 'list', type: 'string', value: '[1]' },
    ]) {
      expect(second.tags).toContainEqual(tag);
    }
    expect(second.warnings).toEqual(['clock skew adjusted']);
    expect(second.tags.map((tag: { key: string }) => tag.key)).not.toContain('@jaeger@warnings');
    expect(second.logs).toEqual([
      {
        timestamp: Number(T0 / 1000n) + 1,
        fields: [
          { key: 'event', type: 'string', value: 'exception' },
          { key: 'n', type: 'int64', value: 9007199254740991 },
        ],
      },
    ]);
  });

  it('loses what the form cannot carry, as its page of the documentation says', async () => {
    const [root] = drawn;
    const odd: PlainSpan = {
      ...root,
      startUnixNano: T0 + 1_999n,
      endUnixNano: T0 + 5_001n,
      kind: 99,
      statusCode: 7,
      droppedAttributes: 3,
      flags: 0x301,
      attributes: [
        { key: 'map', value: { type: 'map', value: [{ key: 'a', value: { type: 'bool', value: true } }] } },
        { key: 'nothing', value: { type: 'empty' } },
      ],
      links: [{ traceId: 'b'.repeat(32), spanId: 'c'.repeat(16), traceState: 'x=1' }],
    };
    const again = opened(exported(tableOf([odd])));
    expect([again.baseUnixNano, again.spanDurationNs[0]]).toEqual([T0 + 1_000n, 3_000]);
    expect([again.kind[0], again.status[0], again.droppedAttributes[0], again.w3cFlags[0]]).toEqual([0, 0, 0, 1]);
    const { attributes, links } = await again.details.span(0);
    expect(attributes).toEqual([
      { key: 'map', value: { type: 'string', value: '{"a": true}' } },
      { key: 'nothing', value: { type: 'string', value: '' } },
    ]);
    expect(links).toMatchObject([{ traceState: '', attributes: [{ key: 'opentracing.ref_type' }] }]);

    const backwards = { ...root, startUnixNano: T0 + 9_000n, endUnixNano: T0 };
    expect(jaegerOf([backwards]).spans[0]).toMatchObject({
      duration: 0,
      warnings: ['The span ends 9000 ns before it starts'],
    });
    expect(opened(exported(tableOf([backwards]))).flags[0] & SpanFlag.negative).toBe(0);

    const [, child] = drawn;
    const besideRoot = { ...child, parentSpanId: '', links: [{ traceId, spanId: root.spanId }] };
    expect(tableOf([root, besideRoot]).damage.roots).toBe(2);
    expect(opened(exported(tableOf([root, besideRoot]))).damage.roots).toBe(1);
  });
});
