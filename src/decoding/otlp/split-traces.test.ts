import fc from 'fast-check';
import { expect, it } from 'vitest';
import { summaryOfTable } from '#domain/search/summary-of-table.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { decodeTrace } from './decode-trace.ts';
import { encodeTraces } from './otlp-encode.ts';
import { splitTraces } from './split-traces.ts';

const BASE = 1_760_000_000_000_000_000n;
const id = fc.nat(6).map(n => (n === 0 ? '' : n.toString(16).padStart(16, '0')));
const time = fc.oneof(
  fc.constant(0n),
  fc.bigInt(0n, 40n).map(ns => BASE + ns),
);
const span: fc.Arbitrary<PlainSpan> = fc.record({
  traceId: fc.constantFrom('a', 'b', 'c').map(digit => digit.padStart(32, '0')),
  ...{ spanId: id, parentSpanId: id, name: fc.constantFrom('x', 'y', ''), kind: fc.constant(1) },
  ...{ startUnixNano: time, endUnixNano: time, statusCode: fc.nat(2) },
  resource: fc.constantFrom('web', 'cart', '').map(name => ({
    attributes: name === '' ? [] : [{ key: 'service.name', value: { type: 'string' as const, value: name } }],
  })),
});

it('keeps every span in its trace, and sums a trace up as its table does', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), spans => {
      const { traces, withoutTraceId } = splitTraces(encodeTraces(spans));
      expect(withoutTraceId).toBe(0);
      expect([...traces.values()].reduce((sum, part) => sum + part.spans, 0)).toBe(spans.length);
      for (const [traceId, { bytes, summary }] of traces) {
        const own = spans.filter(one => one.traceId === traceId);
        const table = decodeTrace(traceId, bytes);
        const direct = decodeTrace(traceId, encodeTraces(own));
        if (!table.ok || !direct.ok) throw new Error('the bytes cannot be read');
        expect(summaryOfTable(table.value)).toEqual(summaryOfTable(direct.value));
        if (summary !== undefined) expect(summary).toEqual(summaryOfTable(table.value));
      }
    }),
    { numRuns: 400 },
  );
});

it('sums sound traces up without a table', () => {
  const sound = { startUnixNano: BASE, endUnixNano: BASE + 5n, traceId: 'a'.padStart(32, '0'), kind: 1, name: 'x' };
  const resource = { attributes: [] };
  const spans = ['1', '2'].map(n => ({ ...sound, resource, spanId: n.padStart(16, '0'), parentSpanId: '' }));
  const [part] = splitTraces(encodeTraces(spans)).traces.values();
  expect(part.summary).toMatchObject({ spanCount: 2, durationNs: 5, startUnixNano: BASE });
  const [copied] = splitTraces(encodeTraces([...spans, ...spans])).traces.values();
  expect(copied.summary).toBeUndefined();
});
