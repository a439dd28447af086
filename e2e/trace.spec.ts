import { jsonTrace, type SpanDraft, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, explore, idle, openTrace, results, spanRows, test } from './fixtures.ts';

const MINUTE = 60_000;

interface Pathology {
  readonly name: string;
  readonly spans: readonly SpanDraft[];
  /** Rows in the waterfall; without it as many as spans. */
  readonly rows?: number;
}

const chain = (length: number): SpanDraft[] =>
  Array.from({ length }, (_, i) => ({
    id: `c${i}`,
    ...(i > 0 && { parent: `c${i - 1}` }),
    at: i / 1_000,
    ms: 100 - i / 1_000,
  }));
const siblings = (count: number): SpanDraft[] => [
  { id: 'root', ms: 1_000 },
  ...Array.from({ length: count }, (_, i) => ({
    id: `s${i}`,
    parent: 'root',
    at: i / 20,
    ms: 0.05,
    name: `step ${i}`,
  })),
];

/** Damage that real instrumentation produces; every span must still be there, once. */
const PATHOLOGIES: readonly Pathology[] = [
  { name: 'one span', spans: [{ id: 'only' }] },
  {
    name: 'no root: the parent of both is missing',
    spans: [
      { id: 'a', parent: 'lost' },
      { id: 'b', parent: 'lost' },
    ],
    rows: 3,
  },
  {
    name: 'a missing parent inside',
    spans: [
      { id: 'root', ms: 50 },
      { id: 'x', parent: 'gone', at: 5 },
      { id: 'y', parent: 'x', at: 6 },
    ],
    rows: 4,
  },
  { name: 'several roots', spans: [{ id: 'first' }, { id: 'second', at: 20 }, { id: 'third', at: 40 }] },
  {
    name: 'a cycle of three',
    spans: [
      { id: 'a', parent: 'c' },
      { id: 'b', parent: 'a', at: 1 },
      { id: 'c', parent: 'b', at: 2 },
    ],
  },
  {
    name: 'its own parent',
    spans: [
      { id: 'self', parent: 'self' },
      { id: 'child', parent: 'self', at: 1 },
    ],
  },
  {
    name: 'client and server with one span id',
    spans: [
      { id: 'root', ms: 40 },
      { id: 'shared', parent: 'root', service: 'client', kind: 3, at: 2, ms: 30 },
      { id: 'shared', parent: 'root', service: 'server', kind: 2, at: 4, ms: 20 },
    ],
  },
  {
    name: 'a child outside its parent',
    spans: [
      { id: 'p', ms: 10 },
      { id: 'early', parent: 'p', at: -20 },
      { id: 'late', parent: 'p', at: 500, ms: 5 },
    ],
  },
  {
    name: 'no duration',
    spans: [
      { id: 'r', ms: 0 },
      { id: 'k', parent: 'r', ms: 0 },
    ],
  },
  {
    name: 'ends before it starts',
    spans: [
      { id: 'r', ms: 20 },
      { id: 'back', parent: 'r', at: 10, ms: -3 },
    ],
  },
  {
    name: 'without timestamps',
    spans: [
      { id: 'r', ms: 20 },
      { id: 'timeless', parent: 'r', raw: { startTimeUnixNano: '0', endTimeUnixNano: '0' } },
    ],
  },
  {
    name: 'one span ten years away',
    spans: [
      { id: 'r', ms: 20 },
      { id: 'far', parent: 'r', at: 3.15e11, ms: 1 },
    ],
  },
  {
    name: 'hostile keys',
    spans: [
      {
        id: 'r',
        name: '__proto__',
        attributes: { __proto__x: 1, constructor: 'x', toString: 'y', hasOwnProperty: 'z' },
      },
    ],
  },
  { name: 'kind 99 and status 7', spans: [{ id: 'r', kind: 99, raw: { status: { code: 7 } } }] },
  { name: 'a name of 50 kB', spans: [{ id: 'r', name: 'n'.repeat(50_000) }] },
  {
    name: 'text of both directions',
    spans: [{ id: 'r', name: 'السعر \u202E gnp.exe', attributes: { كلمة: '\u2066x\u2069' } }],
  },
  { name: 'control characters and emoji', spans: [{ id: 'r', name: '\u0000\u001b[31m 👩‍👩‍👧‍👦\ud83d' }] },
  { name: 'a chain of 5,000', spans: chain(5_000) },
  { name: '10,000 siblings', spans: siblings(10_000) },
];

test.describe('damaged traces open whole', () => {
  for (const { name, spans, rows = spans.length } of PATHOLOGIES) {
    test(name, async ({ page, server }) => {
      await server.send(jsonTrace(name, Date.now() - MINUTE, spans));
      await openTrace(page, server, traceIdOf(name));
      await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', String(rows));
      await expect(spanRows(page).first()).toBeVisible();
      // However large the trace, the page stays small.
      expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(5_000);
    });
  }
});

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

test.describe('one request', () => {
  const id = traceIdOf('request');
  test.beforeEach(async ({ server }) => {
    await server.send(jsonTrace('request', Date.now() - MINUTE, REQUEST));
  });

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
    await expect(page.getByRole('main')).toContainText(/not found|no trace/i);
  });
});
