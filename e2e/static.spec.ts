import { jsonTrace, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expectAccessible } from './expect-accessible.ts';
import { test as base, expect, idle, results, spanRows } from './fixtures.ts';
import { type HostPages, startHostPages } from './host-page.ts';
import { perWorker } from './per-worker.ts';
import { type PlainFiles, startPlainFiles } from './plain-files.ts';

// The built interface as plain files in a folder of a web server of another origin, reading from a back end that allows it.
const test = base.extend<{ files: PlainFiles }, { folder: PlainFiles; host: HostPages }>({
  folder: perWorker(startPlainFiles),
  host: perWorker(startHostPages),
  files: async ({ folder }, use) => {
    folder.setConfig(undefined);
    await use(folder);
  },
  serverFlags: async ({ files }, use) => use(['--read-origins', files.origin]),
});

const TRACE = traceIdOf('static');
const PAY = spanIdOf('pay');

const traffic = () =>
  jsonTrace('static', Date.now() - 60_000, [
    { id: 'root', service: 'storefront', name: 'POST /api/checkout', ms: 900 },
    { id: 'cart', parent: 'root', service: 'cart', name: 'GET /cart', at: 5, ms: 60 },
    { id: 'pay', parent: 'root', service: 'payment', name: 'POST /pay', at: 80, ms: 800, error: 'declined' },
  ]);

const naming = (url: string, more: object = {}) =>
  JSON.stringify({ sources: [{ id: 'shop', name: 'Shop', kind: 'tempo', url: `${url}/tempo` }], ...more });

test.describe('under a folder of any web server', () => {
  test('a search, a trace, and links that open again', async ({ page, context, server, files }) => {
    await server.send(traffic());
    files.setConfig(naming(server.url));
    await page.goto(files.url);
    await idle(page);
    await expect(page.getByRole('banner')).toContainText('Shop');
    await expect(results(page, TRACE)).toBeVisible();
    // What only a Throughline server keeps is not offered.
    await expect(page.getByRole('navigation', { name: 'Views' }).getByRole('link')).toHaveText(['Explore', 'Graph']);

    await results(page, TRACE).click();
    await expect(spanRows(page)).toHaveCount(3);
    await spanRows(page, PAY).click();
    await expect(page.getByRole('complementary')).toContainText('declined');
    await expect(page).toHaveURL(new RegExp(`^${files.url}#/trace/${TRACE}\\?.*span=${PAY}`));
    await idle(page);
    const link = page.url();

    await page.reload();
    await idle(page);
    await expect(spanRows(page, PAY)).toHaveAttribute('aria-selected', 'true');
    const other = await context.newPage();
    await other.goto(link);
    await expect(spanRows(other, PAY)).toHaveAttribute('aria-selected', 'true');
    await idle(other);
    await other.close();

    await page.goBack();
    await page.goBack();
    await expect(results(page, TRACE)).toBeVisible();
    await idle(page);
  });

  test('real links stay in the folder, and a query stands in them', async ({ page, server, files }) => {
    await server.send(traffic());
    files.setConfig(naming(server.url));
    await page.goto(`${files.url}index.html#/?q=${encodeURIComponent('{ name = "POST /pay" }')}`);
    await idle(page);
    await expect(results(page, TRACE)).toBeVisible();
    await expect(page.getByRole('region', { name: 'Query' })).toContainText('POST /pay');
    const hrefs = await page
      .getByRole('link')
      .evaluateAll(links => links.map(link => (link as HTMLAnchorElement).href).filter(href => href !== ''));
    expect(hrefs.length).toBeGreaterThan(2);
    for (const href of hrefs) expect(href).toMatch(new RegExp(`^${files.url}(index\\.html)?#/`));
    await page.getByRole('link', { name: 'Graph', exact: true }).click();
    await expect(page.getByRole('application', { name: /Service graph/ })).toBeVisible();
    await idle(page);
  });

  test('panels, framed by a page of a third origin', async ({ page, server, files, host }) => {
    await server.send(traffic());
    files.setConfig(naming(server.url, { frameAncestors: [host.origin] }));
    await page.goto(
      host.page(`<html lang="en"><title>Wiki</title>
        <throughline-panel base="${files.url}embed.html" panel="trace" trace="${TRACE}" height="auto"></throughline-panel>
        <script type="module" src="${files.url}embed.js"></script>`),
    );
    const frame = page.frameLocator('iframe');
    await expect(frame.getByRole('treegrid').locator('[data-span-id]')).toHaveCount(3);
    const panel = page.locator('throughline-panel');
    // Header, axis, three rows, footer: the panel has told its height.
    await expect(panel).toHaveCSS('height', `${30 + 25 + 3 * 22 + 24}px`);
    await panel.evaluate((element, span) => element.setAttribute('span', span), PAY);
    await expect(frame.locator(`[data-span-id="${PAY}"]`)).toHaveAttribute('aria-selected', 'true');
    await expect(frame.getByRole('link', { name: 'Open in Throughline' })).toHaveAttribute(
      'href',
      new RegExp(`^/tools/traces/#/trace/${TRACE}\\?.*span=${PAY}`),
    );
  });
});

test.describe('config.json', () => {
  const wrong: readonly [string, string, string][] = [
    ['is not JSON', '{ "sources": [', 'config.json is not JSON'],
    ['is a list', '[]', 'config.json cannot be used: it must hold one JSON object'],
    ['misspells a setting', '{ "source": [] }', "config.json cannot be used: unknown setting 'source'"],
    [
      'names a bad address',
      '{ "sources": [{ "id": "shop", "kind": "tempo", "url": "tempo.example.com" }] }',
      'config.json cannot be used: sources[0].url must be an http or https address',
    ],
    [
      'lacks an id',
      '{ "sources": [{ "kind": "tempo", "url": "https://tempo.example.com" }] }',
      'config.json cannot be used: sources[0].id must be a text',
    ],
  ];
  for (const [what, text, title] of wrong) {
    test(`that ${what} is named with the field, and read again on request`, async ({ page, server, files }) => {
      await server.send(traffic());
      files.setConfig(text);
      await page.goto(files.url);
      await idle(page);
      await expect(page.getByRole('alert').getByRole('heading')).toContainText(title);
      files.setConfig(naming(server.url));
      await page.getByRole('button', { name: 'Try again' }).click();
      await expect(results(page, TRACE)).toBeVisible();
      await idle(page);
    });
  }

  test.describe('that is not there', () => {
    test.use({ expectedErrors: /404.*config\.json/ });

    test('is no failure: the page says how to name a source', async ({ page, files }) => {
      await page.goto(files.url);
      await idle(page);
      await expect(page.getByRole('main')).toContainText('config.json');
      await expectAccessible(page);
    });
  });

  test.describe('that names a back end which does not allow the page', () => {
    test.use({ serverFlags: [], expectedErrors: /CORS|net::ERR_FAILED/ });

    test('the error says so', async ({ page, server, files }) => {
      await server.send(traffic());
      files.setConfig(naming(server.url));
      await page.goto(files.url);
      await idle(page);
      await expect(page.getByRole('alert').first()).toContainText(
        `Shop does not answer, or not to pages of ${files.origin} (CORS)`,
      );
    });
  });
});
