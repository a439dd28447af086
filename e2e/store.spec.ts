import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { jsonTrace, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, idle, openTrace, type TestServer, test } from './fixtures.ts';

const span = (id: string, service: string, body: string) => ({ id, service, name: `GET /${id}`, attributes: { body } });
const shop = jsonTrace('store', Date.now() - 60_000, [
  span('a', 'heavy', 'x'.repeat(500)),
  span('b', 'heavy', 'y'.repeat(500)),
  span('c', 'light', 'z'),
]);
const bad = jsonTrace('bad', Date.now() - 60_000, [{ id: 'bad', raw: { spanId: '0000000000000000' } }]);

async function openStore(page: Page, server: TestServer): Promise<void> {
  await page.goto(`${server.url}/store`);
  await idle(page);
  await expect(page.getByRole('heading', { name: 'Store', level: 1 })).toBeVisible();
}

const table = (page: Page, name: string) => page.getByRole('table', { name });
const firstCells = (page: Page, name: string) => table(page, name).locator('tbody tr td:first-child').allInnerTexts();

test('tells what is stored, what was refused and where the volume comes from', async ({ page, server }) => {
  await server.send(shop);
  await expect(server.send(bad)).rejects.toThrow('span id');
  await page.goto(server.url);
  await idle(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Store' }).click();
  await idle(page);
  await expect(page).toHaveTitle(/Store/);
  await expect(page.getByText('3 spans', { exact: true })).toBeVisible();
  const fates = table(page, 'What became of the spans');
  await expect(fates.getByRole('row', { name: /Committed 3/ })).toBeVisible();
  await expect(fates.getByRole('row', { name: /Rejected: span id.* 1/ })).toBeVisible();
  await expect(table(page, 'Segments').getByRole('row', { name: /live open/ })).toBeVisible();
  expect(await firstCells(page, 'Services by bytes')).toEqual(['heavy', 'light']);
  expect(await firstCells(page, 'Attributes by bytes')).toEqual(['span body']);

  const byName = table(page, 'Services by bytes').getByRole('columnheader', { name: 'Service' });
  await byName.getByRole('button').press('Enter');
  await byName.getByRole('button').press('Enter');
  await expect(byName).toHaveAttribute('aria-sort', 'descending');
  expect(await firstCells(page, 'Services by bytes')).toEqual(['light', 'heavy']);
  await table(page, 'Services by bytes').getByRole('link', { name: 'heavy' }).click();
  await expect(page).toHaveURL(/resource\.service\.name/);
});

test.describe('over a restart', () => {
  // The page asks by itself while the server is away.
  test.use({ expectedErrors: /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE/ });

  test('checks itself on request and keeps the result', async ({ page, server }) => {
    await openStore(page, server);
    await expect(page.getByText('No spans yet')).toBeVisible();
    await expect(page.getByText('None has been run yet')).toBeVisible();
    await page.getByRole('button', { name: 'Run self-check' }).click();
    await expect(page.getByText('All right')).toBeVisible();
    await expect(table(page, 'Steps of the self-check').getByRole('row')).toHaveCount(5);
    await expect(page.getByText('12 spans', { exact: true })).toBeVisible();
    await server.down('stop');
    await server.up();
    await openStore(page, server);
    await expect(page.getByText('All right')).toBeVisible();
  });
});

test('changes by itself when spans arrive, and tells what pins take', async ({ page, server }) => {
  await openStore(page, server);
  await expect(page.getByText('No spans yet')).toBeVisible();
  await server.send(shop);
  await expect(page.getByText('3 spans', { exact: true })).toBeVisible();
  await expect(table(page, 'Services by bytes')).toBeVisible();
  await openTrace(page, server, traceIdOf('store'));
  const pin = page.getByRole('button', { name: 'Pin', exact: true });
  await expect(pin).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('p');
  await expect(page.getByRole('button', { name: 'Pinned', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await openStore(page, server);
  await expect(page.getByText(/^1 copy, .* of 1\.0/)).toBeVisible();
  await page.getByRole('link', { name: 'All pins' }).click();
  await expect(page.getByRole('table', { name: 'Pins' }).locator('tbody tr')).toHaveCount(1);
});

test.describe('a link to a trace that is gone', () => {
  test.use({ expectedErrors: /404/ });
  const startMs = Date.now() - 3_600_000;
  const link = `/trace/${traceIdOf('gone')}?at=${startMs}~${startMs + 1000}`;

  test('says when and why it was pruned, and leads to what ran at that time', async ({ page, server }) => {
    const nano = (ms: number) => `${ms}000000`;
    const pruned = { segment: 7, fromUnixNano: nano(startMs - 60_000), toUnixNano: nano(startMs + 60_000) };
    await page.route('**/api/trace-state/**', route =>
      route.fulfill({
        json: {
          state: 'pruned',
          pruned: { ...pruned, spans: 41_000, atUnixMs: startMs + 600_000, reason: 'age' },
          retentionMs: 72 * 3_600_000,
        },
      }),
    );
    await page.goto(`${server.url}${link}`);
    await idle(page);
    await expect(page.getByRole('heading', { name: 'This trace is no longer stored' })).toBeVisible();
    await expect(page.getByText(/were pruned at .* because retention keeps 3\s?d.*41,000 spans/)).toBeVisible();
    await page.getByRole('button', { name: 'Search that time' }).click();
    await expect(page).toHaveURL(new RegExp(`from=${startMs - 300_000}`));
  });

  test('says that nothing of that time was pruned', async ({ page, server }) => {
    await server.send(shop);
    await page.goto(`${server.url}${link}`);
    await idle(page);
    await expect(page.getByText(/Nothing of that time was pruned/)).toBeVisible();
    await expect(page.getByText(/oldest span that is stored/)).toBeVisible();
  });
});

test.describe('no room on the disk', () => {
  test.use({ serverFlags: ['--min-free-disk', '900000GiB'] });

  test('says that new spans are refused, and why', async ({ page, server }) => {
    await openStore(page, server);
    await expect(page.getByText('Read-only.')).toBeVisible();
    await expect(page.getByText(/MiB of disk are free/)).toBeVisible();
  });
});

test.describe('the server goes away', () => {
  test.use({ expectedErrors: /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|Failed to load resource/ });

  test('the last figures stay, with their time and a retry that works', async ({ page, server }) => {
    await server.send(shop);
    await openStore(page, server);
    await server.down('stop');
    await expect(page.getByText(/The figures are those of/)).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('3 spans', { exact: true })).toBeVisible();
    await server.up();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText(/The figures are those of/)).toHaveCount(0);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('is accessible', async ({ page, server }) => {
      await server.send(shop);
      await openStore(page, server);
      await page.getByRole('button', { name: 'Run self-check' }).click();
      await expect(page.getByText('All right')).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes[0]?.failureSummary])).toEqual([]);
    });
  });
}
