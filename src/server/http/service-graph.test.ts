import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { addServiceGraph } from './service-graph.ts';

async function ask(path: string): Promise<{ status: number; body: unknown; asked: unknown }> {
  let asked: unknown;
  const app = Fastify();
  addServiceGraph(app, {
    query: async <T>(request: unknown) => {
      asked = request;
      return { ok: true, value: { graph: 'here' } } as T;
    },
  });
  const { statusCode, body } = await app.inject({ method: 'GET', url: path });
  return { status: statusCode, body: JSON.parse(body), asked };
}

test('a range and a baseline', async () => {
  const { status, asked } = await ask(
    '/api/service-graph?q=%7B%7D&start=100&end=200&compare=day&group=resource.k8s.cluster',
  );
  const range = { q: '{}', startNs: 100_000_000_000n, endNs: 200_000_000_000n, compare: 'day' };
  expect([status, asked]).toEqual([200, { kind: 'serviceGraph', args: { ...range, groupBy: 'k8s.cluster' } }]);
});

test.each([
  ['service=pay', { service: 'pay' }],
  ['to=stock&kind=database', { peer: 'stock', kind: 'database' }],
  [
    'from=a&to=b&async=true&destination=orders',
    { edge: { from: 'a', to: 'b', toKind: 'service', async: true, destination: 'orders' } },
  ],
])('calls of %s', async (params, of) => {
  const { status, asked } = await ask(`/api/service-graph/calls?start=1&end=2&${params}`);
  expect([status, asked]).toMatchObject([200, { kind: 'graphCalls', args: { of } }]);
});

test.each([
  ['/api/service-graph', 'start and end say which window, in unix seconds'],
  ['/api/service-graph?start=5&end=5', 'start must be before end'],
  ['/api/service-graph?start=5&end=6&compare=month', 'compare is one of previous, day, week'],
  ['/api/service-graph?start=5&end=6&q=a&q=b', 'q may be given once'],
  ['/api/service-graph/calls?start=5&end=6', 'service names a node, to (with kind) a peer, from and to an edge'],
  ['/api/service-graph/calls?start=5&end=6&to=x&kind=disk', 'kind is one of service, database, messaging, external'],
])('%s: %s', async (path, error) => {
  expect(await ask(path)).toMatchObject({ status: 400, body: { error }, asked: undefined });
});
