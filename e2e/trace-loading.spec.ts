import { jsonTrace, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, idle, openTrace, spanRows, test } from './fixtures.ts';

test('a trace that is still arriving grows under the reader', async ({ page, server }) => {
  const startMs = Date.now() - 2_000;
  const steps = Array.from({ length: 80 }, (_, i) => [
    { id: `step ${i}`, parent: 'root', name: `step ${i}`, at: 10 * i + 5, ms: 9 },
    { id: `query ${i}`, parent: `step ${i}`, name: `query ${i}`, at: 10 * i + 6, ms: 2 },
  ]).flat();
  const label = 'young';
  await server.send(jsonTrace(label, startMs, [{ id: 'root', ms: 1_000 }, ...steps]));
  await openTrace(page, server, traceIdOf(label));
  const row = (id: string) => spanRows(page, spanIdOf(id));
  await row('step 3').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('End');
  await page.keyboard.press('PageUp');
  await row('step 70').click();
  await page.keyboard.press('z');
  await expect(page).toHaveURL(/[?&]t=/);
  const tree = page.getByRole('treegrid');
  await expect(tree).toHaveAttribute('aria-rowcount', '160');
  const before = await row('step 70').boundingBox();
  const window = new URL(page.url()).searchParams.get('t');

  // Earlier than all: rows and the zero of the axis move.
  const early = Array.from({ length: 10 }, (_, i) => ({ id: `early ${i}`, parent: 'root', at: i, ms: 5 }));
  await server.send(jsonTrace(label, startMs, [{ id: 'before', at: -500, ms: 400 }, ...early]));
  await expect(tree).toHaveAttribute('aria-rowcount', '171', { timeout: 30_000 });
  await idle(page);
  await expect(row('step 70')).toHaveAttribute('aria-selected', 'true');
  await expect(row('step 70')).toBeFocused();
  expect((await row('step 70').boundingBox())?.y, 'it stays where it was on screen').toBe(before?.y);
  expect(new URL(page.url()).searchParams.get('t')).toBe(window);
  await page.keyboard.press('Home');
  await expect(row('step 3')).toHaveAttribute('aria-expanded', 'false');
});
