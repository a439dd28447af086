import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, explore, idle, results, test } from './fixtures.ts';
import { SHOP_TRACES } from './shop-traces.ts';

const editor = (page: Page) => page.getByRole('textbox', { name: 'TraceQL query' });
const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name });
const query = (page: Page) => new URL(page.url()).searchParams.get('q') ?? '';

/** `q` opens the editor and puts the cursor into it. */
async function openEditor(page: Page): Promise<void> {
  await page.keyboard.press('q');
  await expect(editor(page)).toBeFocused();
}

test.use({ stock: SHOP_TRACES });

test.beforeEach(async ({ page, server }) => {
  await explore(page, server);
});

test('a query is written by keyboard with what is offered, and run', async ({ page }) => {
  await openEditor(page);
  await page.keyboard.type('{ ten');
  await expect(option(page, /baggage\.tenant\.id/)).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(option(page, /is not/)).toBeVisible();
  await page.keyboard.type('= ');
  await expect(option(page, /"acme"/)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(editor(page)).toHaveText(/baggage\.tenant\.id = "(acme|globex)"/);
  await page.keyboard.press('Enter');
  await expect(results(page)).toHaveCount(2);
  expect(query(page)).toMatch(/baggage\.tenant\.id = "(acme|globex)"/);
});

test('values go with the rest of the query', async ({ page }) => {
  await openEditor(page);
  await page.keyboard.type('{ status = error && baggage.tenant.id = ');
  await expect(option(page, /"acme"/)).toBeVisible();
  await expect(option(page, /"globex"/)).toHaveCount(0);
});

test('what cannot be asked is explained and kept', async ({ page }) => {
  await openEditor(page);
  await page.keyboard.type('{ status == error');
  await page.keyboard.press('Enter');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('Column 11');
  await expect(alert).toContainText('Compare with a single =');
  await expect(editor(page)).toHaveAttribute('aria-invalid', 'true');
  expect(query(page)).toBe('');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('{ status = error');
  await expect(alert).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(results(page)).toHaveCount(2);
});

test('text of an input method is composed in place, within the policy', async ({ page }) => {
  await openEditor(page);
  await page.keyboard.type('{ span.city = "');
  const chromium = await page.context().newCDPSession(page);
  for (const text of ['に', 'にほ', '日本']) {
    await chromium.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await expect(editor(page)).toHaveText(`{ span.city = "${text}"}`);
  }
  await chromium.send('Input.insertText', { text: '日本' });
  await page.keyboard.press('Enter');
  await expect.poll(() => query(page)).toContain('日本');
});

test('Shift+Enter breaks the line; single keys stay text', async ({ page }) => {
  await openEditor(page);
  await page.keyboard.type('{ kind = client &&');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('status = error }');
  await page.keyboard.press('Enter');
  await expect(results(page)).toHaveCount(2);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('jklqf?/');
  await expect(editor(page)).toHaveText('jklqf?/');
});

test('Escape goes back to the chips, and what was typed waits', async ({ page }) => {
  await openEditor(page);
  await page.keyboard.type('{ kind = client }');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  const bar = page.getByRole('combobox', { name: 'Add a filter' });
  await expect(bar).toBeFocused();
  expect(query(page)).toBe('');
  await page.keyboard.press('Escape');
  await bar.blur();
  await openEditor(page);
  await expect(editor(page)).toHaveText('{ kind = client }');
});

test('chips and text are two views of one query', async ({ page }) => {
  await openEditor(page);
  await page.keyboard.insertText('{ kind = client && (status = error || span.http.route = "x") } | count() > 0');
  await page.keyboard.press('Enter');
  await idle(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Edit filter kind = client' })).toBeVisible();
  await expect(page.getByText('advanced')).toBeVisible();
  await page.getByRole('button', { name: 'Remove filter kind = client' }).press('Enter');
  await expect.poll(() => query(page)).toBe('{ status = error || span.http.route = "x" } | count() > 0');
  await expect(results(page)).toHaveCount(2);
});

test('chips are edited, paused, inverted and removed by keys alone', async ({ page }) => {
  await openEditor(page);
  await page.keyboard.insertText('{ kind = client && status = error }');
  await page.keyboard.press('Enter');
  await idle(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('combobox', { name: 'Add a filter' })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  const chip = (name: string) => page.getByRole('button', { name: `Edit filter ${name}` });
  await expect(chip('status = error')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Filter status = error' })).toBeVisible();
  await expect(page.getByLabel('Find or type a value')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(chip('status = error')).toBeFocused();
  await page.keyboard.press('!');
  await expect(chip('status ≠ error')).toBeFocused();
  await expect.poll(() => query(page)).toBe('{ kind = client && status != error }');
  await page.keyboard.press('p');
  await expect.poll(() => query(page)).toContain('/* paused: status != error */');
  await expect(chip('status ≠ error')).toBeFocused();
  await page.keyboard.press('Delete');
  await expect.poll(() => query(page)).toBe('{ kind = client }');
});

test('recent queries come back with ↑ in an empty editor, over a reload', async ({ page, server }) => {
  await openEditor(page);
  await page.keyboard.insertText('{ name = "POST /charge" }');
  await page.keyboard.press('Enter');
  await expect(results(page)).toHaveCount(6);
  await explore(page, server);
  await openEditor(page);
  await page.keyboard.press('ArrowUp');
  await expect(option(page, /POST \/charge/)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(editor(page)).toHaveText('{ name = "POST /charge" }');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('the editor with its list and its error is accessible', async ({ page }) => {
      await openEditor(page);
      await page.keyboard.type('{ sta');
      await expect(option(page, /^status/).first()).toBeVisible();
      expect(
        (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes.map(n => n.html)]),
      ).toEqual([]);
      await page.keyboard.type('tus = ');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('alert')).toBeVisible();
      expect(
        (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes.map(n => n.html)]),
      ).toEqual([]);
    });
  });
}
