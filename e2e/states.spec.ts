import { jsonTrace, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, explore, idle, openTrace, results, test } from './fixtures.ts';

const seed = jsonTrace('one', Date.now() - 60_000, [{ id: 'root', service: 'storefront', name: 'GET /' }]);

test('empty: says where to send to, and sees the first trace by itself', async ({ page, server }) => {
  await explore(page, server);
  const main = page.getByRole('main');
  await expect(main).toContainText(/no traces yet/i);
  await expect(main).toContainText(`OTEL_EXPORTER_OTLP_ENDPOINT=${server.otlpUrl}`);
  await server.send(seed);
  await expect(results(page, traceIdOf('one'))).toBeVisible();
});

test('an address of no page leads to one that is', async ({ page, server }) => {
  await server.send(seed);
  await page.goto(`${server.url}/explore`);
  await expect(page.getByRole('main')).toContainText('There is no such page');
  await page.getByRole('link', { name: 'Explore traces' }).click();
  await expect(results(page, traceIdOf('one'))).toBeVisible();
});

test('sample traces: loaded with one click, incident included, removed with one click', async ({ page, server }) => {
  await explore(page, server);
  await page.getByRole('button', { name: /load sample/i }).click();
  await expect(results(page).first()).toBeVisible();
  await explore(page, server, {
    q: '{ resource.service.name = "payment" && resource.service.version = "2.14.0" && status = error }',
  });
  await expect(results(page).first()).toBeVisible();
  await explore(page, server, {
    q: '{ name = "assess risk" && status = error && baggage.tenant.id != "acme" }',
  });
  await expect(results(page)).toHaveCount(0);
  await explore(page, server);
  await page
    .getByRole('button', { name: /remove sample/i })
    .first()
    .click();
  await expect(page.getByRole('main')).toContainText(/no traces yet/i);
});

test('the sample does not touch what is stored beside it', async ({ page, server }) => {
  await server.send(seed);
  expect((await fetch(`${server.url}/api/sample`, { method: 'POST' })).status).toBe(200);
  expect((await fetch(`${server.url}/api/sample`, { method: 'DELETE' })).status).toBe(200);
  await explore(page, server);
  await expect(results(page)).toHaveCount(1);
});

test('no match: says so and offers a way out', async ({ page, server }) => {
  await server.send(seed);
  await explore(page, server, { q: '{ resource.service.name = "storefornt" }' });
  await expect(page.getByRole('main')).toContainText(/no trace matches/i);
  await expect(results(page)).toHaveCount(0);
});

test.describe('a query that cannot be read', () => {
  test.use({ expectedErrors: /400/ });

  test('says what is wrong with it', async ({ page, server }) => {
    await server.send(seed);
    await explore(page, server, { q: '{ status = }' });
    await expect(page.getByRole('main')).toContainText(/expected|unexpected|not understood|cannot/i);
  });
});

test.describe('the server goes away', () => {
  test.use({
    expectedErrors:
      /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|Failed to load resource|Unable to preload CSS|dynamically imported module/,
  });

  test('explore: an error with a retry that works', async ({ page, server }) => {
    await server.send(seed);
    await explore(page, server);
    await expect(results(page)).toHaveCount(1);
    await server.down('kill');
    await page.getByRole('columnheader', { name: /duration/i }).click();
    await page.keyboard.press('r');
    const retry = page.getByRole('button', { name: /retry|try again/i }).first();
    await expect(retry).toBeVisible();
    await server.up();
    await retry.click();
    await expect(results(page)).toHaveCount(1);
  });

  test('trace: an error with a retry that works', async ({ page, server }) => {
    await server.send(seed);
    await openTrace(page, server, traceIdOf('one'));
    await server.send(jsonTrace('two', Date.now() - 30_000, [{ id: 'root', service: 'storefront', name: 'GET /two' }]));
    await page
      .getByRole('link', { name: /explore|results/i })
      .first()
      .click();
    await idle(page);
    await server.down('kill');
    await results(page, traceIdOf('two')).click();
    // Explore may offer a retry of its own until the address has changed.
    await page.waitForURL(/\/trace\//);
    const retry = page.getByRole('main').getByRole('button', { name: /retry|try again/i });
    await expect(retry).toBeVisible();
    await server.up();
    await retry.click();
    await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '1');
  });

  test('a page whose code could not be fetched opens after a retry', async ({ page, server }) => {
    await server.send(seed);
    await explore(page, server);
    await server.down('kill');
    await results(page, traceIdOf('one')).click();
    const retry = page.getByRole('button', { name: /retry|try again|reload/i }).first();
    await expect(retry).toBeVisible();
    await server.up();
    await retry.click();
    await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '1');
  });
});

test('loading: the page has its measures before the answer comes', async ({ page, server }) => {
  await server.send(seed);
  let release = () => {};
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  await page.route('**/tempo/api/search?**', async route => {
    await held;
    await route.continue();
  });
  await page.goto(server.url);
  await expect(page.locator('html')).toHaveAttribute('data-idle', 'false');
  await expect(page.locator('[aria-busy="true"]').first()).toBeVisible();
  release();
  await idle(page);
  await expect(results(page)).toHaveCount(1);
});

test('a trace that is still arriving grows on the open page', async ({ page, server }) => {
  await server.send(jsonTrace('young', Date.now(), [{ id: 'root', service: 'storefront', name: 'GET /', ms: 50 }]));
  await openTrace(page, server, traceIdOf('young'));
  await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '1');
  await server.send(
    jsonTrace('young', Date.now(), [{ id: 'late', parent: 'root', service: 'cart', name: 'GET /cart', ms: 5 }]),
  );
  await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '2', { timeout: 30_000 });
});
