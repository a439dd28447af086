import { corpus } from '#e2e/bench/requests.ts';
import { jsonTrace, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, explore, idle, resultIds, results, type Stock, test } from './fixtures.ts';

const MINUTE = 60_000;

/** Five traces, one minute apart; `a` is the newest. */
const FIVE: Stock = {
  async fill(server) {
    const traces = [
      { label: 'a', service: 'storefront', name: 'GET /products', tenant: 'acme', ms: 40 },
      { label: 'b', service: 'storefront', name: 'POST /checkout', tenant: 'acme', ms: 900, error: 'timeout' },
      { label: 'c', service: 'storefront', name: 'POST /checkout', tenant: 'globex', ms: 120 },
      { label: 'd', service: 'worker', name: 'process orders', tenant: 'globex', ms: 15 },
      { label: 'e', service: 'storefront', name: 'GET /products', tenant: 'initech', ms: 60 },
    ];
    for (const [age, { label, service, name, tenant, ms, error }] of traces.entries()) {
      const child = {
        id: `${label}-child`,
        parent: label,
        service: 'pricing',
        name: 'GET /prices',
        at: 1,
        ms: ms - 2,
        attributes: { 'tenant.id': tenant },
      };
      const root = { id: label, service, name, ms, kind: name.startsWith('process') ? 5 : 2, ...(error && { error }) };
      await server.send(jsonTrace(label, Date.now() - (age + 1) * MINUTE, [root, child]));
    }
  },
};
const ids = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map(label => [label, traceIdOf(label)]));
const labels = (list: readonly string[]) =>
  list.map(id => Object.keys(ids).find(label => ids[label] === id) ?? id).join(' ');

test.describe('five traces', () => {
  test.use({ stock: FIVE });

  const QUERIES: readonly [what: string, q: string, expected: string][] = [
    ['everything, newest first', '', 'a b c d e'],
    ['a service', '{ resource.service.name = "worker" }', 'd'],
    ['a service that is not the root', '{ resource.service.name = "pricing" }', 'a b c d e'],
    ['errors', '{ status = error }', 'b'],
    ['not that service', '{ rootServiceName != "storefront" }', 'd'],
    ['an operation', '{ name = "POST /checkout" }', 'b c'],
    ['a kind', '{ kind = consumer }', 'd'],
    ['a duration', '{ duration > 100ms }', 'b c'],
    ['baggage', '{ baggage.tenant.id = "acme" }', 'a b'],
    ['baggage and a span that does not carry it', '{ baggage.tenant.id = "globex" && name = "POST /checkout" }', 'c'],
    ['baggage excluded', '{ baggage.tenant.id != "acme" }', 'c d e'],
    ['an attribute', '{ span.tenant.id = "initech" }', 'e'],
    ['or', '{ status = error || kind = consumer }', 'b d'],
    ['a regular expression', '{ name =~ "GET /prod.*" }', 'a e'],
  ];
  for (const [what, q, expected] of QUERIES) {
    test(`finds ${what}`, async ({ page, server }) => {
      await explore(page, server, { q });
      await expect(results(page)).toHaveCount(expected.split(' ').length);
      expect(labels(await resultIds(page))).toBe(expected);
    });
  }

  test('a row shows the whole trace and how many spans matched', async ({ page, server }) => {
    await explore(page, server, { q: '{ status = error }' });
    const row = results(page, ids.b);
    for (const text of ['storefront', 'POST /checkout', '900', '1', '2']) await expect(row).toContainText(text);
  });

  test('a result row shows the shape of the trace', async ({ page, server }) => {
    await explore(page, server);
    await expect(results(page).first().locator('canvas, svg, [role="img"]').first()).toBeVisible();
  });

  test('sorts by duration, and the link keeps it', async ({ page, server }) => {
    await explore(page, server, { sort: '-duration' });
    expect(labels(await resultIds(page))).toBe('b c e a d');
    await page.getByRole('columnheader', { name: /duration/i }).click();
    await expect(page).toHaveURL(/sort=duration/);
    await expect.poll(async () => labels(await resultIds(page))).toBe('d a e c b');
  });

  test('the keyboard walks the rows and opens one', async ({ page, server }) => {
    await explore(page, server);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/trace\/[0-9a-f]{32}/);
    await expect(page.getByRole('treegrid')).toBeVisible();
  });

  test('a trace is asked for once, when its row is pressed and not yet let go', async ({ page, server }) => {
    await explore(page, server);
    // Ribbons ask without a time window.
    const asked: string[] = [];
    page.on('request', request => {
      if (request.url().includes(`/api/v2/traces/${ids.b}?`)) asked.push(request.url());
    });
    await results(page, ids.b).hover();
    await page.mouse.down();
    await expect.poll(() => asked.length).toBe(1);
    await expect(page).toHaveURL(/\/(\?|$)/);
    await page.mouse.up();
    await expect(page.getByRole('treegrid').locator('[data-span-id]')).toHaveCount(2);
    expect(asked).toHaveLength(1);
  });
});

test('the time range bounds the results', async ({ page, server }) => {
  await FIVE.fill(server);
  const now = Date.now();
  await explore(page, server, { from: String(now - 3.5 * MINUTE), to: String(now - 1.5 * MINUTE) });
  expect(labels(await resultIds(page))).toBe('b c');
});

test('live: a trace that arrives now appears by itself', async ({ page, server }) => {
  await FIVE.fill(server);
  await explore(page, server, { live: '1' });
  await expect(results(page)).toHaveCount(5);
  await server.send(jsonTrace('fresh', Date.now(), [{ id: 'fresh', service: 'storefront', name: 'GET /new' }]));
  await expect(results(page, traceIdOf('fresh'))).toBeVisible();
  await expect(results(page).first()).toHaveAttribute('data-trace-id', traceIdOf('fresh'));
});

test('hundreds of traces: rows are virtual, more load at the end, the count is said', async ({ page, server }) => {
  const { bodies, traces } = corpus(5, 6_000, Date.now() - 1_000, 30 * MINUTE);
  for (const body of bodies) await server.send(Buffer.from(body));
  // A batch holds whole services, so the last traces may lack spans that were never sent; all have some.
  await explore(page, server);
  const grid = page.getByRole('grid');
  await expect(results(page).first()).toBeVisible();
  expect(await results(page).count()).toBeLessThan(120);
  expect(traces).toBeGreaterThan(200);
  const seen = new Set(await resultIds(page));
  await results(page).first().focus();
  for (let pages = 0; pages < 40 && seen.size < 150; pages++) {
    await grid.hover();
    await page.mouse.wheel(0, 400);
    await idle(page);
    for (const id of await resultIds(page)) seen.add(id);
  }
  expect(seen.size).toBeGreaterThanOrEqual(150);
});
