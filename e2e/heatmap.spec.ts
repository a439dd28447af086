import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { jsonTrace, type SpanDraft, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, explore, idle, results, type TestServer, test } from './fixtures.ts';
import { seededRandom } from './random.ts';

const MINUTE = 60_000;
const USUAL = 240;
const SLOW = 60;
const TENANTS = ['globex', 'initech', 'umbrella'];

/** Half an hour of checkouts of 20 to 80 ms; in its middle those of one tenant take two seconds and often fail. */
async function seed(server: TestServer): Promise<void> {
  const next = seededRandom(11);
  const start = Date.now() - 31 * MINUTE;
  const resourceSpans: unknown[] = [];
  for (let i = 0; i < USUAL + SLOW; i++) {
    const isSlow = i >= USUAL;
    const at = isSlow ? start + 12 * MINUTE + (6 * MINUTE * (i - USUAL)) / SLOW : start + (30 * MINUTE * i) / USUAL;
    const ms = isSlow ? 1_900 + 200 * next() : 20 + 60 * next();
    const tenant = isSlow ? 'acme' : TENANTS[i % TENANTS.length]!;
    const root: SpanDraft = {
      id: `root ${i}`,
      service: 'storefront',
      name: 'POST /checkout',
      ms,
      attributes: { 'tenant.id': tenant, 'http.route': '/checkout', 'app.region': i % 2 === 0 ? 'eu' : 'us' },
      ...(isSlow && i % 2 === 0 && { error: 'timeout' }),
    };
    const child: SpanDraft = {
      id: `db ${i}`,
      parent: `root ${i}`,
      service: 'orders',
      name: 'SELECT',
      at: 1,
      ms: ms / 2,
    };
    const body = jsonTrace(`t${i}`, at, [root, child]) as { resourceSpans: unknown[] };
    resourceSpans.push(...body.resourceSpans);
  }
  await server.send({ resourceSpans });
}

const heatmap = (page: Page) => page.getByRole('application', { name: 'Latency heatmap' });
const difference = (page: Page) => page.getByRole('complementary', { name: 'What is different in the selection' });
const boxOf = (page: Page) => new URL(page.url()).searchParams.get('box');
const open = (page: Page, server: TestServer, state: Record<string, string> = {}) =>
  explore(page, server, { from: 'now-35m', to: 'now', ...state });

const expectRows = (page: Page, count: number) =>
  expect(page.getByRole('grid', { name: 'Traces' })).toHaveAttribute('aria-rowcount', String(count + 1));

/** Drags over the heatmap from one place to another, px from its left top. */
async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const { x, y } = (await heatmap(page).boundingBox())!;
  await page.mouse.move(x + from[0], y + from[1]);
  await page.mouse.down();
  await page.mouse.move(x + (from[0] + to[0]) / 2, y + (from[1] + to[1]) / 2);
  await page.mouse.move(x + to[0], y + to[1]);
  await page.mouse.up();
}

/** From the empty middle of the durations to beyond the longest, over all but the edges of the time. */
async function dragOverTheSlow(page: Page): Promise<void> {
  const { width } = (await heatmap(page).boundingBox())!;
  await drag(page, [80, 215], [width - 90, 144]);
  await expect(page).toHaveURL(/box=/);
  await idle(page);
}

