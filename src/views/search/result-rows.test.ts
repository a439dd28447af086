import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { facetValues } from './facet-values.ts';
import { emptyingFilter, rangeAround } from './no-match.ts';
import { nextSort, rowsAddedOnTop, sortRows, topServices, traceWindow } from './result-rows.ts';

const row = (name: string, startS: number, durationMs = 1, spans = 1): TraceSummary => ({
  traceId: name.padStart(32, '0') as TraceId,
  rootServiceName: name,
  rootName: 'GET /',
  startUnixNano: BigInt(startS) * 1_000_000_000n,
  durationNs: durationMs * 1e6,
  services: [{ name, spanCount: spans, errorCount: 0 }],
  spanCount: spans,
  errorCount: 0,
  matchedSpans: undefined,
});
const names = (rows: readonly TraceSummary[]) => rows.map(each => each.rootServiceName);
const rows = [row('a', 1, 5), row('b', 3, 2), row('c', 2, 5)];

describe('the order of results', () => {
  it('is newest first, then by what was pressed; ties stand newest first', () => {
    expect(names(sortRows(rows, { column: 'start', descending: true }))).toEqual(['b', 'c', 'a']);
    expect(names(sortRows(rows, { column: 'duration', descending: true }))).toEqual(['c', 'a', 'b']);
    expect(names(sortRows(rows, { column: 'duration', descending: false }))).toEqual(['b', 'c', 'a']);
  });

  it('does not depend on the order of the answer', () => {
    const many = fc.uniqueArray(fc.record({ id: fc.nat(999), start: fc.nat(5), ms: fc.nat(3) }), {
      selector: ({ id }) => id,
    });
    fc.assert(
      fc.property(
        many,
        fc.constantFrom('start', 'duration', 'spans', 'name'),
        fc.boolean(),
        (all, column, descending) => {
          const traces = all.map(({ id, start, ms }) => row(String(id), start, ms));
          const sorted = sortRows(traces, { column, descending });
          expect(sortRows([...traces].reverse(), { column, descending })).toEqual(sorted);
        },
      ),
    );
  });

  it('turns round on a second press; numbers start with the largest', () => {
    expect(nextSort({ column: 'start', descending: true }, 'errors')).toEqual({ column: 'errors', descending: true });
    expect(nextSort({ column: 'errors', descending: true }, 'errors')).toEqual({ column: 'errors', descending: false });
    expect(nextSort({ column: 'start', descending: true }, 'name')).toEqual({ column: 'name', descending: false });
  });
});

describe('results', () => {
  it('know how many rows came in on top', () => {
    const after = [row('e', 5), row('d', 4), ...rows];
    expect(rowsAddedOnTop(rows, after)).toBe(2);
    expect(rowsAddedOnTop(rows, rows)).toBe(0);
    expect(rowsAddedOnTop([], after)).toBe(0);
    expect(rowsAddedOnTop([row('gone', 9)], after)).toBe(0);
  });

  it('link with a window of whole minutes around the trace', () => {
    const { startMs, endMs } = traceWindow(row('a', 1_789_645_207, 2840));
    expect(startMs % 60_000).toBe(0);
    expect(endMs % 60_000).toBe(0);
    expect(startMs).toBeLessThanOrEqual(1_789_645_207_000 - 15 * 60_000);
    expect(endMs).toBeGreaterThanOrEqual(1_789_645_209_840 + 15 * 60_000);
    expect(traceWindow(row('a', 0)).startMs).toBe(0);
  });

  it('name the services with most spans', () => {
    expect(topServices([row('a', 1, 1, 2), row('b', 1, 1, 9), row('a', 2, 1, 3)], 1)).toEqual(['b']);
    expect(topServices([row('a', 1, 1, 2), row('b', 1, 1, 3), row('a', 2, 1, 3)], 5)).toEqual(['a', 'b']);
  });
});

describe('no match', () => {
  it('names the filter whose removal brings most back', () => {
    expect(emptyingFilter([{ without: 0 }, { without: 7904 }, { without: 3 }])).toBe(1);
    expect(emptyingFilter([{ without: 0 }, { without: 0 }])).toBeUndefined();
    expect(emptyingFilter([{ without: undefined }])).toBeUndefined();
  });

  it('says what the store holds in whole minutes', () => {
    expect(rangeAround('90000000000', '150000000001')).toEqual({ fromMs: 60_000, toMs: 180_000 });
    expect(rangeAround(undefined, '1')).toBeUndefined();
  });
});

describe('facet values', () => {
  const text = (value: string) => ({ type: 'string' as const, value });

  it('put what is chosen first and keep it where the source lists it no more', () => {
    const chips = [
      { field: { kind: 'service' } as const, op: '=' as const, values: [text('c'), text('gone')] },
      { field: { kind: 'operation' } as const, op: '=' as const, values: [text('x')] },
    ];
    const shown = facetValues([text('a'), text('b'), text('c')], chips, { kind: 'service' }, '');
    expect(shown.map(({ value }) => value)).toEqual(['gone', 'c', 'a', 'b']);
  });

  it('of a closed set stand in their usual order', () => {
    const known = ['unset', 'error'].map(value => ({ type: 'keyword' as const, value }));
    expect(facetValues(known, [], { kind: 'status' }, '').map(({ value }) => value)).toEqual(['error', 'unset']);
    expect(facetValues(known, [], { kind: 'status' }, 'UN').map(({ value }) => value)).toEqual(['unset']);
  });
});
