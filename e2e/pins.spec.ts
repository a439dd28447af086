import type { Page } from '@playwright/test';
import type { Pin, PinList } from '#domain/api/pin-api.ts';
import { jsonTrace, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expectAccessible } from './expect-accessible.ts';
import { give, jaegerFile } from './file-contents.ts';
import { expect, idle, openTrace, pressPin, spanRows, type TestServer, test } from './fixtures.ts';
import { storedTrace, withUpstream } from './upstream.ts';

const START = Date.now() - 60_000;
const shop = (label: string) =>
  jsonTrace(label, START, [
    { id: `${label}-root`, service: 'storefront', name: 'POST /checkout', ms: 100 },
    { id: `${label}-cart`, parent: `${label}-root`, service: 'cart', name: 'GET /cart', at: 5, ms: 20 },
    { id: `${label}-items`, parent: `${label}-cart`, service: 'cart', name: 'SELECT items', at: 6, ms: 10 },
    { id: `${label}-pay`, parent: `${label}-root`, service: 'payment', name: 'POST /charge', at: 30, ms: 60 },
  ]);

async function pinsOf(server: TestServer, find = ''): Promise<readonly Pin[]> {
  const response = await fetch(`${server.url}/api/pins?find=${encodeURIComponent(find)}`);
  return ((await response.json()) as PinList).pins;
}

async function pin(server: TestServer, label: string, words: Partial<Pin> = {}): Promise<Pin> {
  const view = { path: `/trace/${traceIdOf(label)}`, search: '' };
  const body = { traceId: traceIdOf(label), source: 'local', sourceName: 'Embedded store', view, ...words };
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${server.url}/api/pins`, init);
  expect(response.status).toBe(201);
  return (await response.json()) as Pin;
}

/** What a reader sees of an open trace: rows, selection, details, time axis, find. */
async function seen(page: Page) {
  await idle(page);
  return {
    rows: await spanRows(page).evaluateAll(rows =>
      rows.map(row => [row.getAttribute('data-span-id'), row.getAttribute('aria-expanded'), row.ariaSelected]),
    ),
    json: await page.getByRole('complementary').locator('pre, .code').count(),
    find: await page.getByRole('searchbox').or(page.getByRole('textbox')).first().inputValue(),
    shown: new URL(page.url()).searchParams.get('t'),
  };
}

/** Parts that come as code of their own may still be on their way in either. */
async function expectSame(other: Page, page: Page): Promise<void> {
  await expect(async () => expect(await seen(other)).toEqual(await seen(page))).toPass();
}

test('a pin opens exactly what was seen, for who has never been here', async ({ page, server, browser }) => {
  await server.send(shop('view'));
  const zoom = `${BigInt(START) * 1_000_000n + 20_000_000n}~40000000`;
  await openTrace(page, server, traceIdOf('view'), {
    span: spanIdOf('view-pay'),
    t: zoom,
    tab: 'json',
    folds: `~${spanIdOf('view-cart')}`,
    find: 'charge',
    path: '0',
  });
  await expect(spanRows(page)).toHaveCount(3);
  await pressPin(page);
  await expect(page.getByRole('button', { name: 'Pinned', exact: true })).toHaveAttribute('aria-pressed', 'true');
  const [{ id }] = await pinsOf(server);

  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${server.url}/p/${id}`);
  await expect(other).toHaveURL(new RegExp(`/trace/${traceIdOf('view')}\\?.*pin=${id}`));
  await expectSame(other, page);
  await expect(other.getByLabel('Critical path')).not.toBeChecked();
  await expect(other.getByRole('note', { name: 'Pinned copy' })).toContainText(/Pinned on .* kept until it is removed/);
  await other.getByRole('link', { name: /Show as .* has it/ }).click();
  await expect(other).not.toHaveURL(/pin=/);
  await expectSame(other, page);
  await context.close();
});

