import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { addLatency } from './latency.ts';

function appOf(answer: unknown) {
  const asked: unknown[] = [];
  const app = Fastify();
  addLatency(app, {
    query: async request => {
      asked.push(request);
      return answer as never;
    },
  });
  return { asked, get: (path: string) => app.inject({ method: 'GET', url: path }) };
}

test('query, unit, range, columns and box go to the store', async () => {
  const { asked, get } = appOf({ ok: true, value: { counts: [] } });
  const reply = await get('/api/heatmap?q=%7B%7D&start=1&end=1790000000000000001&columns=120&of=traces');
  expect([reply.statusCode, reply.json()]).toEqual([200, { counts: [] }]);
  await get('/api/red?start=1&end=2');
  await get('/api/heatmap/traces?start=1&end=2&box=1500000000~~1000~');
  await get('/api/difference?start=1&end=2&box=~~1000~2000&baseline=1d');
  const second = { q: '{}', of: 'spans', startNs: 1_000_000_000n, endNs: 2_000_000_000n };
  expect(asked).toEqual([
    { kind: 'heatmap', args: { ...second, of: 'traces', endNs: 1_790_000_000_000_000_001n, columns: 120 } },
    { kind: 'red', args: { ...second, columns: 60 } },
    {
      kind: 'cellTraces',
      args: { ...second, box: { fromNs: 1_500_000_000n, toNs: undefined, minNs: 1_000n, maxNs: undefined } },
    },
    {
      kind: 'difference',
      args: { ...second, box: { fromNs: undefined, toNs: undefined, minNs: 1_000n, maxNs: 2_000n }, baseline: '1d' },
    },
  ]);
});

test.each([
  ['/api/heatmap', 'start and end are unix seconds or nanoseconds'],
  ['/api/heatmap?start=1', 'start and end are unix seconds or nanoseconds'],
  ['/api/heatmap?start=1&end=9999999999999999999', 'start and end are unix seconds or nanoseconds'],
  ['/api/heatmap?start=2&end=2', 'start must be before end'],
  ['/api/heatmap?start=1&end=2&columns=0', 'columns is a number from 1 to 2000'],
  ['/api/red?start=1&end=2&columns=2001', 'columns is a number from 1 to 2000'],
  ['/api/red?start=1&end=2&of=services', 'of is spans or traces'],
  ['/api/red?start=1&end=2&q=a&q=b', 'q may be given once'],
  ['/api/difference?start=1&end=2&box=~~1~2&baseline=2h', 'baseline is rest, 1h, 1d or 1w'],
  ['/api/heatmap/traces?start=1&end=2', 'box is from~to~min~max'],
  ['/api/heatmap/traces?start=1&end=2&box=1~2~3', 'box is from~to~min~max'],
  ['/api/heatmap/traces?start=1&end=2&box=1~2~-3~4', 'box is from~to~min~max'],
])('%s is 400: %s', async (path, error) => {
  const { asked, get } = appOf({ ok: true, value: {} });
  const reply = await get(path);
  expect([reply.statusCode, reply.json().error]).toEqual([400, expect.stringContaining(error)]);
  expect(asked).toEqual([]);
});
