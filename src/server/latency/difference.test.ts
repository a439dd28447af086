import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Difference } from '#domain/api/latency-api.ts';
import { seededRandom } from '#domain/testing/seeded-random.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';

const BASE_NS = 1_790_000_000_000_000_000n;
const HOUR_NS = 3_600_000_000_000n;
const TRACES = 900;

let server: TempoServer;
let slowTraces = 0;
beforeAll(async () => {
  server = await tempoServer();
  const traces = makeTraces();
  slowTraces = traces.slow;
  await server.ingest(traces.resourceSpans.slice(0, 600));
  // Some of them in a second segment: sample data has its own.
  const body = new TextEncoder().encode(JSON.stringify({ resourceSpans: traces.resourceSpans.slice(600) }));
  await server.store.ingest(body, 'json', { sample: true });
});
afterAll(() => server?.close());

/**
 * Shops of two services. What pays takes long where the tenant (baggage, on the root only) is acme and the version of pay is
 * 2.3; then it mostly fails with an exception.
 */
function makeTraces() {
  const random = seededRandom(3);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  let slow = 0;
  const resourceSpans = Array.from({ length: TRACES }, (_, t) => {
    const startNs = BASE_NS + (HOUR_NS / BigInt(TRACES)) * BigInt(t);
    const [tenant, version] = [pick(['acme', 'globex', 'hooli', 'stark']), pick(['2.2', '2.3'])];
    const isSlow = tenant === 'acme' && version === '2.3' ? random() < 0.9 : random() < 0.02;
    if (isSlow) slow++;
    const failed = isSlow && random() < 0.7;
    const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
    const span = (n: number, name: string, ns: bigint, more: object) => ({
      traceId: (t + 1).toString(16).padStart(32, '0'),
      spanId: (t * 10 + n + 1).toString(16).padStart(16, '0'),
      name,
      startTimeUnixNano: String(startNs),
      endTimeUnixNano: String(startNs + ns),
      ...more,
    });
    const root = span(0, 'POST /checkout', isSlow ? 2_000_000_000n : 100_000_000n, {
      kind: 2,
      attributes: [
        text('tenant.id', tenant),
        text('request.id', `r${t}`),
        { key: 'cart.items', value: { intValue: String(1 + (t % 30)) } },
      ],
    });
    const pay = (n: number) =>
      span(n, 'charge', isSlow ? 1_500_000_000n : 50_000_000n, {
        kind: 3,
        parentSpanId: root.spanId,
        status: failed ? { code: 2 } : {},
        attributes: [text('psp', pick(['a', 'b']))],
        ...(failed && { events: [{ name: 'exception', attributes: [text('exception.type', 'Timeout')] }] }),
      });
    return [
      { resource: { attributes: [text('service.name', 'shop')] }, scopeSpans: [{ spans: [root] }] },
      {
        resource: { attributes: [text('service.name', 'pay'), text('service.version', version)] },
        scopeSpans: [{ scope: { name: 'psp-client', version: '1' }, spans: [pay(1), pay(2)] }],
      },
    ];
  }).flat();
  return { slow, resourceSpans };
}

const SLOW = { fromNs: undefined, toNs: undefined, minNs: 1_000_000_000n, maxNs: undefined };
const ARGS = {
  q: '{ name = "charge" }',
  startNs: BASE_NS,
  endNs: BASE_NS + HOUR_NS,
  of: 'spans',
  box: SLOW,
  baseline: 'rest',
};

async function ask(change: object = {}): Promise<Difference> {
  const answer = await server.store.query<Answer<Difference>>({ kind: 'difference', args: { ...ARGS, ...change } });
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

test('of slow spans tells what they have in common, one span of each trace', async () => {
  const found = await ask();
  expect(found).toMatchObject({
    verdict: 'differs',
    selection: { count: 2 * slowTraces, compared: slowTraces },
    rest: { count: 2 * (TRACES - slowTraces), compared: TRACES - slowTraces },
  });
  const [pair] = found.pairs;
  expect(pair.parts.map(part => `${part.field} ${part.operator} ${part.value.value}`).sort()).toEqual([
    'baggage.tenant.id = acme',
    'resource.service.version = 2.3',
  ]);
  expect(pair.selectionShare).toBeGreaterThan(0.8);
  expect(found.attributes.map(({ field }) => field).sort()).toEqual(
    ['baggage.tenant.id', 'event:name', 'event.exception.type', 'resource.service.version', 'status'].sort(),
  );
  const tenant = found.attributes.find(({ field }) => field === 'baggage.tenant.id');
  if (tenant?.kind !== 'categorical') throw new Error('the tenant is not compared');
  const [acme] = tenant.values;
  expect(acme).toMatchObject({ value: { type: 'string', value: 'acme' } });
  expect(acme.selectionCount / slowTraces).toBe(acme.selectionShare);
  expect(acme.shareDifference[0]).toBeLessThan(acme.selectionShare - acme.restShare);
  expect(found.alike).toEqual(expect.arrayContaining(['kind', 'name', 'span.psp', 'rootName', 'instrumentation:name']));
});

test('of slow traces looks at all their matching spans', async () => {
  const found = await ask({ q: '{}', of: 'traces' });
  expect(found).toMatchObject({
    selection: { count: slowTraces, compared: slowTraces },
    rest: { count: TRACES - slowTraces, compared: TRACES - slowTraces },
  });
  expect(found.pairs[0].parts.map(({ field }) => field).sort()).toEqual([
    'baggage.tenant.id',
    'resource.service.version',
  ]);
  expect(found.hidden).toEqual(['span.request.id']);
  expect(found.alike).toContain('span.cart.items');
});

test('against the same box an hour earlier', async () => {
  const half = HOUR_NS / 2n;
  const found = await ask({ startNs: BASE_NS + half, endNs: BASE_NS + HOUR_NS + half, baseline: '1h' });
  // Slow ones of the second half hour against slow ones of the first.
  expect(found).toMatchObject({ baseline: '1h', verdict: 'nothing-differs', attributes: [], pairs: [] });
  expect(found.selection.compared).toBeGreaterThan(40);
  expect(found.selection.compared + found.rest.compared).toBe(slowTraces);
  const later = await ask({ startNs: BASE_NS + 24n * HOUR_NS, endNs: BASE_NS + 25n * HOUR_NS, baseline: '1d' });
  expect(later).toMatchObject({ verdict: 'too-few', selection: { count: 0 }, rest: { compared: slowTraces } });
});

test('of a box that cuts time in half tells that nothing differs', async () => {
  const found = await ask({ box: { ...SLOW, minNs: undefined, toNs: BASE_NS + HOUR_NS / 2n } });
  expect(found).toMatchObject({ verdict: 'nothing-differs', attributes: [], pairs: [] });
  expect(found.selection.compared + found.rest.compared).toBe(TRACES);
});

test('an empty window holds too few', async () => {
  expect(await ask({ startNs: BASE_NS - 9n * HOUR_NS, endNs: BASE_NS - 8n * HOUR_NS })).toMatchObject({
    verdict: 'too-few',
    selection: { count: 0, compared: 0 },
    rest: { count: 0, compared: 0 },
  });
});