test.describe('latencies over time', () => {
  test.beforeEach(async ({ server }) => seed(server));

  test('a box drawn by mouse is in the link, narrows the results and is told apart by its tenant', async ({
    page,
    server,
  }) => {
    await open(page, server);
    await expect(page.getByRole('img', { name: /^Latencies over time of 300.traces/ })).toBeVisible();
    await dragOverTheSlow(page);
    await expectRows(page, 60);
    await expect(difference(page)).toContainText('selection 60 traces');
    await expect(difference(page)).toContainText('the rest 240 traces');
    await expect(difference(page).getByRole('status')).toContainText('tenant.id = acme');
    await expect(difference(page).getByRole('status')).toContainText('100 % of the selection');
    expect(new URL(page.url()).searchParams.get('q')).toBeNull();

    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await idle(page);
    expect(boxOf(page)).toBe(new URL(link).searchParams.get('box'));
    await expectRows(page, 60);
    await expect(difference(page).getByRole('status')).toContainText('tenant.id = acme');

    await difference(page).getByRole('button', { name: 'Only baggage tenant.id = acme' }).focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/q=.*acme/);
    await page.getByRole('button', { name: 'Remove the box' }).click();
    await expect.poll(() => boxOf(page)).toBeNull();
    await expectRows(page, 60);
  });

  test('by keyboard: cells are read out, a box grows, is marked and given up', async ({ page, server }) => {
    await open(page, server);
    await page.keyboard.press('m');
    await expect(heatmap(page)).toBeFocused();
    await page.keyboard.press('ArrowUp');
    const spoken = page.getByRole('status').filter({ hasText: /\d\d:\d\d:\d\d – \d\d:\d\d:\d\d \S+, .+\d+\straces?/ });
    await expect(spoken).toHaveCount(1);
    await page.keyboard.press('Home');
    for (let i = 0; i < 4; i++) await page.keyboard.press('PageDown');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Control+ArrowUp');
    await page.keyboard.press('Shift+End');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+PageUp');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/box=/);
    await idle(page);
    // Over the whole time: a band of durations alone.
    expect(boxOf(page)).toMatch(/^~~\d+~\d+$/);
    await expectRows(page, 60);
    await page.keyboard.press('Escape');
    await expect.poll(() => boxOf(page)).toBeNull();
    await expect(heatmap(page)).toBeFocused();
  });

  test('a drag over the strips marks a stretch of time, and z zooms to it', async ({ page, server }) => {
    await open(page, server);
    const { width } = (await heatmap(page).boundingBox())!;
    await drag(page, [80, 40], [width / 2, 60]);
    await expect(page).toHaveURL(/box=/);
    expect(boxOf(page)).toMatch(/^\d+~\d+~~$/);
    const [from, to] = boxOf(page)!.split('~');
    await page.keyboard.press('z');
    await expect.poll(() => boxOf(page)).toBeNull();
    await expect(page).toHaveURL(new RegExp(`from=${BigInt(from!) / 1_000_000n}&to=${BigInt(to!) / 1_000_000n}`));
  });

  test('a press chooses a cell: its slowest, median and newest trace', async ({ page, server }) => {
    await open(page, server);
    await page.keyboard.press('m');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/box=/);
    const traces = difference(page).getByRole('list', { name: 'Traces of the box' });
    await expect(traces.getByRole('link')).toHaveCount(3);
    await expect(difference(page).getByRole('status')).toContainText('Too few to tell');
    await traces.getByRole('link', { name: /^Slowest/ }).click();
    await expect(page).toHaveURL(/\/trace\/[0-9a-f]{32}/);
    await expect(page.getByRole('treegrid')).toBeVisible();
  });

  test('counts spans on demand, says the same as a table, and can be put away', async ({ page, server }) => {
    await open(page, server);
    await page.getByRole('group', { name: 'What is counted' }).getByRole('button', { name: 'Spans' }).click();
    await expect(page.getByRole('img', { name: /^Latencies over time of 600.spans/ })).toBeVisible();
    await page.getByRole('button', { name: 'As a table' }).click();
    const rows = page.getByRole('region', { name: 'Latencies over time as a table' }).getByRole('row');
    expect(await rows.count()).toBeGreaterThan(20);
    await expect(rows.nth(1)).toContainText('ms');
    await page.keyboard.press('h');
    await expect(page.getByRole('button', { name: 'Latency', expanded: false })).toBeVisible();
    await open(page, server);
    await expect(heatmap(page)).toHaveCount(0);
    await page.getByRole('button', { name: 'Latency', expanded: false }).click();
    await expect(heatmap(page)).toBeVisible();
  });

  test('live: what arrives is counted, the box stays', async ({ page, server }) => {
    await open(page, server, { live: '1' });
    await expect(page.getByRole('img', { name: /^Latencies over time of 300.traces/ })).toBeVisible();
    await server.send(jsonTrace('fresh', Date.now() - 1_000, [{ id: 'fresh', service: 'storefront', ms: 40 }]));
    await expect(page.getByRole('img', { name: /^Latencies over time of 301.traces/ })).toBeVisible();
    await expect(results(page, traceIdOf('fresh'))).toBeVisible();
  });

  test('split by tenant: one small heatmap each, on the same axes, and a press filters to one', async ({
    page,
    server,
  }) => {
    await open(page, server);
    await dragOverTheSlow(page);
    await difference(page)
      .getByRole('button', { name: 'Split the heatmap by baggage tenant.id, for baggage tenant.id = acme' })
      .focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/split=baggage.tenant.id/);
    const split = page.getByRole('region', { name: 'Heatmap split by baggage tenant.id' });
    const maps = split.getByRole('button', { name: /^Only baggage tenant.id = / });
    await expect(maps).toHaveCount(4);
    for (const tenant of TENANTS) {
      const usual = new RegExp(`^Only baggage tenant.id = ${tenant}: 80.traces, no errors`);
      await expect(split.getByRole('button', { name: usual })).toBeVisible();
    }
    const acme = split.getByRole('button', { name: /^Only baggage tenant.id = acme: 60.traces, 30.errors/ });
    await expect(acme).toBeVisible();
    const sizes = await split
      .locator('canvas')
      .evaluateAll(all => all.map(each => `${each.clientWidth} x ${each.clientHeight}`));
    expect(new Set(sizes).size).toBe(1);

    const { x, y } = (await split.locator('canvas').first().boundingBox())!;
    await page.mouse.move(x + 12, y + 4);
    await expect(split).toContainText(/globex \d+, /);
    await expect(split.locator('.lat-hover')).toHaveCount(4);
    const { violations } = await new AxeBuilder({ page }).include('.split').analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);

    await page.reload();
    await idle(page);
    await expect(maps).toHaveCount(4);
    await acme.focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/q=.*acme/);
    await expect(split).toHaveCount(0);
    await expect(page).not.toHaveURL(/split=/);
    await page.getByRole('button', { name: 'Remove the box' }).click();
    await expectRows(page, 60);
    await page.goBack();
    await expect(page).toHaveURL(/box=/);
    await page.goBack();
    await expect(page).not.toHaveURL(/q=/);
    await expect(maps).toHaveCount(4);
    await split.getByRole('button', { name: 'End the split' }).click();
    await expect(split).toHaveCount(0);
    await expect(page).not.toHaveURL(/split=/);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`is accessible, ${colorScheme}`, async ({ page, server }) => {
      await page.emulateMedia({ colorScheme });
      await open(page, server);
      await dragOverTheSlow(page);
      await expect(difference(page).getByRole('status')).toContainText('acme');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    });
  }
});

test('an empty range has nothing to mark, and an empty box can be cleared', async ({ page, server }) => {
  await seed(server);
  await explore(page, server, { from: '1700000000000', to: '1700003600000' });
  await expect(page.getByText('No latencies in this range')).toBeVisible();
  await page.keyboard.press('m');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  expect(boxOf(page)).toBeNull();
  await open(page, server, { box: '~~1~2' });
  await expect(page.getByRole('heading', { name: 'No trace in the box' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear the box' }).press('Enter');
  await expect(results(page).first()).toBeVisible();
});
