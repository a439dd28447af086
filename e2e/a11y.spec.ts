import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { wholeTrace } from '#e2e/bench/requests.ts';
import { expect, explore, openTrace, spanRows, test } from './fixtures.ts';

/** axe runs its own code in the page by way of the debugger, which the page's policy does not forbid. */
async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.slice(0, 5).map(node => `${node.target.join(' ')}: ${node.failureSummary}`),
    }));
  expect(serious).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('the empty page', async ({ page, server }) => {
      await explore(page, server);
      await expectAccessible(page);
    });

    test('explore with results', async ({ page, server }) => {
      const { bodies } = wholeTrace(3, 200, 'storefront', Date.now() - 60_000);
      for (const body of bodies) await server.send(Buffer.from(body));
      await explore(page, server);
      await expect(page.locator('[data-trace-id]')).toHaveCount(1);
      await expectAccessible(page);
    });

    test('a trace with details open', async ({ page, server }) => {
      const { bodies, traceId } = wholeTrace(3, 200, 'storefront', Date.now() - 60_000);
      for (const body of bodies) await server.send(Buffer.from(body));
      await openTrace(page, server, traceId);
      await spanRows(page).nth(3).click();
      await expect(page).toHaveURL(/span=/);
      await expectAccessible(page);
    });
  });
}