test('Back from a pin leads to where the reader came from', async ({ page, server }) => {
  await server.send(shop('back'));
  const { id } = await pin(server, 'back');
  await page.goto(`${server.url}/pins`);
  await page.getByRole('link', { name: /POST \/checkout/ }).click();
  await expect(page).toHaveURL(new RegExp(`pin=${id}`));
  await idle(page);
  await page.goBack();
  await expect(page).toHaveURL(/\/pins$/);
});

test('pins are found, renamed, given an expiry and removed one by one', async ({ page, server }) => {
  for (const label of ['one', 'two']) await server.send(shop(label));
  await pin(server, 'one', { note: 'slow checkout', by: 'Ada' });
  await pin(server, 'two');
  await page.goto(server.url);
  await idle(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Pins' }).click();
  await idle(page);
  await expect(page).toHaveTitle(/Pins/);
  const rows = page.getByRole('table', { name: 'Pins' }).locator('tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(page.getByText(/2 pins take .* of/)).toBeVisible();

  await page.keyboard.press('/');
  await page.keyboard.type('slow');
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/named=slow/);
  await expect(rows.first()).toContainText('Ada');
  await page.reload();
  await expect(rows).toHaveCount(1);

  await page.getByRole('button', { name: 'Change the note: slow checkout' }).click();
  await page.getByRole('textbox', { name: 'Note: slow checkout' }).fill('slow outage');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Change the note: slow outage' })).toBeVisible();

  await page.getByRole('button', { name: /Change until when.*slow outage/ }).click();
  await page.getByRole('menuitem', { name: '30 days from now' }).click();
  await expect.poll(async () => (await pinsOf(server, 'outage'))[0]?.expiresUnixMs).toBeGreaterThan(Date.now());

  await page.getByRole('button', { name: 'Unpin slow outage' }).click();
  await page.getByRole('button', { name: 'Keep' }).click();
  expect(await pinsOf(server)).toHaveLength(2);
  await page.getByRole('button', { name: 'Unpin slow outage' }).click();
  await page.getByRole('button', { name: 'Remove the copy: slow outage' }).click();
  await expect(page.getByText('No pin matches')).toBeVisible();
  await page.getByRole('button', { name: 'Show all pins' }).click();
  await expect(rows).toHaveCount(1);
  await page.getByRole('button', { name: /^Unpin/ }).click();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nothing is pinned')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Pins' })).toBeFocused();
});

test('the Pin button removes the pin that is meant, and only after a question', async ({ page, server }) => {
  await server.send(shop('some'));
  await pin(server, 'some', { note: 'first' });
  await pin(server, 'some', { note: 'second' });
  await openTrace(page, server, traceIdOf('some'));
  await pressPin(page);
  const pins = page.getByRole('dialog', { name: 'Pins of this trace' });
  await expect(pins.getByRole('listitem')).toHaveCount(2);
  await pins.getByRole('button', { name: 'Unpin first' }).click();
  expect(await pinsOf(server)).toHaveLength(2);
  await pins.getByRole('button', { name: 'Remove the copy: first' }).click();
  await expect(pins.getByRole('listitem')).toHaveCount(1);
  expect((await pinsOf(server)).map(({ note }) => note)).toEqual(['second']);
});

test('an empty list says what pins are for', async ({ page, server }) => {
  await page.goto(`${server.url}/pins`);
  await expect(page.getByText('Nothing is pinned')).toBeVisible();
});

