import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, idle, type TestServer, test } from './fixtures.ts';

// The sample is a recording of the real shop, traced by the real SDK: what calls what in it is known.

const SHOP_NODES = 16;
const SHOP_EDGES = 17;

async function openShop(page: Page, server: TestServer, params: Record<string, string> = {}): Promise<void> {
  expect((await fetch(`${server.url}/api/sample`, { method: 'POST' })).status).toBe(200);
  await open(page, server, params);
}

async function open(page: Page, server: TestServer, params: Record<string, string> = {}): Promise<void> {
  await page.goto(`${server.url}/graph?${new URLSearchParams({ from: 'now-2h', ...params })}`);
  await idle(page);
}

const picture = (page: Page) => page.getByRole('application', { name: /^Service graph/ });
const counts = (page: Page) => page.getByRole('toolbar', { name: 'Graph' }).getByText(/\d+ nodes?, \d+ edges?/);
const said = (page: Page) => page.locator('.sg-said');

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`)).toEqual([]);
}

test('draws what the shop calls, and leaves out what is not wanted', async ({ page, server }) => {
  await openShop(page, server);
  await expect(page).toHaveTitle(/Graph/);
  await expect(counts(page)).toHaveText(`${SHOP_NODES} nodes, ${SHOP_EDGES} edges`);
  await expect(picture(page)).toHaveAccessibleName(new RegExp(`${SHOP_NODES} nodes, ${SHOP_EDGES} edges`));
  await page.getByRole('checkbox', { name: 'Data stores' }).uncheck();
  await expect(page).toHaveURL(/hide=stores/);
  await expect(counts(page)).toHaveText('10 nodes, 11 edges');
  await page.getByRole('checkbox', { name: 'Async' }).uncheck();
  await expect(counts(page)).toHaveText('8 nodes, 7 edges');
  await page.goBack();
  await page.goBack();
  await expect(counts(page)).toHaveText(`${SHOP_NODES} nodes, ${SHOP_EDGES} edges`);
});

test('is walked by keyboard along the calls, and a call is selected', async ({ page, server }) => {
  await openShop(page, server);
  await picture(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect(said(page)).toHaveText(/^gateway, service, .*called by 0, calls 6$/);
  await page.keyboard.press('ArrowRight');
  await expect(said(page)).toHaveText(/^gateway calls cart, .*p95 /);
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
  await expect(said(page)).toHaveText(/^gateway calls payment, .* errors/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/pick=c%7Egateway%7Es%7Epayment/);
  await expect(page.getByRole('complementary', { name: /gateway.*payment/ })).toContainText('p95');
  await page.keyboard.press('ArrowRight');
  await expect(said(page)).toHaveText(/^payment, service/);
  await page.keyboard.press('f');
  await expect(page).toHaveURL(/focus=1%7Es%7Epayment/);
  await expect(counts(page)).toHaveText('4 nodes, 3 edges');
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/pick=/);
});

test('finds a service, goes around it, and a link restores all of it', async ({ page, server }) => {
  await openShop(page, server, { than: 'nothing' });
  await page.keyboard.press('/');
  await page.keyboard.type('worker');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/pick=s%7Eworker/);
  await page.getByRole('button', { name: /^Around/ }).click();
  await page.getByRole('menuitemradio', { name: '1 call up and down' }).click();
  await idle(page);
  const around = await counts(page).innerText();
  await page.reload();
  await idle(page);
  await expect(counts(page)).toHaveText(around);
  await expect(page.getByRole('button', { name: /^Around worker, 1 call/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Compare with nothing/ })).toBeVisible();
});

test('groups services by an attribute, leaves out what sends no spans, and a link restores both', async ({
  page,
  server,
}) => {
  await openShop(page, server);
  const grouping = page.getByRole('button', { name: /^Group by/ });
  await grouping.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: 'service.namespace' }).press('Enter');
  await expect(page).toHaveURL(/by=service\.namespace/);
  await page.getByRole('checkbox', { name: 'External' }).uncheck();
  await expect(counts(page)).toHaveText(`${SHOP_NODES - 1} nodes, ${SHOP_EDGES - 1} edges`);
  await page.reload();
  await idle(page);
  await expect(grouping).toHaveText(/service\.namespace/);
  await expect(counts(page)).toHaveText(`${SHOP_NODES - 1} nodes, ${SHOP_EDGES - 1} edges`);
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  await page.getByRole('button', { name: /^Nodes/ }).click();
  await expect(page.getByRole('columnheader', { name: 'Group' })).toBeVisible();
  await expect(page.getByRole('row', { name: /gateway/ })).toContainText('shop');
  await expectAccessible(page);
});

test('is zoomed by wheel, keys and buttons, and a click selects what lies under it', async ({ page, server }) => {
  await openShop(page, server);
  const percent = page.getByRole('group', { name: 'Zoom' }).getByText('%');
  const first = await percent.innerText();
  await page.keyboard.press('+');
  await expect(percent).not.toHaveText(first);
  await page.keyboard.press('0');
  await expect(percent).toHaveText(first);
  await picture(page).hover();
  await page.mouse.wheel(0, -200);
  await expect(percent).not.toHaveText(first);
  await page.getByRole('button', { name: 'Whole graph' }).click();
  await expect(percent).toHaveText(first);
  const box = (await picture(page).boundingBox())!;
  // Somewhere on the middle row of the picture there is a service.
  let found = '';
  for (let x = box.x + 250; x < box.x + box.width && found === ''; x += 30) {
    await page.mouse.move(x, box.y + box.height / 2);
    await idle(page);
    const text = await said(page).innerText();
    if (text.includes(', service,')) {
      found = text;
      await page.mouse.click(x, box.y + box.height / 2);
    }
  }
  expect(found).not.toBe('');
  await expect(page).toHaveURL(new RegExp(`pick=s%7E${found.split(',')[0]}`));
});

test('lists the same as a table', async ({ page, server }) => {
  await openShop(page, server);
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  await expect(page).toHaveURL(/view=table/);
  await expect(page.getByRole('row', { name: /gateway.*payment/ })).toBeVisible();
  await page.keyboard.press('t');
  await expect(picture(page)).toBeVisible();
});

test('says that nothing calls anything, and what to do', async ({ page, server }) => {
  await open(page, server);
  await expect(page.getByRole('heading', { name: 'No calls in this range' })).toBeVisible();
  await page.getByRole('button', { name: 'Look at the last 24 h' }).click();
  await expect(page).toHaveURL(/from=now-24h/);
});

test.describe('when the server fails', () => {
  test.use({ expectedErrors: /500/ });
  test('says so, and tries again', async ({ page, server }) => {
    await page.route('**/api/service-graph?*', route => route.fulfill({ status: 500, body: 'broken' }));
    await page.goto(`${server.url}/graph`);
    await expect(page.getByRole('alert')).toBeVisible();
    await page.unroute('**/api/service-graph?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { name: 'No calls in this range' })).toBeVisible();
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('is accessible', async ({ page, server }) => {
      await openShop(page, server, { pick: 's~gateway', q: '{ resource.service.namespace = "shop" }' });
      await expect(counts(page)).toHaveText(`${SHOP_NODES} nodes, ${SHOP_EDGES} edges`);
      await expectAccessible(page);
    });
  });
}
