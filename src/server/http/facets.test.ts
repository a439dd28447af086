import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { addFacets } from './facets.ts';

function appOf(answer: unknown) {
  const asked: unknown[] = [];
  const app = Fastify();
  addFacets(app, {
    query: async request => {
      asked.push(request);
      return answer as never;
    },
  });
  return { asked, get: (path: string) => app.inject({ method: 'GET', url: path }) };
}

test('fields, limit and range go to the store', async () => {
  const { asked, get } = appOf({ ok: true, value: { fields: [] } });
  const reply = await get('/api/facets?q=%7B%7D&fields=status,baggage.tenant.id&limit=7&find=%20ac&start=1&end=2');
  expect([reply.statusCode, reply.json()]).toEqual([200, { fields: [] }]);
  await get('/api/find-value?text=acme');
  expect(asked).toEqual([
    {
      kind: 'facets',
      args: {
        q: '{}',
        fields: ['status', 'baggage.tenant.id'],
        limit: 7,
        find: 'ac',
        startNs: 1_000_000_000n,
        endNs: 2_000_000_000n,
      },
    },
    { kind: 'findValue', args: { text: 'acme', limit: 12, startNs: undefined, endNs: undefined } },
  ]);
});

test.each([
  '/api/facets?q=%7B%7D',
  '/api/facets?fields=',
  `/api/facets?fields=${Array.from({ length: 25 }, (_, i) => `span.a${i}`)}`,
  '/api/facets?fields=kind&limit=0',
  '/api/facets?fields=kind&limit=1001',
  '/api/facets?fields=kind&q=a&q=b',
  '/api/facets?fields=kind&start=1',
  '/api/facets?fields=kind&start=2&end=1',
  '/api/find-value',
  '/api/find-value?text=%20',
  `/api/find-value?text=${'x'.repeat(4097)}`,
])('%s is 400', async path => {
  const { asked, get } = appOf({ ok: true, value: {} });
  expect((await get(path)).statusCode).toBe(400);
  expect(asked).toEqual([]);
});

test('a refusal is 400 with its reason', async () => {
  const reply = await appOf({ ok: false, message: 'unsupported: x' }).get('/api/facets?fields=kind');
  expect([reply.statusCode, reply.json()]).toEqual([400, { error: 'unsupported: x' }]);
});