test.describe('no room for pins', () => {
  test.use({ serverFlags: ['--pins-max-bytes', '1'], expectedErrors: /507/ });

  test('says what pins take and what to do', async ({ page, server }) => {
    await server.send(shop('full'));
    await openTrace(page, server, traceIdOf('full'));
    await pressPin(page);
    await expect(page.getByRole('alert')).toContainText(/pins take .* of .* remove pins .* or raise pinsMaxBytes/);
    await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click();
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
});

test.describe('a pin that is not there', () => {
  test.use({ expectedErrors: /404|410/ });

  test('says that it was removed, when, and where the trace may be', async ({ page, server }) => {
    await server.send(shop('gone'));
    const { id } = await pin(server, 'gone', { note: 'not to be kept' });
    expect((await fetch(`${server.url}/api/pins/${id}`, { method: 'DELETE' })).status).toBe(200);
    await page.goto(`${server.url}/p/${id}`);
    await expect(page.getByRole('heading', { name: 'This pin was removed' })).toBeVisible();
    await expect(page.getByText(/Somebody removed it on/)).toBeVisible();
    await expect(page.getByRole('main')).not.toContainText('not to be kept');
    // The address that it had opened says the same.
    await page.goto(`${server.url}/trace/${traceIdOf('gone')}?pin=${id}`);
    await expect(page.getByRole('heading', { name: 'This pin was removed' })).toBeVisible();
    await page.getByRole('link', { name: /Look for the trace in/ }).click();
    await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '4');
  });

  test('says that there never was one, or that the address is cut', async ({ page, server }) => {
    await page.goto(`${server.url}/p/${'0'.repeat(31)}1`);
    await expect(page.getByRole('heading', { name: 'There is no such pin here' })).toBeVisible();
    await page.goto(`${server.url}/p/abc`);
    await expect(page.getByRole('heading', { name: 'This is not the id of a pin' })).toBeVisible();
    await page.getByRole('link', { name: 'All pins' }).click();
    await expect(page.getByText('Nothing is pinned')).toBeVisible();
  });
});

withUpstream.describe('a trace of another source', () => {
  withUpstream.use({ expectedErrors: /502|503|504/ });

  withUpstream('its pin opens when the source is gone, also after a restart', async ({ page, server, upstream }) => {
    await server.send(shop('there'));
    upstream.body = await storedTrace(server, traceIdOf('there'));
    await openTrace(page, server, traceIdOf('there'), { src: 'prod', span: spanIdOf('there-pay') });
    await pressPin(page);
    await expect(page.getByRole('button', { name: 'Pinned', exact: true })).toBeVisible();
    const [{ id, sourceName }] = await pinsOf(server);
    expect(sourceName).toBe('prod-eu');
    await upstream.leave();
    await page.goto('about:blank');
    await server.down('kill');
    await server.up();
    await page.goto(`${server.url}/p/${id}`);
    await idle(page);
    await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '4');
    await expect(spanRows(page, spanIdOf('there-pay'))).toHaveAttribute('aria-selected', 'true');
  });
});

test('a trace of a file is pinned for who has not got the file', async ({ page, server, browser }) => {
  await page.goto(server.url);
  await idle(page);
  await give(page, 'drop', [jaegerFile()]);
  await expect(page.getByRole('row').filter({ hasText: 'charge' })).toBeVisible();
  await idle(page);
  await pressPin(page);
  await expect(page.getByRole('button', { name: 'Pinned', exact: true })).toBeVisible();
  const [{ id, source }] = await pinsOf(server);
  expect(source).toBe('file');
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${server.url}/p/${id}`);
  await expect(other.getByRole('row').filter({ hasText: 'charge' })).toBeVisible();
  await expect(other.getByRole('note', { name: 'Pinned copy' })).toBeVisible();
  await context.close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('pins are accessible: the list, the banner, the question', async ({ page, server }) => {
      await server.send(shop('axe'));
      const { id } = await pin(server, 'axe', { note: 'slow checkout', by: 'Ada' });
      await page.goto(`${server.url}/pins`);
      await idle(page);
      await page.getByRole('button', { name: 'Unpin slow checkout' }).click();
      await expectAccessible(page);
      await page.goto(`${server.url}/p/${id}`);
      await expect(page.getByRole('note', { name: 'Pinned copy' })).toBeVisible();
      await idle(page);
      await pressPin(page);
      await expect(page.getByRole('dialog', { name: 'Pins of this trace' })).toBeVisible();
      await expectAccessible(page);
    });
  });
}
