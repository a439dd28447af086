import { readSpans, type SentSpan } from '#e2e/otlp/read-spans.ts';
import { type RecordingEndpoint, startRecordingEndpoint } from '#e2e/otlp/recording-endpoint.ts';
import { startShop } from '#e2e/shop/shop.ts';
import { expectDetails, expectTree } from './expect-trace.ts';
import { expect, explore, idle, openTrace, resultIds, results, test } from './fixtures.ts';

/** The real shop, traced by the real SDK, sending through a recorder to the real server, read in a real browser. */

const VISITORS = {
  acme: { 'x-tenant-id': 'acme', 'x-user-id': 'u-ac1', 'x-session-id': 's-one', 'x-variant': 'control' },
  globex: { 'x-tenant-id': 'globex', 'x-user-id': 'u-gl1', 'x-session-id': 's-two', 'x-variant': 'batched-quote' },
};

test.setTimeout(120_000);
// Every span in one window: the tree is compared whole.
test.use({ viewport: { width: 1600, height: 1800 } });

test('a request of the shop is found by service, status and tenant, and is what the SDK sent, also after a restart', async ({
  page,
  server,
}) => {
  const recorder = await startRecordingEndpoint(server.otlpUrl);
  const visit = await visitShop(recorder);
  await recorder.close();
  const sent = Map.groupBy(
    recorder.bodies.flatMap(body => readSpans(body)),
    span => span.traceId,
  );
  const checkout = sent.get(visit.checkout) ?? [];
  expect(new Set(checkout.map(span => span.resource['service.name']))).toEqual(
    new Set(['gateway', 'cart', 'pricing', 'inventory', 'payment', 'loyalty', 'worker']),
  );

  await test.step('found by service', async () => {
    await explore(page, server, { q: '{ resource.service.name = "payment" }' });
    expect(await resultIds(page)).toEqual([visit.checkout]);
  });

  await test.step('found by status', async () => {
    await explore(page, server, { q: '{ status = error }' });
    expect(await resultIds(page)).toEqual([visit.failed]);
  });

  await test.step('found by tenant: the whole trace, though the root itself does not carry the baggage', async () => {
    const root = checkout.find(span => span.parentSpanId === '')!;
    expect(root.attributes['tenant.id']).toBeUndefined();
    await explore(page, server, { q: '{ baggage.tenant.id = "acme" && name = "POST /checkout" }' });
    expect(await resultIds(page)).toEqual([visit.checkout]);
    await explore(page, server, { q: '{ baggage.tenant.id = "globex" }' });
    expect(new Set(await resultIds(page))).toEqual(new Set([visit.browsed, visit.failed]));
  });

  await test.step('the result row speaks of the whole trace', async () => {
    await explore(page, server, { q: '{ resource.service.name = "payment" }' });
    const row = results(page, visit.checkout);
    await expect(row).toContainText('gateway');
    await expect(row).toContainText('POST /checkout');
    await expect(row).toContainText(String(checkout.length));
  });

  await test.step('opened: tree, durations and attributes', async () => {
    await results(page, visit.checkout).click();
    await expect(page).toHaveURL(new RegExp(`/trace/${visit.checkout}`));
    await idle(page);
    await expectTree(page, checkout);
    await expectDetails(page, checkout.find(span => span.name === 'POST /charges')!);
    await expectDetails(page, checkout.find(span => span.name === 'INSERT charges')!);
    await expectDetails(page, checkout.find(span => span.name === 'process orders')!);
  });

  for (const how of ['stop', 'kill'] as const) {
    await test.step(`nothing is gone after ${how === 'stop' ? 'a stop' : 'kill -9'} and a start`, async () => {
      // A young trace is read again now and then; nobody may ask while the server is down.
      await page.goto('about:blank');
      await server.down(how);
      await server.up();
      await openTrace(page, server, visit.checkout);
      await expectTree(page, checkout);
      for (const [traceId, spans] of sent) expect(await storedSpans(server.url, traceId)).toEqual(sorted(spans));
    });
  }
});

/** Two visitors: one buys, one looks and asks for what the shop does not have. Ends when every span has been sent. */
async function visitShop(recorder: RecordingEndpoint) {
  const shop = await startShop(recorder.url, { faults: 'off' });
  const request = async (method: string, path: string, headers: Record<string, string>, body?: unknown) => {
    const response = await fetch(shop.gatewayUrl + path, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return { status: response.status, traceId: response.headers.get('x-trace-id')! };
  };
  try {
    const added = await request('POST', '/cart/items', VISITORS.acme, { sku: 'POT-KYUSU-300', quantity: 1 });
    expect(added.status).toBe(201);
    const checkout = await request('POST', '/checkout', VISITORS.acme);
    expect(checkout.status).toBe(201);
    const browsed = await request('GET', '/products', VISITORS.globex);
    const failed = await request('POST', '/cart/items', VISITORS.globex, { sku: 'TEA-GYOKURO-50', quantity: 1 });
    expect(failed.status).toBe(404);
    return { checkout: checkout.traceId, browsed: browsed.traceId, failed: failed.traceId };
  } finally {
    await shop.close();
  }
}

/** What the server gives back for a trace. */
async function storedSpans(url: string, traceId: string): Promise<SentSpan[]> {
  const response = await fetch(`${url}/tempo/api/traces/${traceId}`, { headers: { accept: 'application/protobuf' } });
  expect(response.status).toBe(200);
  return sorted(readSpans(new Uint8Array(await response.arrayBuffer())));
}

const sorted = (spans: readonly SentSpan[]) => spans.toSorted((a, b) => (a.spanId < b.spanId ? -1 : 1));
