import { describe, expect, it } from 'vitest';
import { SpanKind } from '#domain/trace/trace-table.ts';
import { type CriticalPath, type CriticalPathOptions, criticalPath } from './critical-path.ts';
import { pathText } from './testing/path-text.ts';
import { type AnalysedSpan, rowOf, tableOf } from './testing/table-of.ts';

const pathOf = (spans: readonly AnalysedSpan[], options?: CriticalPathOptions) => {
  const table = tableOf(spans);
  return pathText(table, criticalPath(table, undefined, options));
};
const root = (to: number): AnalysedSpan => ({ id: 'root', from: 0, to });
const child = (id: string, from: number, to: number, more: Partial<AnalysedSpan> = {}): AnalysedSpan => ({
  id,
  parent: 'root',
  from,
  to,
  ...more,
});

describe('the rule', () => {
  it('is the drawing of the docstring', () => {
    expect(pathOf([root(20), child('a', 11, 19), child('b', 2, 9), child('c', 4, 13)])).toBe(
      'root 0–2, b 2–9, root 9–11, a 11–19, root 19–20',
    );
  });

  it.each<[string, AnalysedSpan[], string]>([
    ['a lone span', [root(100)], 'root 0–100'],
    ['a span without duration', [root(0)], ''],
    ['a child that covers its parent exactly', [root(100), child('a', 0, 100)], 'a 0–100'],
    ['touching siblings', [root(100), child('a', 0, 50), child('b', 50, 100)], 'a 0–50, b 50–100'],
    ['a child that outlives its parent', [root(100), child('a', 60, 150)], 'root 0–60, a 60–100'],
    ['a child that starts before its parent', [root(100), child('a', -20, 30)], 'a 0–30, root 30–100'],
    ['a child on both sides of its parent', [root(100), child('a', -20, 150)], 'a 0–100'],
    ['a child wholly outside', [root(100), child('a', 100, 150), child('b', -9, 0)], 'root 0–100'],
    ['a child that ends before it starts', [root(100), child('a', 60, 40)], 'root 0–100'],
    ['parallel children', [root(100), child('a', 10, 60), child('b', 10, 90)], 'root 0–10, b 10–90, root 90–100'],
    [
      'equal ends: the later start',
      [root(100), child('a', 10, 90), child('b', 50, 90)],
      'root 0–50, b 50–90, root 90–100',
    ],
    [
      'a grandchild cut by its parent’s part of the path',
      [root(100), child('a', 10, 90), { id: 'aa', parent: 'a', from: 80, to: 99 }],
      'root 0–10, a 10–80, aa 80–90, root 90–100',
    ],
  ])('%s', (_what, spans, expected) => expect(pathOf(spans)).toBe(expected));

  it('leaves out a consumer below a producer with all that it does, but no other consumer', () => {
    const spans = (kind: number) => [
      child('send', 0, 50, { kind }),
      { id: 'receive', parent: 'send', from: 10, to: 40, kind: SpanKind.consumer },
      { id: 'work', parent: 'receive', from: 20, to: 30 },
    ];
    expect(pathOf([root(50), ...spans(SpanKind.producer)])).toBe('send 0–50');
    expect(pathOf([root(50), ...spans(SpanKind.client)])).toBe(
      'send 0–10, receive 10–20, work 20–30, receive 30–40, send 40–50',
    );
  });

  it('takes the earliest of several roots, and any other on request', () => {
    const table = tableOf([
      { id: 'late', from: 50, to: 80 },
      { id: 'early', from: 10, to: 40 },
      { id: 'orphan', parent: 'lost', from: 60, to: 70 },
    ]);
    expect(pathText(table, criticalPath(table))).toBe('early 0–30');
    expect(pathText(table, criticalPath(table, rowOf(table, 'late')))).toBe('late 0–30');
    expect(pathText(table, criticalPath(table, rowOf(table, 'orphan')))).toBe('orphan 0–10');
  });

  it('has nothing to say about a trace without spans', () => {
    expect(criticalPath(tableOf([]))).toMatchObject({ rootRow: -1, row: new Int32Array(0) });
  });
});

describe('clock noise', () => {
  const overlapping = [root(1000), child('a', 10, 210), child('b', 209, 309)];
  it('counts siblings that overlap by less than a hundredth as sequential', () => {
    expect(pathOf(overlapping)).toBe('root 0–10, a 10–209, b 209–309, root 309–1000');
  });

  it('can be switched off', () => {
    expect(pathOf(overlapping, { toleratedOverlap: 0 })).toBe('root 0–209, b 209–309, root 309–1000');
  });

  it('is no longer noise at a hundredth', () => {
    expect(pathOf([root(1000), child('a', 10, 219), child('b', 209, 309)])).toBe(
      'root 0–209, b 209–309, root 309–1000',
    );
  });

  it('is not noise when a third child starts or ends within the overlap', () => {
    expect(pathOf([...overlapping, child('c', 210, 220)])).toContain('root 0–209');
  });

  it('is not noise when the first contains the second', () => {
    expect(pathOf([root(1000), child('a', 208, 210), child('b', 209, 210)])).toBe(
      'root 0–209, b 209–210, root 210–1000',
    );
  });
});

describe('size', () => {
  const COUNT = 100_000;
  const total = (path: CriticalPath) => path.toNs[path.toNs.length - 1] - path.fromNs[0];

  it('a chain of 100,000 spans', () => {
    const spans = Array.from({ length: COUNT }, (_, i): AnalysedSpan => {
      const span = { id: `s${i}`, from: i, to: 2 * COUNT - i };
      return i === 0 ? span : { ...span, parent: `s${i - 1}` };
    });
    const path = criticalPath(tableOf(spans));
    expect(path.row.length).toBe(2 * COUNT - 1);
    expect(total(path)).toBe(2 * COUNT);
  });

  it.each([
    ['in sequence', (i: number) => [2 * i, 2 * i + 1], 2 * COUNT],
    ['side by side', (_i: number) => [0, 2 * COUNT], 1],
    ['in steps that all overlap', (i: number) => [i, i + 10], 2 * (COUNT / 10) + 1],
  ] as const)('100,000 children %s', (_what, extent, atLeast) => {
    const children = Array.from({ length: COUNT }, (_, i) => child(`c${i}`, ...(extent(i) as [number, number])));
    const path = criticalPath(tableOf([root(2 * COUNT), ...children]));
    expect(path.row.length).toBeGreaterThanOrEqual(atLeast / 2);
    expect(total(path)).toBe(2 * COUNT);
  });
});
