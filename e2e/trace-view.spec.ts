import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { jsonTrace, type SpanDraft, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, idle, openTrace, type Stock, spanRows, test } from './fixtures.ts';

const LABEL = 'waterfall';
const ID = traceIdOf(LABEL);

/** A cart that asks fourteen times, a payment that is tried again, a ledger whose caller was lost. */
const SPANS: readonly SpanDraft[] = [
  { id: 'root', service: 'storefront', name: 'POST /checkout', ms: 1000 },
  { id: 'cart', parent: 'root', service: 'cart', name: 'GET /cart', at: 10, ms: 400 },
  ...Array.from({ length: 14 }, (_, i) => ({
    id: `select ${i}`,
    parent: 'cart',
    service: 'cart',
    name: 'SELECT items',
    kind: 3,
    at: 15 + i * 26,
    ms: 20,
  })),
  { id: 'pay', parent: 'root', service: 'payment', name: 'POST /pay', at: 450, ms: 540 },
  {
    id: 'charge',
    parent: 'pay',
    service: 'payment',
    name: 'POST /charge',
    kind: 3,
    at: 460,
    ms: 200,
    error: 'timeout',
  },
  {
    id: 'again',
    parent: 'pay',
    service: 'payment',
    name: 'POST /charge',
    kind: 3,
    at: 700,
    ms: 200,
    links: [{ traceId: ID, spanId: spanIdOf('charge') }],
  },
  { id: 'entries', parent: 'lost', service: 'ledger', name: 'POST /entries', at: 500, ms: 50 },
];

const row = (page: Page, id: string) => spanRows(page, spanIdOf(id));
const tree = (page: Page) => page.getByRole('treegrid');
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-span-id') ?? document.activeElement?.tagName);

const SEEN: Stock = { fill: server => server.send(jsonTrace(LABEL, Date.now() - 60_000, SPANS)) };
test.use({ stock: SEEN });

test('repeats are one row, counted and named, and open', async ({ page, server }) => {
  await openTrace(page, server, ID);
  const group = page.locator(`[data-repeats-of="${spanIdOf('select 0')}"]`);
  await expect(group).toContainText('× 14');
  await expect(group).toHaveAccessibleName(/^cart SELECT items, 14 repeats, in 358\sms, each 20\sms, level 3, 1 of 1$/);
  await expect(tree(page)).toHaveAttribute('aria-rowcount', '8');
  await group.click();
  await page.keyboard.press('ArrowRight');
  await expect(group).toHaveAttribute('aria-expanded', 'true');
  await expect(row(page, 'select 13')).toHaveAttribute('aria-level', '4');
  await expect(page).toHaveURL(new RegExp(`folds=~x${spanIdOf('select 0')}|folds=%7Ex${spanIdOf('select 0')}`));
  await page.keyboard.press('r');
  await expect(page.getByRole('checkbox', { name: 'Group repeats' })).not.toBeChecked();
  await expect(group).toHaveCount(0);
  await expect(row(page, 'select 13')).toHaveAttribute('aria-level', '3');
  await expect(page).toHaveURL(/group=0/);
});

test('findings are sentences that lead to their spans, one after another', async ({ page, server }) => {
  await openTrace(page, server, ID);
  const findings = page.getByRole('region', { name: 'Findings' });
  await expect(findings).toContainText(/Critical path: payment \d+/);
  await expect(findings).toContainText('14 × same SELECT items in cart, 280\u00a0ms (likely N+1)');
  await expect(findings).toContainText(/1 span names the parent [0-9a-f]{4}…, which is not here/);
  await expect(row(page, 'again')).toContainText('retry 1');
  await findings.getByRole('button', { name: /1 retry of POST \/charge/ }).click();
  await expect(row(page, 'again')).toHaveAttribute('aria-selected', 'true');
  await findings.getByRole('button', { name: /14 × same/ }).click();
  await findings.getByRole('button', { name: /14 × same/ }).click();
  await expect(row(page, 'select 0')).toHaveAttribute('aria-selected', 'true');
  await findings.getByRole('button', { name: /14 × same/ }).click();
  await expect(row(page, 'select 1')).toHaveAttribute('aria-selected', 'true');
});

