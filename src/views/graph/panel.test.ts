import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EdgeChange } from '#domain/api/graph-api.ts';
import { graphOfRows } from '#domain/graph/graph-rows.ts';
import { changeWords, ratioWords } from './change-words.ts';
import { courseShape } from './course-shape.ts';
import { histogramShape } from './histogram-shape.ts';
import { partFigures } from './part-figures.ts';
import { pictureOf } from './picture.ts';
import { tableDataOf } from './table-data.ts';
import { edgeRows, nodeRows, tableCsv } from './table-rows.ts';

const EDGE = { from: 'checkout', to: 'payment', toKind: 'service', async: false, destination: '' } as const;
const clock = () => '14:06';

function change(what: EdgeChange['what'], before: number, now: number): EdgeChange {
  return { edge: EDGE, what, before, now, worse: true, firstBadUnixNano: '1' };
}

test('changes are told in words', () => {
  expect(changeWords(change('p95', 448e6, 1.84e9), clock)).toBe('p95 448\u00a0ms → 1.84\u00a0s since 14:06');
  expect(changeWords(change('errors', 0.003, 0.094), clock)).toBe('errors 0.3\u00a0% → 9.4\u00a0% since 14:06');
  expect(changeWords({ ...change('new', 0, 3), firstBadUnixNano: '1' }, clock)).toBe('new, 3/s');
  expect(changeWords(change('gone', 0.05, 0), clock)).toBe('gone, 3/min before');
  expect([
    ratioWords(448, 1840),
    ratioWords(212, 246),
    ratioWords(10, 7),
    ratioWords(1000, 1001),
    ratioWords(0, 2),
  ]).toEqual(['×4.11', '+16\u00a0%', '\u221230\u00a0%', '·', 'from 0']);
});

test('a histogram keeps its bars inside and as tall as their shares', () => {
  const histogram = fc.record({
    firstBucket: fc.integer({ min: 0, max: 160 }),
    counts: fc.array(fc.oneof(fc.constant(0), fc.nat(1000)), { maxLength: 40 }),
  });
  fc.assert(
    fc.property(histogram, fc.option(histogram, { nil: undefined }), (now, before) => {
      const shape = histogramShape(now, before, 340, 88);
      if (shape === undefined) return;
      for (const { x, y, width, height } of shape.bars) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(341);
        expect(y + height).toBeCloseTo(88);
        expect(y).toBeGreaterThanOrEqual(-1e-9);
      }
      expect(shape.bars).toHaveLength(now.counts.filter(count => count > 0).length);
      expect(shape.outline).not.toMatch(/NaN|Infinity/);
    }),
  );
  const empty = { firstBucket: 0, counts: [0] };
  expect(histogramShape({ firstBucket: 0, counts: [] }, empty, 340, 88)).toBeUndefined();
  expect(histogramShape({ firstBucket: 3, counts: [2] }, empty, 340, 88)?.outline).toBe('');
  expect(histogramShape(empty, { firstBucket: 3, counts: [2] }, 340, 88)).toMatchObject({ bars: [] });
  // 1 ms is 2^19.93 ns.
  const { ticks } = histogramShape({ firstBucket: 78, counts: [1, 2, 3, 2, 1] }, undefined, 340, 88)!;
  expect(ticks.map(({ label }) => label)).toContain('1\u00a0ms');
});

test('a course stays inside, breaks where nothing is told and knows what was usual', () => {
  const column = fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(column, { maxLength: 60 }), fc.array(column, { maxLength: 60 }), (now, before) => {
      const { line, band } = courseShape(now, before, 340, 34);
      for (const [, y] of line.matchAll(/[ML]\S+ (\S+)H/g)) {
        expect(Number(y)).toBeGreaterThanOrEqual(0);
        expect(Number(y)).toBeLessThanOrEqual(34);
      }
      if (band) expect(band.y + band.height).toBeLessThanOrEqual(34.1);
    }),
  );
  expect(courseShape([1, undefined, 1], [], 30, 20).line.match(/M/g)).toHaveLength(2);
});

