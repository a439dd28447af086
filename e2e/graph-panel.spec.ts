import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Download, Page } from '@playwright/test';
import { jsonTrace } from '#e2e/otlp/json-trace.ts';
import { expect, idle, type TestServer, test } from './fixtures.ts';
import { seededRandom } from './random.ts';

const MINUTE = 60_000;
const [client, server, producer, consumer] = [3, 2, 4, 5];
const ORDERS = 900;
const STRANGE = '=cmd|<script>';

/** Two hours of orders; in the last 25 minutes payment is slow and fails. Every tenth payment lost its context. */
async function seed(target: TestServer): Promise<void> {
  const next = seededRandom(3);
  const now = Date.now();
  const resourceSpans: unknown[] = [];
  for (let i = 0; i < ORDERS; i++) {
    const at = now - 118 * MINUTE + (i * 118 * MINUTE) / ORDERS;
    const isBad = at > now - 25 * MINUTE;
    const ms = isBad ? 300 + 900 * next() : 40 + 60 * next();
    const paid = { id: `q${i}`, parent: `p${i}`, service: 'payment', name: 'POST /pay', ms, kind: server };
    const { resourceSpans: spans } = jsonTrace(`g${i}`, at, [
      { id: `s${i}`, service: 'checkout', name: 'POST /order', ms: ms + 15, kind: server },
      {
        ...{ id: `d${i}`, parent: `s${i}`, service: 'checkout', name: 'SELECT', ms: 4, kind: client },
        attributes: { 'db.system.name': 'postgresql', 'db.namespace': STRANGE },
      },
      {
        ...{ id: `p${i}`, parent: `s${i}`, service: 'checkout', name: 'pay', ms: ms + 5, kind: client },
        attributes: { 'server.address': 'payment' },
      },
      ...(i % 10 === 0 ? [] : [{ ...paid, ...(isBad && i % 4 === 1 && { error: 'declined' }) }]),
      {
        ...{ id: `o${i}`, parent: `s${i}`, service: 'checkout', name: 'publish', ms: 2, kind: producer },
        attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' },
      },
      { id: `f${i}`, parent: `o${i}`, service: 'fulfilment', name: 'process', at: 30, ms: 20, kind: consumer },
    ]) as { resourceSpans: unknown[] };
    resourceSpans.push(...spans);
  }
  await target.send({ resourceSpans });
}

async function open(page: Page, target: TestServer, state: Record<string, string> = {}): Promise<void> {
  await page.goto(`${target.url}/graph?${new URLSearchParams({ from: 'now-1h', to: 'now', ...state })}`);
  await idle(page);
}

async function textOf(download: Promise<Download>): Promise<string> {
  return readFileSync(await (await download).path(), 'utf8');
}

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)![1]!.replaceAll(',', ''));
}

const changes = (page: Page) => page.getByRole('complementary', { name: 'What changed' });
const panel = (page: Page) => page.getByRole('complementary', { name: 'Calls from checkout to payment' });

test.beforeEach(({ server: target }) => seed(target));

test('what got worst opens by key, tells why, and leads to its traces', async ({ page, server: target }) => {
  await open(page, target);
  const worse = changes(page)
    .getByRole('list', { name: 'Got worse' })
    .getByRole('button', { name: /payment/ });
  await expect(worse.first()).toContainText(/since \d\d:\d\d/);
  await worse.first().focus();
  await page.keyboard.press('Enter');
  await idle(page);
  const figures = panel(page).getByRole('table', { name: 'Figures now and before' });
  await expect(figures.getByRole('row', { name: /^p95/ })).toContainText('▲ ×');
  await expect(figures.getByRole('row', { name: /^p50/ })).not.toContainText('▲');
  await expect(panel(page)).toContainText(/\d+\s% seen from the caller alone/);
  await expect(panel(page).getByRole('img', { name: /^Now \d+ calls.*before \d+ calls/ })).toBeVisible();
  await expect(panel(page).getByRole('img', { name: /^p95 over time.*left its usual band at/ })).toBeVisible();
  await expect(panel(page).getByRole('table', { name: 'Operations' })).toContainText('POST /pay');
  await expect(panel(page).getByRole('list', { name: 'Failed last' }).getByRole('link')).toHaveCount(3);

  // One such call in each trace; the graph counts to the second.
  const calls = numberIn(await figures.locator('tfoot').innerText(), /([\d,]+) calls/);
  await panel(page).getByRole('link', { name: 'Open in Explore' }).press('Enter');
  await idle(page);
  const found = numberIn(await page.locator('main').innerText(), /([\d,]+) traces/);
  expect(Math.abs(found - calls)).toBeLessThanOrEqual(2);
  expect(new URL(page.url()).searchParams.get('q')).toContain('> { resource.service.name = "payment" }');

  await page.goBack();
  await idle(page);
  await panel(page).getByRole('list', { name: 'Slowest' }).getByRole('link').first().press('Enter');
  await idle(page);
  await expect(page.getByRole('treegrid')).toBeVisible();
  await page.goBack();
  await idle(page);
  await panel(page).getByRole('button', { name: 'Filter by this edge' }).press('Enter');
  await idle(page);
  await expect(panel(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
});

test('the table sorts, selects by key and is a file without formulas', async ({ page, server: target }) => {
  await open(page, target, { view: 'table' });
  const table = page.getByRole('table', { name: 'Calls between services' });
  await table.getByRole('button', { name: 'Errors' }).click();
  await expect(table.getByRole('columnheader', { name: 'Errors' })).toHaveAttribute('aria-sort', 'descending');
  await expect(table.getByRole('row').nth(1)).toContainText('payment');
  const first = table.getByRole('button', { name: 'checkout to payment' });
  await first.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(first).toBeFocused();
  await page.keyboard.press('Enter');
  await idle(page);
  await expect(panel(page)).toBeVisible();
  await expect(first).toHaveAttribute('aria-pressed', 'true');

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const [header, ...rows] = (await textOf(download)).trimEnd().split('\r\n');
  expect(header).toBe('from,to,kind,calls per second,errors %,p50 ms,p95 ms,p99 ms,queue p50 ms,p95 before ms,change');
  expect(rows[0]).toMatch(/^checkout,payment,service,[\d.]+,[\d.]+,.*(errors|p95) worse/);
  expect(rows.find(row => row.includes('database'))).toMatch(/^checkout,'=cmd\|<script>,database,/);
  expect(rows.find(row => row.includes('fulfilment'))).toMatch(
    /^checkout,fulfilment,async orders,[\d.]+,0,20,20,20,28,/,
  );
});

test('the picture is a file in which names are text', async ({ page, server: target }) => {
  await open(page, target);
  await page.getByRole('button', { name: 'Export' }).click();
  const svg = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Picture as SVG' }).click();
  const text = await textOf(svg);
  expect(text).toMatch(/^<\?xml[^>]*>\n<svg xmlns/);
  expect(text).toContain('>checkout</text>');
  expect(text).not.toMatch(/<script|NaN|oklab/);
  await page.getByRole('button', { name: 'Export' }).click();
  const png = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Picture as PNG' }).click();
  expect(
    readFileSync(await (await png).path())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`panel and table are accessible, ${colorScheme}`, async ({ page, server: target }) => {
    await page.emulateMedia({ colorScheme });
    await open(page, target);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await open(page, target, { view: 'table', pick: 'c~checkout~s~payment' });
    await expect(panel(page).getByRole('table', { name: 'Operations' })).toBeVisible();
    await idle(page);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
}
