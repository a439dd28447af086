import type { Browser, BrowserContext, Page } from '@playwright/test';
import { jsonTrace, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, explore, idle, openTrace, results, spanRows, type TestServer, test } from './fixtures.ts';
import { SHOP_TRACES } from './shop-traces.ts';

const START = Date.now() - 120_000;
const checkout = (label: string, attributes: Record<string, unknown> = {}) =>
  jsonTrace(label, START, [
    { id: `${label}-root`, service: 'storefront', name: 'POST /checkout', ms: 100, attributes },
    { id: `${label}-cart`, parent: `${label}-root`, service: 'cart', name: 'GET /cart', at: 5, ms: 20 },
    { id: `${label}-items`, parent: `${label}-cart`, service: 'cart', name: 'SELECT items', at: 6, ms: 10 },
    { id: `${label}-pay`, parent: `${label}-root`, service: 'payment', name: 'POST /charge', at: 30, ms: 60 },
  ]);

test.beforeEach(async ({ context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
});

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Share' });
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

async function copy(page: Page, button: string): Promise<string> {
  await dialog(page).getByRole('button', { name: button }).click();
  await expect(dialog(page).getByRole('status')).toHaveText('Copied');
  return await clipboard(page);
}

async function pinCount(server: TestServer): Promise<number> {
  return ((await (await fetch(`${server.url}/api/pins`)).json()) as { total: number }).total;
}

/** Somebody who has never been here, and what they have in their browser. */
async function stranger(browser: Browser, prefs?: object): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
  });
  if (prefs !== undefined) {
    await context.addInitScript(text => {
      if (localStorage.getItem('throughline.prefs.v1') === null) localStorage.setItem('throughline.prefs.v1', text);
    }, JSON.stringify(prefs));
  }
  return { context, page: await context.newPage() };
}

test('a link names the clock times that are seen, unless it is to move with the clock', async ({ page, server }) => {
  await SHOP_TRACES.fill(server);
  await explore(page, server, { q: '{ status = error }', live: '1' });
  await page.keyboard.press('Shift+S');
  await expect(dialog(page)).toContainText('Traces: { status = error }');
  const fixed = new URL(await copy(page, 'Copy link'));
  expect(fixed.searchParams.get('from')).toMatch(/^\d{13}$/);
  expect(fixed.searchParams.get('to')).toMatch(/^\d{13}$/);
  expect(fixed.searchParams.get('live')).toBeNull();
  await dialog(page).getByRole('button', { name: 'Last 1 h' }).click();
  const moving = new URL(await copy(page, 'Copy link'));
  expect(moving.searchParams.get('from')).toBeNull();
  expect(moving.searchParams.get('live')).toBe('1');
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  await page.goto(fixed.href);
  await idle(page);
  await expect(results(page)).toHaveCount(2);
});

test('a shared trace is pinned, once, with the words that were written', async ({ page, server, browser }) => {
  await server.send(checkout('told'));
  await openTrace(page, server, traceIdOf('told'), { span: spanIdOf('told-pay'), find: 'charge' });
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(dialog(page).getByRole('switch', { name: 'Pin' })).toBeChecked();
  await dialog(page).getByLabel('Note').fill('the card reader is slow');
  await dialog(page).getByLabel('Your name').fill('Ada');
  await dialog(page).getByLabel('Expires').selectOption('90 days from now');
  const link = await copy(page, 'Copy link');
  expect(link).toMatch(/\/p\/[0-9a-f]{32}$/);
  const markdown = await copy(page, 'Copy as Markdown');
  expect(markdown).toContain(`[\`storefront POST /checkout\`](<${link}>): 100`);
  expect(markdown).toContain('4 spans in 3 services, no errors');
  const slack = (await copy(page, 'Copy as text for Slack')).split('\n');
  expect([slack[0], slack[2]]).toEqual(['*storefront POST /checkout*', link]);
  expect(await pinCount(server)).toBe(1);

  const other = await stranger(browser);
  await other.page.goto(link);
  await idle(other.page);
  await expect(spanRows(other.page, spanIdOf('told-pay'))).toHaveAttribute('aria-selected', 'true');
  const banner = other.page.getByRole('note', { name: 'Pinned copy' });
  await expect(banner).toContainText('the card reader is slow.');
  await expect(banner).toContainText(/Pinned by Ada on .*, kept until /);
  // From a copy on, the link is that of the copy.
  await other.page.keyboard.press('Shift+S');
  await expect(dialog(other.page)).toContainText('The link opens the pinned copy');
  await other.context.close();

  await page.reload();
  await idle(page);
  await page.keyboard.press('Shift+S');
  await expect(dialog(page).getByLabel('Your name')).toHaveValue('Ada');
});