test('a link restores zoom, selection, folds, find, filter and the form of the details', async ({ page, server }) => {
  await openTrace(page, server, ID);
  await row(page, 'cart').click();
  await page.keyboard.press('z');
  await page.keyboard.press('ArrowLeft');
  await expect(row(page, 'cart')).toHaveAttribute('aria-expanded', 'false');
  await page.getByRole('tab', { name: 'OTLP JSON' }).click();
  await page.getByRole('textbox', { name: 'Find in trace' }).fill('charge');
  await expect(page.getByRole('search').getByRole('status')).toHaveText('2');
  await page.getByRole('button', { name: /Show only matches/ }).click();
  await expect(tree(page)).toHaveAttribute('aria-rowcount', '4');
  await page.getByRole('checkbox', { name: 'Critical path' }).uncheck();
  for (const part of [/[?&]t=/, `span=${spanIdOf('cart')}`, /folds=/, /find=charge/, /only=1/, /tab=json/, /path=0/])
    await expect(page).toHaveURL(new RegExp(part));
  const before = await page.locator('.wf-map-window').evaluate(element => element.getAttribute('style'));
  await page.reload();
  await idle(page);
  await expect(page.getByRole('tab', { name: 'OTLP JSON' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('textbox', { name: 'Find in trace' })).toHaveValue('charge');
  await expect(page.getByRole('checkbox', { name: 'Critical path' })).not.toBeChecked();
  expect(await page.locator('.wf-map-window').evaluate(element => element.getAttribute('style'))).toBe(before);
  await page.getByRole('button', { name: /Show only matches/ }).click();
  await expect(row(page, 'cart')).toHaveAttribute('aria-selected', 'true');
  await expect(row(page, 'cart')).toHaveAttribute('aria-expanded', 'false');
});

test('the whole page by keyboard, without losing the focus', async ({ page, server }) => {
  await openTrace(page, server, ID);
  for (let i = 0; i < 60 && (await focused(page)) !== spanIdOf('root'); i++) await page.keyboard.press('Tab');
  expect(await focused(page)).toBe(spanIdOf('root'));
  const walk = async (key: string, id: string): Promise<void> => {
    await page.keyboard.press(key);
    await expect(row(page, id)).toBeFocused();
  };
  await walk('ArrowDown', 'cart');
  await walk('End', 'entries');
  await walk('Home', 'root');
  await page.keyboard.type('.pos');
  await expect(row(page, 'pay')).toBeFocused();
  await walk('ArrowRight', 'charge');
  await walk('ArrowDown', 'again');
  await walk('ArrowLeft', 'pay');
  await page.keyboard.press('ArrowLeft');
  await expect(row(page, 'pay')).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(row(page, 'cart')).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Shift+ArrowLeft');
  for (const id of ['cart', 'pay']) await expect(row(page, id)).toHaveAttribute('aria-expanded', 'false');
  await expect(row(page, 'pay')).toBeFocused();
  await page.keyboard.press('[');
  await expect(row(page, 'root')).toBeFocused();
  await page.keyboard.press(']');
  await expect(tree(page)).toHaveAttribute('aria-rowcount', '22');
  await walk('e', 'charge');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary')).toBeVisible();
  await walk('ArrowDown', 'again');
  await page.keyboard.press('g');
  await expect(page).toHaveURL(new RegExp(`span=${spanIdOf('charge')}`));
  await page.keyboard.press('b');
  await expect(page).toHaveURL(new RegExp(`span=${spanIdOf('again')}`));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toHaveCount(0);
});

test('keys of the page bring the focus to where they lead, but never out of the find field', async ({
  page,
  server,
}) => {
  await openTrace(page, server, ID);
  await page.keyboard.press('e');
  await expect(row(page, 'charge')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary')).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('entries');
  await expect(page.getByRole('search').getByRole('status')).toHaveText('1');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`span=${spanIdOf('entries')}`));
  await expect(page.getByRole('textbox', { name: 'Find in trace' })).toBeFocused();
});

test('Back undoes picks and walks as a whole, not single steps', async ({ page, server }) => {
  await openTrace(page, server, ID);
  const selected = (id: string) => expect(row(page, id)).toHaveAttribute('aria-selected', 'true');
  await row(page, 'root').click();
  await row(page, 'cart').click();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page).toHaveURL(new RegExp(`span=${spanIdOf('pay')}`));
  await page.keyboard.press('c');
  await page.keyboard.press('c');
  await expect(page).toHaveURL(new RegExp(`span=${spanIdOf('again')}`));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await page.goBack();
  await selected('again');
  await page.goBack();
  await selected('pay');
  await page.goBack();
  await selected('root');
  await page.goForward();
  await selected('pay');
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await expect(tree(page)).toBeVisible();
});

