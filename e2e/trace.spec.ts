import { jsonTrace, type SpanDraft, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, explore, idle, openTrace, results, type Stock, spanRows, test } from './fixtures.ts';

const MINUTE = 60_000;

/** A small request: three services, an error with an exception, a link to another trace. */
const REQUEST: readonly SpanDraft[] = [
  {
    id: 'checkout',
    service: 'storefront',
    name: 'POST /checkout',
    ms: 300,
    attributes: { 'http.request.method': 'POST', 'tenant.id': 'acme' },
  },
  { id: 'cart', parent: 'checkout', service: 'cart', name: 'GET /cart', at: 5, ms: 40 },
  {
    id: 'rows',
    parent: 'cart',
    service: 'cart',
    name: 'SELECT items',
    kind: 3,
    at: 10,
    ms: 20,
    attributes: { 'db.system.name': 'sqlite' },
  },
  {
    id: 'pay',
    parent: 'checkout',
    service: 'payment',
    name: 'POST /charges',
    at: 60,
    ms: 220,
    error: 'card declined',
    attributes: { 'http.response.status_code': 402, 'order.id': '0001' },
    events: [
      {
        name: 'exception',
        at: 270,
        attributes: {
          'exception.type': 'CardDeclined',
          'exception.message': 'card declined',
          'exception.stacktrace': 'CardDeclined\n    at charge (pay.js:7:1)',
        },
      },
    ],
    links: [{ traceId: traceIdOf('elsewhere'), spanId: spanIdOf('sender') }],
  },
];

const ONE_REQUEST: Stock = { fill: server => server.send(jsonTrace('request', Date.now() - MINUTE, REQUEST)) };

test.describe('one request', () => {
  const id = traceIdOf('request');
  test.use({ stock: ONE_REQUEST });

  test('the header says what the trace is', async ({ page, server }) => {
    await openTrace(page, server, id);
    const header = page.getByRole('main');
    await expect(header).toContainText('POST /checkout');
    await expect(header).toContainText('300\u00a0ms');
    await expect(header).toContainText(id.slice(0, 4));
  });

  test('opened from its result row and left with Back', async ({ page, server }) => {
    await explore(page, server);
    await results(page, id).click();
    await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '4');
    await page.goBack();
    await expect(results(page, id)).toBeVisible();
  });

  test('keyboard: j k walk, arrows close and open, the URL names the span', async ({ page, server }) => {
    await openTrace(page, server, id);
    await spanRows(page, spanIdOf('checkout')).click();
    await expect(page).toHaveURL(new RegExp(`span=${spanIdOf('checkout')}`));
    await page.keyboard.press('j');
    await expect(page).toHaveURL(new RegExp(`span=${spanIdOf('cart')}`));
    await page.keyboard.press('ArrowLeft');
    await expect(spanRows(page, spanIdOf('cart'))).toHaveAttribute('aria-expanded', 'false');
    await expect(spanRows(page, spanIdOf('rows'))).toHaveCount(0);
    await page.keyboard.press('ArrowRight');
    await expect(spanRows(page, spanIdOf('rows'))).toHaveCount(1);
    await page.keyboard.press('k');
    await expect(page).toHaveURL(new RegExp(`span=${spanIdOf('checkout')}`));
    await page.keyboard.press('e');
    await expect(page).toHaveURL(new RegExp(`span=${spanIdOf('pay')}`));
  });

  test('a link restores the selected span with its details', async ({ page, server }) => {
    await openTrace(page, server, id, { span: spanIdOf('pay') });
    await expect(spanRows(page, spanIdOf('pay'))).toHaveAttribute('aria-selected', 'true');
    await expect(page).toHaveTitle('POST /checkout · storefront · Throughline');
    const details = page.getByRole('complementary');
    for (const text of ['POST /charges', 'card declined', 'CardDeclined', 'http.response.status_code', '402', '0001'])
      await expect(details).toContainText(text);
    await page.reload();
    await idle(page);
    await expect(spanRows(page, spanIdOf('pay'))).toHaveAttribute('aria-selected', 'true');
  });

  test('ids as people paste them lead to the trace', async ({ page, server }) => {
    for (const written of [
      id.toUpperCase(),
      `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
    ]) {
      await openTrace(page, server, written);
      await expect(spanRows(page)).toHaveCount(4);
    }
  });

  test('? lists the keys', async ({ page, server }) => {
    await openTrace(page, server, id);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toContainText(/critical path/i);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});

test.describe('a trace that is not there', () => {
  test.use({ expectedErrors: /404/ });

  test('says so and leads back', async ({ page, server }) => {
    await page.goto(`${server.url}/trace/${traceIdOf('nothing')}`);
    await idle(page);
    await expect(page.getByRole('main')).toContainText(/not stored here/i);
  });
});