test('pinning can be switched off, once or for good', async ({ page, server }) => {
  await server.send(checkout('plain'));
  await openTrace(page, server, traceIdOf('plain'));
  await page.keyboard.press('Shift+S');
  await dialog(page).getByRole('switch', { name: 'Pin' }).uncheck();
  await expect(dialog(page)).toContainText('Works while the trace is stored, until about');
  const link = new URL(await copy(page, 'Copy link'));
  expect(link.pathname).toBe(`/trace/${traceIdOf('plain')}`);
  const [from, to] = link.searchParams.get('at')!.split('~').map(Number);
  expect(from).toBeLessThan(START);
  expect(to).toBeGreaterThan(START);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitemradio', { name: 'Are only linked to' }).click();
  await page.reload();
  await idle(page);
  await page.keyboard.press('Shift+S');
  await expect(dialog(page).getByRole('switch', { name: 'Pin' })).not.toBeChecked();
  expect(await pinCount(server)).toBe(0);
});

test('a page that is not served securely copies, too', async ({ page, server }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await SHOP_TRACES.fill(server);
  await explore(page, server, { q: '{ status = error }' });
  await page.keyboard.press('Shift+S');
  await dialog(page).getByRole('button', { name: 'Copy link' }).click();
  await expect(dialog(page).getByRole('status')).toHaveText('Copied');
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  await page.keyboard.press('Control+K');
  const field = page.getByRole('combobox', { name: /^Go to/ });
  await expect(field).toBeFocused();
  await page.keyboard.press('Control+V');
  await expect(field).toHaveValue(/\?q=.*from=\d{13}/);
});

test.describe('a server that does not pin', () => {
  test.use({ serverFlags: ['--pin-on-share', 'off'] });

  test('leaves it to the reader', async ({ page, server }) => {
    await server.send(checkout('off'));
    await openTrace(page, server, traceIdOf('off'));
    await page.keyboard.press('Shift+S');
    await expect(dialog(page).getByRole('switch', { name: 'Pin' })).not.toBeChecked();
  });
});

test('what looks like a secret or a person’s data is told before it is shared', async ({ page, server }) => {
  await server.send(checkout('baggage', { 'user.id': 'ada@example.com', 'tenant.id': 'acme' }));
  await openTrace(page, server, traceIdOf('baggage'));
  await page.keyboard.press('Shift+S');
  await expect(dialog(page).getByRole('alert')).toContainText(
    'This may hold a person’s data: an e-mail address in baggage user.id',
  );
  await page.keyboard.press('Escape');
  await explore(page, server, { q: '{ span.http.request.header.authorization = "Bearer abcdefghijkl" }' });
  await page.keyboard.press('Shift+S');
  await expect(dialog(page).getByRole('alert')).toContainText('This may hold a secret: a bearer token in the query');
});

test.describe('a long link', () => {
  test.use({ expectedErrors: /404/ });

  test('is stored and named, and opens what it stands for', async ({ page, server, browser }) => {
    await SHOP_TRACES.fill(server);
    const q = `{ ${Array.from({ length: 90 }, (_, i) => `name != "operation number ${i}"`).join(' && ')} }`;
    await explore(page, server, { q, sort: '-duration' });
    const rows = await results(page).count();
    expect(rows).toBeGreaterThan(0);
    await page.keyboard.press('Shift+S');
    const link = await copy(page, 'Copy link');
    expect(link).toMatch(/\/\?s=[0-9a-f]{32}$/);
    const other = await stranger(browser);
    await other.page.goto(link);
    await idle(other.page);
    await expect(results(other.page)).toHaveCount(rows);
    const opened = new URL(other.page.url()).searchParams;
    expect([opened.get('q'), opened.get('sort'), opened.get('s')]).toEqual([q, '-duration', null]);
    await other.context.close();
  });

  test('that nobody knows says so, and opens the page without it', async ({ page, server }) => {
    await page.goto(`${server.url}/graph?s=${'0'.repeat(31)}1`);
    await expect(page.getByRole('heading', { name: 'What this link stands for is not stored here' })).toBeVisible();
    await page.getByRole('button', { name: 'Open the page without it' }).click();
    await expect(page).toHaveURL(`${server.url}/graph`);
    await page.goto(`${server.url}/?s=cut`);
    await expect(page.getByRole('heading', { name: 'What this link stands for is not stored here' })).toBeVisible();
  });
});

test('an embed code comes with what it will look like', async ({ page, server }) => {
  await server.send(checkout('framed'));
  await openTrace(page, server, traceIdOf('framed'), { span: spanIdOf('framed-pay') });
  await page.keyboard.press('Shift+S');
  await dialog(page).getByRole('button', { name: 'Embed code' }).click();
  const code = dialog(page).getByRole('textbox', { name: 'Embed code' });
  await expect(code).toHaveValue(new RegExp(`^<iframe src="${server.url}/embed/trace/${traceIdOf('framed')}\\?`));
  await dialog(page).getByLabel('Width in pixels').fill('800');
  await dialog(page).getByLabel('Theme').selectOption('Dark');
  await expect(code).toHaveValue(/theme=dark[\s\S]*width="800"/);
  const preview = dialog(page).frameLocator('iframe');
  await expect(preview.getByRole('treegrid')).toBeVisible();
  // What is framed outlives the trace, too.
  const copied = await copy(page, 'Copy code');
  const src = /src="([^"]+)"/.exec(copied)![1]!.replaceAll('&amp;', '&');
  expect(new URL(src).searchParams.get('pin')).toMatch(/^[0-9a-f]{32}$/);
  expect(await pinCount(server)).toBe(1);
  await page.goto(src);
  await expect(page.getByRole('treegrid')).toBeVisible();
});