test('a pasted span id opens its span', async ({ page, server, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openTrace(page, server, ID);
  await page.evaluate(id => navigator.clipboard.writeText(` ${id}\n`), spanIdOf('select 7'));
  await page.keyboard.press('/');
  await page.keyboard.press('ControlOrMeta+v');
  await expect(row(page, 'select 7')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('complementary')).toContainText(spanIdOf('select 7'));
});

const mapWindow = (page: Page) =>
  page.locator('.wf-map-window').evaluate(element => {
    const { left, width } = element.getBoundingClientRect();
    return { left: Math.round(left), width: Math.round(width) };
  });

test('wheel, drags and keys move and size the window of time', async ({ page, server }) => {
  await openTrace(page, server, ID);
  const timeline = (await page.locator('.wf-timeline').boundingBox())!;
  const axis = (await page.locator('.wf-axis').boundingBox())!;
  const map = (await page.locator('.wf-minimap').boundingBox())!;
  const whole = await mapWindow(page);
  const middle = { x: timeline.x + timeline.width / 2, y: timeline.y + 60 };

  await page.mouse.move(middle.x, middle.y);
  await expect(page.locator('.wf-flag'), 'the time under the pointer').toHaveText(
    /^5\d\d\sms\d\d:\d\d:\d\d\.\d\d CET$/,
  );
  await page.mouse.wheel(0, -300);
  expect(await mapWindow(page), 'a wheel alone scrolls').toEqual(whole);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await expect(page).toHaveURL(/[?&]t=/);
  const zoomed = await mapWindow(page);
  expect(zoomed.width).toBeLessThan(whole.width * 0.7);
  await expect(page.locator('.wf-flag'), 'the time under the pointer stays').toHaveText(/^5\d\d(\.\d)?\sms/);

  await page.mouse.move(axis.x + 300, axis.y + 12);
  await page.mouse.down();
  await page.mouse.move(axis.x + 400, axis.y + 12, { steps: 4 });
  await page.mouse.up();
  const panned = await mapWindow(page);
  expect(panned.left, 'dragging the axis pans').toBeLessThan(zoomed.left);
  expect(panned.width).toBe(zoomed.width);

  await page.mouse.move(panned.left + panned.width / 2, map.y + 30);
  await page.mouse.down();
  await page.mouse.move(panned.left + panned.width / 2 + 80, map.y + 30, { steps: 4 });
  await page.mouse.up();
  expect((await mapWindow(page)).left, 'dragging the window on the map moves it').toBe(panned.left + 80);

  await page.mouse.dblclick(axis.x + 300, axis.y + 12);
  await expect.poll(() => mapWindow(page)).toEqual(whole);
  await page.mouse.move(map.x + 100, map.y + 30);
  await page.mouse.down();
  await page.mouse.move(map.x + 300, map.y + 30, { steps: 4 });
  await page.mouse.up();
  expect(Math.abs((await mapWindow(page)).width - 204), 'a drag on the map draws the window').toBeLessThanOrEqual(2);

  await page.keyboard.press('0');
  await idle(page);
  expect(await mapWindow(page)).toEqual(whole);
  await page.mouse.move(timeline.x + 200, middle.y);
  await page.mouse.down();
  await page.mouse.move(timeline.x + 400, middle.y, { steps: 4 });
  await page.mouse.up();
  await expect(page.locator('.wf-brush')).toContainText('z zooms');
  await page.keyboard.press('z');
  await expect(page.locator('.wf-brush')).toHaveCount(0);
  await idle(page);
  expect((await mapWindow(page)).width).toBeLessThan(whole.width * 0.35);
});

test('zoom keys glide, count from where they lead, and keep still for who wants that', async ({ page, server }) => {
  await openTrace(page, server, ID);
  const whole = await mapWindow(page);
  for (const key of ['+', '+', '+', '-', '-', '-']) await page.keyboard.press(key);
  await idle(page);
  expect(await mapWindow(page)).toEqual(whole);
  await page.keyboard.press('+');
  await page.keyboard.press('0');
  await idle(page);
  await expect(page).not.toHaveURL(/[?&]t=/);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const sizes = await page.evaluate(async () => {
    const seen = new Set<string>();
    const window = document.querySelector('.wf-map-window') as HTMLElement;
    seen.add(window.style.width);
    const observer = new MutationObserver(() => seen.add(window.style.width));
    observer.observe(window, { attributes: true });
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true }));
    await new Promise<void>(resolve => {
      const rests = new MutationObserver(() => {
        if (document.documentElement.dataset.idle === 'true') resolve();
      });
      rests.observe(document.documentElement, { attributes: true });
    });
    return seen.size;
  });
  expect(sizes, 'before and after, nothing between').toBe(2);
});

