import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** No serious finding of axe, frames included. axe runs its own code in the page by way of the debugger, which the page's policy does not forbid. */
export async function expectAccessible(page: Page): Promise<void> {
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
