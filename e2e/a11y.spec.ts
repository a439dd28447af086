import { wholeTrace } from '#e2e/bench/requests.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, explore, openTrace, spanRows, test } from './fixtures.ts';

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
