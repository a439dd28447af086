import { expect, type Page } from '@playwright/test';
import { durationText } from '#domain/format/duration.ts';
import type { SentSpan, Value } from '#e2e/otlp/read-spans.ts';
import { spanRows } from './fixtures.ts';

/** The waterfall shows each span that was sent once, under its parent; a parent that was never sent has a row too. */
export async function expectTree(page: Page, sent: readonly SentSpan[]): Promise<void> {
  // Offered only where siblings repeat; what is compared here is every span.
  const grouping = page.getByRole('checkbox', { name: 'Group repeats' });
  if ((await grouping.count()) > 0) await grouping.uncheck();
  const missing = new Set(sent.map(span => span.parentSpanId));
  missing.delete('');
  for (const span of sent) missing.delete(span.spanId);
  const rowCount = sent.length + missing.size;
  await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', String(rowCount));
  const treeRows = page.getByRole('treegrid').getByRole('row');
  await expect(treeRows).toHaveCount(rowCount);
  const rows = await treeRows.evaluateAll(elements =>
    elements.map(element => ({
      spanId: element.getAttribute('data-span-id') ?? element.getAttribute('data-missing-span-id')!,
      level: Number(element.getAttribute('aria-level')),
      text: element.textContent,
    })),
  );
  const parents = new Map<string, string>();
  const path: string[] = [];
  for (const { spanId, level } of rows) {
    parents.set(spanId, path[level - 2] ?? '');
    path.length = level - 1;
    path.push(spanId);
  }
  expect(rows.map(row => row.spanId).toSorted()).toEqual([...sent.map(span => span.spanId), ...missing].toSorted());
  for (const span of sent) {
    expect(parents.get(span.spanId), `parent of ${span.name}`).toBe(span.parentSpanId);
    expect(rows.find(row => row.spanId === span.spanId)!.text).toContain(span.name);
  }
}

/** Selecting the span shows its duration, ids and every attribute as they were sent. */
export async function expectDetails(page: Page, span: SentSpan): Promise<void> {
  await spanRows(page, span.spanId).click();
  await expect(page).toHaveURL(new RegExp(`[?&]span=${span.spanId}`));
  const details = page.getByRole('complementary');
  await expect(details).toContainText(span.name);
  await expect(details).toContainText(durationText(Number(span.endUnixNano - span.startUnixNano)));
  for (const [key, value] of Object.entries(span.attributes)) {
    await expect(details).toContainText(key);
    if (value !== '') await expect(details).toContainText(printed(value));
  }
}

function printed(value: Value): string {
  return Array.isArray(value) ? value.map(printed).join(', ') : String(value);
}