const NONE = { p50Ns: 1e6, p95Ns: 2e6, p99Ns: 3e6, p95LowNs: 0, p95HighNs: 0, queueP50Ns: 0, queueP95Ns: 0 };
const GRAPH = graphOfRows(
  ['checkout', '=cmd|x'].map(name => ({
    ...{ name, kind: 'service', system: '', group: '', calls: 120, errors: 3, unnamedCalls: 0, unknownCallers: 0 },
    ...NONE,
  })),
  [{ ...EDGE, to: '=cmd|x', toSystem: '', calls: 120, errors: 3, clientOnly: 12, traces: 100, ...NONE }],
  10,
);
const DATA = { graph: GRAPH, before: GRAPH, changes: [], seconds: 60, shows: () => true, destinations: [] };

test('the table is a file of plain numbers in which no name is a formula', () => {
  expect(tableCsv(edgeRows(DATA), 'edges')).toBe(
    'from,to,kind,calls per second,errors %,p50 ms,p95 ms,p99 ms,queue p50 ms,p95 before ms,change\r\n' +
      "checkout,'=cmd|x,service,2,2.5,1,2,3,,2,\r\n",
  );
  expect(tableCsv(nodeRows(DATA), 'nodes').split('\r\n')[0]).toBe(
    'name,kind,calls per second,errors %,p50 ms,p95 ms,p99 ms,queue p50 ms,p95 before ms,change',
  );
});

test('of a grouped graph the file has the groups of its nodes', () => {
  const group = GRAPH.nodes.name.map(name => (name === 'checkout' ? 'shop' : ''));
  const [header, ...rows] = tableCsv(
    nodeRows({ ...DATA, graph: { ...GRAPH, nodes: { ...GRAPH.nodes, group } } }),
    'nodes',
  ).split('\r\n');
  expect(header).toMatch(/^name,kind,group,calls per second/);
  expect(
    rows
      .slice(0, 2)
      .map(row => row.split(',').slice(0, 3).join())
      .sort(),
  ).toEqual(["'=cmd|x,service,", 'checkout,service,shop']);
});

test('a part is found in any answer by its name', () => {
  expect(partFigures(GRAPH, { edge: { ...EDGE, to: '=cmd|x' } })).toMatchObject({ calls: 120, clientOnly: 12 });
  expect(partFigures(GRAPH, { service: 'checkout' })).toMatchObject({ calls: 120 });
  expect(partFigures(GRAPH, { edge: EDGE })).toBeUndefined();
});

test('the table lists each node that is drawn, destinations of asynchronous calls among them', () => {
  const edge = {
    from: 'shop',
    to: 'mail',
    toKind: 'service',
    toSystem: '',
    async: true,
    destination: 'orders',
  } as const;
  const figures = { calls: 120, errors: 3, ...NONE };
  const graph = graphOfRows(
    ['shop', 'mail'].map(name => ({
      ...{ name, kind: 'service', system: '', group: '', unnamedCalls: 0, unknownCallers: 0 },
      ...figures,
    })),
    [{ ...edge, ...figures, clientOnly: 0, traces: 100 }],
    10,
  );
  const picture = pictureOf(graph, []);
  const reading = { startUnixNano: '0', endUnixNano: '60000000000', graph, covers: [], done: 1, total: 1 };
  const data = tableDataOf(reading, { picture, filtered: picture, whole: picture, seconds: 60 });
  const rows = nodeRows(data);
  expect(rows.map(({ to, kind, perSecond }) => [to, kind, perSecond])).toEqual([
    ['mail', 'service', 2],
    ['shop', 'service', 2],
    ['orders', 'messaging', 2],
  ]);
  expect(rows).toHaveLength(picture.nodes.length);
});
