import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import { checkTraceTable } from '#domain/trace/check-trace-table.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { adjustInSteps } from './adjusted-clocks.ts';
import { adjustmentOf, receivedTable } from './clock-adjustment.ts';
import { type ClockSkew, clockSkew } from './clock-skew.ts';
import { criticalPath } from './critical-path.ts';
import { allSteps } from './steps.ts';

const adjustClocks = (received: TraceTable, skew: ClockSkew): TraceTable => allSteps(adjustInSteps(received, skew));

const AHEAD = `
  shop   GET / @server          |-------------------|
  shop     call @client           |-------|
  stock      answer @server             |---*---|
  stock        query                       |-|
  shop     render                            |---|
`;

it('moves a server whose clock is off, and what it called, into the middle of the call it answers', () => {
  const received = drawTrace(AHEAD);
  const adjusted = adjustClocks(received, clockSkew(received));
  const ms = (table: typeof received) => Array.from(table.startNs, ns => ns / 1e6);
  expect(ms(received)).toEqual([0, 2, 8, 11, 13]);
  expect(ms(adjusted)).toEqual([0, 2, 2, 5, 13]);
  expect(adjusted.events.timeNs[0] - received.events.timeNs[0]).toBe(-6e6);
  expect(adjustmentOf(adjusted)?.movedNs).toEqual(Float64Array.of(0, 0, -6e6, -6e6, 0));
  expect(adjustmentOf(adjusted)).toMatchObject({ count: 2, leastNs: -6e6, mostNs: -6e6 });
  expect([received.damage.outsideParent, adjusted.damage.outsideParent]).toEqual([1, 0]);
  expect(adjusted.flags[2]).toBe(0);
});

it('takes the clocks of two services on one host for one', () => {
  const table = drawTrace(AHEAD);
  const onHosts = (hosts: readonly string[]): TraceTable => ({
    ...table,
    resources: table.resources.map((row, i) => ({
      ...row,
      attributes: [{ key: 'host.name', value: { type: 'string', value: hosts[i] } }],
    })),
  });
  expect(clockSkew(onHosts(['a', 'b'])).row).toHaveLength(1);
  expect(clockSkew(onHosts(['a', 'a'])).row).toHaveLength(0);
  expect(clockSkew(onHosts(['', ''])).row).toHaveLength(1);
});

it('leaves the table that came alone, and says where an adjusted one is from', () => {
  const received = drawTrace(AHEAD);
  const copy = structuredClone({ ...received, strings: 0, details: 0 });
  const adjusted = adjustClocks(received, clockSkew(received));
  expect({ ...received, strings: 0, details: 0 }).toEqual(copy);
  expect(receivedTable(adjusted)).toBe(received);
  expect(receivedTable(received)).toBe(received);
  expect(adjustmentOf(received)).toBeUndefined();
});

it('lets the axis begin at the first span where a clock that was behind began it', () => {
  const received = drawTrace(`
    shop   call @client          |-------|
    stock    answer @server   |---|
  `);
  const adjusted = adjustClocks(received, clockSkew(received));
  expect(Array.from(adjusted.startNs)).toEqual([0, 2e6]);
  expect(adjusted.baseUnixNano - received.baseUnixNano).toBe(3_000_000n);
  expect(adjusted.durationNs).toBe(8e6);
});

it('moves nothing where two answered one call', () => {
  const received = drawTrace(`
    shop   call @client      |-------|
    a        one @server   |--|
    b        two @server           |---|
  `);
  const skew = clockSkew(received);
  expect(skew.row).toHaveLength(2);
  expect(adjustClocks(received, skew).startNs).toEqual(received.startNs);
});

const chains = fc
  .array(
    fc.record({
      up: fc.integer({ min: 0, max: 3 }),
      startUs: fc.integer({ min: 0, max: 5_000 }),
      durationUs: fc.integer({ min: 0, max: 3_000 }),
      service: fc.constantFrom('a', 'b'),
      kind: fc.constantFrom(2, 3),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map(spans =>
    tableOfSpans(
      spans.map((span, i): PlainSpan => {
        const startUnixNano = 1_760_000_000_000_000_000n + BigInt(span.startUs) * 1_000n + BigInt(i);
        return {
          traceId: '0123456789abcdef0123456789abcdef',
          spanId: (i + 1).toString(16).padStart(16, '0'),
          parentSpanId: i - span.up < 1 ? '' : (i - span.up).toString(16).padStart(16, '0'),
          name: `span ${i}`,
          kind: span.kind,
          startUnixNano,
          endUnixNano: startUnixNano + BigInt(span.durationUs) * 1_000n,
          resource: { attributes: [{ key: 'service.name', value: { type: 'string', value: span.service } }] },
        };
      }),
    ),
  );

it('keeps every invariant of a table, every row and every duration; what it moved lies inside its call', () => {
  fc.assert(
    fc.property(chains, received => {
      const adjusted = adjustClocks(received, clockSkew(received));
      expect(checkTraceTable(adjusted)).toEqual([]);
      expect(adjusted.spanDurationNs).toBe(received.spanDurationNs);
      expect(adjusted.parent).toBe(received.parent);
      const { movedNs } = adjustmentOf(adjusted)!;
      for (let row = 0; row < adjusted.length; row++) {
        const above = adjusted.parent[row];
        if (above < 0 || movedNs[row] === movedNs[above]) continue;
        const end = (of: number) => adjusted.startNs[of] + adjusted.spanDurationNs[of];
        expect(adjusted.startNs[row]).toBeGreaterThanOrEqual(adjusted.startNs[above]);
        expect(end(row)).toBeLessThanOrEqual(end(above));
      }
      const { rootRow, fromNs, toNs } = criticalPath(adjusted);
      expect(fromNs.reduce((sum, from, i) => sum + toNs[i] - from, 0)).toBe(
        Math.max(0, adjusted.spanDurationNs[rootRow]),
      );
    }),
  );
});