test.describe('every state is seen again by who has never been here', () => {
  /** What assistive technology is told of the page, which is what it shows. */
  const seen = async (page: Page) => {
    await idle(page);
    return await page.getByRole('main').ariaSnapshot();
  };
  const absolute = { from: String(Date.now() - 3_600_000), to: String(Date.now() + 600_000), tz: 'utc' };

  async function expectSame(page: Page, browser: Browser): Promise<void> {
    const other = await stranger(browser, { theme: 'dark', zone: 'Asia/Tokyo' });
    await other.page.goto(page.url());
    // Parts that come as code of their own may still be on their way in either.
    await expect(async () => expect(await seen(other.page)).toBe(await seen(page))).toPass();
    await other.context.close();
  }

  test('explore: query, order, facets, chart, box', async ({ page, server, browser }) => {
    await SHOP_TRACES.fill(server);
    await explore(page, server, { q: '{ status = error }', sort: '-duration', ...absolute });
    await page.goto(
      `${page.url()}&cols=duration~errors&form=text&facets=span.http.route&shut=kind&chart=table&of=spans&vs=1h&box=~~1000000~100000000`,
    );
    await expectSame(page, browser);
  });

  test('explore: the columns that were left', async ({ page, server, browser }) => {
    await SHOP_TRACES.fill(server);
    await explore(page, server, absolute);
    await page.getByRole('button', { name: 'Columns' }).click();
    for (const name of ['Spans', 'Critical path']) await page.getByRole('checkbox', { name, exact: true }).uncheck();
    await page.keyboard.press('Escape');
    await expect(page).toHaveURL(/cols=duration/);
    await expect(page.getByRole('columnheader', { name: 'Duration' })).toBeVisible();
    await expect(page.getByRole('columnheader', { name: 'Spans' })).toHaveCount(0);
    await expect(page.getByRole('columnheader', { name: 'Critical path' })).toHaveCount(0);
    await expectSame(page, browser);
  });

  test('graph: focus, table, order, what is hidden', async ({ page, server, browser }) => {
    await SHOP_TRACES.fill(server);
    const state = { view: 'table', focus: '2~s~payment', hide: 'async', order: '-errors', pick: 's~payment' };
    await page.goto(`${server.url}/graph?${new URLSearchParams({ ...state, than: 'nothing', ...absolute })}`);
    await expectSame(page, browser);
  });

  test('trace: selection, zoom, folds, find, tab', async ({ page, server, browser }) => {
    await server.send(checkout('again'));
    await openTrace(page, server, traceIdOf('again'), { tz: 'utc' });
    await spanRows(page, spanIdOf('again-cart')).click();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('w');
    await page.keyboard.press('/');
    await page.keyboard.type('charge');
    await expect(page).toHaveURL(/find=charge/);
    await expect(page).toHaveURL(/folds=/);
    await expect(page).toHaveURL(/t=\d+/);
    await expectSame(page, browser);
  });

  test('pins: what was looked for', async ({ page, server, browser }) => {
    await page.goto(`${server.url}/pins?named=nothing&tz=utc`);
    await expectSame(page, browser);
  });

  test('and leaves the preferences of the reader alone', async ({ page, server, browser }) => {
    await SHOP_TRACES.fill(server);
    await server.send(checkout('prefs'));
    await openTrace(page, server, traceIdOf('prefs'));
    await page.keyboard.press('Shift+S');
    const pinned = await copy(page, 'Copy link');
    const mine = {
      theme: 'dark',
      zone: 'Asia/Tokyo',
      singleKeys: true,
      widths: {},
      facets: ['span.mine'],
      latency: true,
    };
    const other = await stranger(browser, mine);
    const explored = `${server.url}/?${new URLSearchParams({ ...absolute, chart: 'hidden', facets: 'span.http.route' })}`;
    for (const link of [explored, `${server.url}/trace/${traceIdOf('prefs')}?tz=utc&path=0&group=0`, pinned]) {
      await other.page.goto(link);
      await idle(other.page);
    }
    const kept = await other.page.evaluate(() => localStorage.getItem('throughline.prefs.v1'));
    expect(JSON.parse(kept!)).toEqual(mine);
    await expect(other.page.getByRole('banner')).toBeVisible();
    await other.context.close();
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('the dialog is accessible', async ({ page, server }) => {
      await server.send(checkout('axe', { 'user.id': 'ada@example.com' }));
      await openTrace(page, server, traceIdOf('axe'));
      await page.keyboard.press('Shift+S');
      await expect(dialog(page).getByRole('alert')).toBeVisible();
      for (const form of ['Link', 'Embed code']) {
        await dialog(page).getByRole('button', { name: form, exact: true }).click();
        await idle(page);
        await expectAccessible(page);
      }
    });
  });
}