test('names of rows say what a screen reader needs', async ({ page, server }) => {
  await openTrace(page, server, ID);
  await expect(row(page, 'charge')).toHaveAccessibleName(
    /^payment POST \/charge, error, 200\sms, 20\s% of trace, level 3, 1 of 2$/,
  );
  await expect(row(page, 'again')).toHaveAccessibleName(/retry 1/);
});

test('the summary can be read, and the search of the details goes from span to span', async ({ page, server }) => {
  await openTrace(page, server, ID);
  await page.getByRole('button', { name: 'Summary' }).click();
  const summary = page.getByRole('dialog', { name: 'Summary of the trace' });
  await expect(summary).toContainText('storefront POST /checkout: 1.00\u00a0s');
  await expect(summary).toContainText('Critical path: payment');
  await expect(summary).toContainText('Error in payment POST /charge');
  await page.keyboard.press('Escape');
  await expect(summary).toBeHidden();
  await row(page, 'pay').click();
  const search = page.getByRole('textbox', { name: 'Search keys and values of this span' });
  await search.fill('no such key');
  await row(page, 'charge').click();
  await expect(search).toHaveValue('no such key');
  await expect(page.getByRole('complementary')).toContainText(/None/);
});

test('the summary and the forms of a span can be copied', async ({ page, server, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openTrace(page, server, ID, { span: spanIdOf('charge') });
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press('y');
  await expect.poll(copied).toContain('storefront POST /checkout: 1.00\u00a0s');
  expect(await copied()).toMatch(
    /Critical path: payment[\s\S]*Error in payment POST \/charge[\s\S]*which is not here\./,
  );
  await page.getByRole('button', { name: 'Copy the span', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Trace as curl' }).click();
  await expect.poll(copied).toContain(`/tempo/api/v2/traces/${ID}'`);
  const url = /'(http[^']*)'$/.exec(await copied())![1]!;
  expect((await fetch(url)).status).toBe(200);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious: ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    await openTrace(page, server, ID, { span: spanIdOf('charge'), find: 'charge' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => ({
          id,
          nodes: nodes.slice(0, 3).map(node => `${node.target} ${node.failureSummary}`),
        })),
    ).toEqual([]);
  });
}
