import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import { checkTraceTable } from './check-trace-table.ts';
import { missingParentGroups } from './missing-parents.ts';
import type { PlainSpan } from './plain-span.ts';
import { SpanFlag, type TraceTable } from './trace-table.ts';

const BASE = 1_760_000_000_000_000_000n;
const hex = (id: number) => (id === 0 ? '' : id.toString(16).padStart(16, '0'));

/** Few ids and few instants, so that cycles, duplicates, shared ids, ties and missing parents abound. */
const span = fc.record({
  id: fc.integer({ min: 0, max: 12 }),
  parent: fc.integer({ min: 0, max: 15 }),
  kind: fc.constantFrom(1, 2, 3, 4, 5, 99),
  start: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 6 }) }, fc.constantFrom(-1, 2 ** 54)),
  duration: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -3, max: 6 }) }, fc.constant(2 ** 60)),
  name: fc.constantFrom('x', 'y'),
});

const forest = fc.array(span, { maxLength: 40 }).map(spans =>
  spans.map(({ id, parent, kind, start, duration, name }): PlainSpan => {
    const startUnixNano = start < 0 ? 0n : BASE + BigInt(start);
    return {
      traceId: '1'.padStart(32, '0'),
      spanId: hex(id),
      parentSpanId: hex(parent),
      name,
      kind,
      startUnixNano,
      endUnixNano: start < 0 ? 0n : startUnixNano + BigInt(duration),
      resource: { attributes: [] },
    };
  }),
);

/** A span without what the table may change: its place. */
function contentOf(table: TraceTable, row: number): string {
  return [
    table.spanId[row],
    table.parentSpanId[row],
    table.strings.at(table.name[row]),
    table.kind[row],
    (table.flags[row] & SpanFlag.noTimestamp) !== 0 ? '' : table.baseUnixNano + BigInt(table.startNs[row]),
    table.spanDurationNs[row],
  ].join();
}

const sortedContents = (table: TraceTable) =>
  Array.from({ length: table.length }, (_, row) => contentOf(table, row)).sort();

const untimed = {
  traceId: '1'.padStart(32, '0'),
  spanId: '',
  parentSpanId: '',
  name: 'x',
  kind: 1,
  resource: { attributes: [] },
};
const at = (spanId: string, start: number): PlainSpan => ({
  ...untimed,
  spanId,
  startUnixNano: BASE + BigInt(start),
  endUnixNano: BASE + BigInt(start),
});
/** Most spans lie far off; one without a time hangs below the one that does not. */
const BELOW_OFF_SCALE: PlainSpan[] = [
  { ...untimed, parentSpanId: hex(1), startUnixNano: 0n, endUnixNano: 0n },
  ...[at(hex(1), 0), at(hex(2), 2 ** 54), at(hex(3), 2 ** 54)],
];

describe('whatever the damage', () => {
  it('the table keeps its invariants and every span exactly once', () => {
    fc.assert(
      fc.property(forest, spans => {
        const table = tableOfSpans(spans);
        expect(checkTraceTable(table)).toEqual([]);
        const distinct = new Set(
          spans.map(one => JSON.stringify(one, (_, value) => (typeof value === 'bigint' ? `${value}` : value))),
        );
        expect(table.length).toBe(distinct.size);
        expect(table.damage.identicalDuplicates).toBe(spans.length - distinct.size);
      }),
      { numRuns: 500, examples: [[BELOW_OFF_SCALE]] },
    );
  });

  it('the table does not depend on the order of arrival', () => {
    fc.assert(
      fc.property(
        forest.chain(spans => fc.tuple(fc.constant(spans), fc.shuffledSubarray(spans, { minLength: spans.length }))),
        ([spans, shuffled]) => {
          const a = tableOfSpans(spans);
          const b = tableOfSpans(shuffled);
          expect([...b.parent]).toEqual([...a.parent]);
          expect([...b.flags]).toEqual([...a.flags]);
          expect(b.damage).toEqual(a.damage);
          expect(sortedContents(b)).toEqual(sortedContents(a));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a row hangs from the span it names, is a root, or is the server half of a shared id', () => {
    fc.assert(
      fc.property(forest, spans => {
        const table = tableOfSpans(spans);
        for (let row = 0; row < table.length; row++) {
          const above = table.parent[row];
          if ((table.flags[row] & SpanFlag.sharedId) !== 0 && above >= 0) {
            expect(table.spanId[above]).toBe(table.spanId[row]);
          } else if (above >= 0) expect(table.spanId[above]).toBe(table.parentSpanId[row]);
          else if (table.parentSpanId[row] !== 0n) {
            expect(table.flags[row] & (SpanFlag.orphan | SpanFlag.cycleBroken)).not.toBe(0);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('each missing parent has one group of adjacent orphans', () => {
    fc.assert(
      fc.property(forest, spans => {
        const table = tableOfSpans(spans);
        const groups = missingParentGroups(table);
        expect(new Set(groups.map(group => group.parentSpanId)).size).toBe(groups.length);
        expect(groups.length).toBe(table.damage.missingParents);
        expect(groups.reduce((sum, group) => sum + group.rows.length, 0)).toBe(table.damage.orphans);
      }),
      { numRuns: 500 },
    );
  });
});
