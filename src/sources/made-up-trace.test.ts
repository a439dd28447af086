import { expect, it } from 'vitest';
import { decodeTrace } from '#decoding/otlp/decode-trace.ts';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { repeatsOf } from '#domain/analysis/repeats.ts';
import { SpanFlag } from '#domain/trace/trace-table.ts';
import { MADE_UP_TRACE, madeUpSpans } from './made-up-trace.ts';

it('has some of everything that traces are made of', () => {
  const decoded = decodeTrace(MADE_UP_TRACE, encodeTraces(madeUpSpans()));
  if (!decoded.ok) throw new Error(decoded.error.message);
  const table = decoded.value;
  expect(table.length).toBeGreaterThanOrEqual(2_000);
  expect(table.damage.orphans).toBeGreaterThan(0);
  expect(table.damage.cycles).toBe(0);
  expect(table.flags.some(flags => (flags & SpanFlag.endsAfterParent) !== 0)).toBe(true);
  expect(table.events.name.length).toBeGreaterThan(0);
  expect(table.links.spanId.length).toBeGreaterThan(0);
  expect(repeatsOf(table).count).toBeGreaterThan(0);
  expect(new Set(table.depth).size).toBeGreaterThan(4);
});
