import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, explore, idle, results, test } from './fixtures.ts';
import { MESSAGE, PATH, SHOP_TRACES } from './shop-traces.ts';

const facets = (page: Page) => page.getByRole('complementary', { name: 'Facets' });
const value = (page: Page, name: RegExp) => facets(page).getByRole('checkbox', { name });
const bar = (page: Page) => page.getByRole('combobox', { name: 'Add a filter' });
const query = (page: Page) => new URL(page.url()).searchParams.get('q') ?? '';

test.use({ stock: SHOP_TRACES });

test.describe('facets', () => {
  test.beforeEach(async ({ page, server }) => {
    await explore(page, server);
  });

  test('count traces, and those with a failed span', async ({ page }) => {
    await expect(value(page, /^service payment, 6 traces, 2 with a failed span/)).toBeVisible();
    await expect(value(page, /^service storefront, 6 traces$/)).toBeVisible();
    await expect(value(page, /^status error, 2 traces/)).toBeVisible();
    await expect(value(page, /^tenant.id acme, 2 traces, 2 with/)).toBeVisible();
    await expect(facets(page)).toContainText('without it');
  });

  test('by keyboard: include, only, exclude; other values stay in sight with their counts', async ({ page }) => {
    await value(page, /^tenant.id acme/).focus();
    await page.keyboard.press('Enter');
    await expect(results(page)).toHaveCount(2);
    expect(query(page)).toBe('{ baggage.tenant.id = "acme" }');
    await expect(value(page, /^tenant.id acme/)).toBeChecked();
    await expect(value(page, /^tenant.id globex, 2 traces/)).toBeVisible();
    await expect(value(page, /^service payment, 2 traces/)).toBeVisible();
    await value(page, /^tenant.id globex/).focus();
    await page.keyboard.press('=');
    await expect.poll(() => query(page)).toBe('{ baggage.tenant.id = "globex" }');
    await page.keyboard.press('-');
    await expect.poll(() => query(page)).toBe('{ baggage.tenant.id != "globex" }');
    await expect(results(page)).toHaveCount(2);
  });

  test('a chosen value that is left without traces stays and says none', async ({ page, server }) => {
    await explore(page, server, { q: '{ resource.service.name = "nobody" }' });
    await expect(value(page, /^service nobody, 0 traces/)).toBeChecked();
    await expect(value(page, /^service payment, 6 traces/)).toBeVisible();
  });

  test('search within them', async ({ page }) => {
    await facets(page).getByRole('textbox', { name: 'Find a value' }).fill('GLO');
    await expect(value(page, /globex/)).toBeVisible();
    await expect(value(page, /acme/)).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(value(page, /acme/)).toBeVisible();
  });

  test('an attribute can be added by keyboard, is kept, and can be removed', async ({ page, server }) => {
    await facets(page).getByRole('button', { name: 'Add an attribute' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Find an attribute')).toBeFocused();
    await page.keyboard.type('url.path');
    await expect(page.getByRole('dialog').getByRole('listitem')).toHaveText(/^url\.path/);
    await page.keyboard.press('Enter');
    await expect(value(page, /^url.path \/v1\/payments\/1, 5 traces/)).toBeVisible();
    await explore(page, server);
    await value(page, /^url.path \/v1\/payments\/4711, 1 trace/).focus();
    await page.keyboard.press('Enter');
    await expect(results(page)).toHaveCount(1);
    await facets(page).getByRole('button', { name: 'Remove the facet span.url.path' }).press('Enter');
    await expect(value(page, /^url.path/)).toHaveCount(0);
  });

  test('a panel that has no room below opens upwards', async ({ page }) => {
    const add = page.getByRole('button', { name: 'Add an attribute' });
    await add.scrollIntoViewIfNeeded();
    const { bottom } = await add.evaluate(button => button.getBoundingClientRect());
    await page.setViewportSize({ width: 1440, height: Math.ceil(bottom) + 40 });
    await add.press('Enter');
    const panel = page.getByRole('dialog', { name: 'Add an attribute to the facets' });
    await expect(panel.getByRole('button').first()).toBeVisible();
    await expect(panel).toBeInViewport({ ratio: 1 });
  });

  test('closed sections are not counted', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', request => {
      const url = new URL(request.url());
      if (url.pathname.endsWith('/api/facets')) asked.push(url.searchParams.get('fields') ?? '');
    });
    await facets(page).getByRole('button', { name: /^Kind/ }).press('Enter');
    await idle(page);
    expect(asked.at(-1)?.split(',')).not.toContain('kind');
    await expect(value(page, /^kind server/)).toHaveCount(0);
  });
});

test.describe('any value', () => {
  test.beforeEach(async ({ page, server }) => {
    await explore(page, server);
  });

  const offered = (page: Page, text: RegExp) => page.getByRole('option', { name: text });

  test('a tenant finds its baggage', async ({ page }) => {
    await bar(page).fill('acme');
    await expect(offered(page, /baggage tenant\.id = acme 2 traces/)).toBeVisible();
    await page.keyboard.press('Enter');
    await expect.poll(() => query(page)).toBe('{ baggage.tenant.id = "acme" }');
    await expect(results(page)).toHaveCount(2);
  });

  test('a path finds the attribute that holds it', async ({ page }) => {
    await bar(page).fill(PATH);
    await expect(offered(page, /url\.path = .*4711 1 trace/)).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(results(page)).toHaveCount(1);
  });

  test('part of an error message finds the message, which no chip can say', async ({ page }) => {
    await bar(page).fill('declined');
    const option = offered(page, /statusMessage = .*declined.* 2 traces/);
    await expect(option).toBeVisible();
    await option.click();
    await expect.poll(() => query(page)).toBe(`{ statusMessage = ${JSON.stringify(MESSAGE)} }`);
    await expect(page.getByText('advanced')).toBeVisible();
    await expect(results(page)).toHaveCount(2);
  });

  test('the id of a span finds its trace', async ({ page }) => {
    await bar(page).fill(spanIdOf('t3-pay').toUpperCase());
    await expect(offered(page, /^Find the span/)).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(results(page, traceIdOf('t3'))).toBeVisible();
    await expect(results(page)).toHaveCount(1);
  });

  test('the id of a trace opens it', async ({ page }) => {
    await bar(page).fill(`trace ${traceIdOf('t4')}`);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`/trace/${traceIdOf('t4')}`));
  });

  test('what nothing holds is said', async ({ page }) => {
    await bar(page).fill('no such thing anywhere');
    await expect(page.getByText('No field or value is called that.')).toBeVisible();
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('facets with choices and an open list are accessible', async ({ page, server }) => {
      await explore(page, server, { q: '{ baggage.tenant.id = "acme" && kind != client }' });
      await bar(page).fill('pay');
      await expect(page.getByRole('option').first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
    });
  });
}
