import type { Page } from '@playwright/test';
import { jsonTrace, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, openTrace, spanRows, type TestServer, test } from './fixtures.ts';
import { PATHOLOGIES, type Pathology } from './pathologies.ts';

const MINUTE = 60_000;
const MOST_NODES = 5_000;

/** Every span is there once and counted, damage is told, nothing became markup, and the page stays small. */
for (const [kind, pathologies] of Object.entries(PATHOLOGIES)) {
  test(`damaged traces open whole: ${kind}`, async ({ page, server }) => {
    test.setTimeout(180_000);
    for (const pathology of pathologies) {
      await test.step(pathology.name, async () => {
        await expectWhole(page, server, pathology);
      });
    }
  });
}

async function expectWhole(page: Page, server: TestServer, pathology: Pathology): Promise<void> {
  const { name, spans, resource, count = spans.length, rows = count, finding, look, texts = [] } = pathology;
  await server.send(jsonTrace(name, Date.now() - MINUTE, spans, resource));
  await openTrace(page, server, traceIdOf(name), { folds: 'all' });
  const label = `${count.toLocaleString('en')} ${count === 1 ? 'span' : 'spans'}`;
  await expect(page.getByRole('main').getByRole('banner').or(page.locator('.tr-head')).first(), name).toContainText(
    label,
  );
  await expect(page.getByRole('treegrid'), name).toHaveAttribute('aria-rowcount', String(rows));
  await expect(spanRows(page).first(), name).toBeVisible();
  if (finding !== undefined) await expect(page.getByRole('region', { name: 'Findings' }), name).toContainText(finding);
  if (look !== undefined) {
    await spanRows(page, spanIdOf(look)).first().click();
    const details = page.getByRole('complementary');
    for (const text of texts) await expect(details, name).toContainText(text);
    await expect(details.locator('script, img, svg[onload], a[href^="javascript"], a[href^="data"]'), name).toHaveCount(
      0,
    );
  }
  expect(await page.evaluate(() => document.querySelectorAll('*').length), name).toBeLessThan(MOST_NODES);
}
