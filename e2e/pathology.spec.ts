import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { jsonTrace, type SpanDraft, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
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

test('names stay readable however deep a row stands, and crumbs say where that is', async ({ page, server }) => {
  const spans = Array.from({ length: 300 }, (_, i) => ({
    id: `step ${i}`,
    ...(i > 0 && { parent: `step ${i - 1}` }),
    at: i,
    ms: 1_000 - 2 * i,
  }));
  await server.send(jsonTrace('deep', Date.now() - MINUTE, spans));
  await openTrace(page, server, traceIdOf('deep'), { folds: 'all' });
  const tree = (await page.getByRole('treegrid').boundingBox())!;
  await spanRows(page).first().focus();
  for (const key of ['Home', 'PageDown', 'End']) {
    await page.keyboard.press(key);
    const name = page.locator('[role="row"][tabindex="0"] .wf-op');
    await expect(name).toBeVisible();
    const box = (await name.boundingBox())!;
    expect(box.width, key).toBeGreaterThan(25);
    expect(box.x + box.width, key).toBeLessThan(tree.x + tree.width - 40);
  }
  const crumbs = page.getByRole('navigation', { name: 'Rows above the first on screen' });
  await crumbs.getByRole('button').first().click();
  const name = await crumbs.getByRole('button').last().textContent();
  expect(Number(name?.split(' ')[1])).toBeLessThan(299);
});

/** All kinds of damage at once, and the first spans that their sentences lead to, in order of visits. */
const DAMAGED: readonly SpanDraft[] = [
  { id: 'root', ms: 100 },
  { id: 'second root', at: 5 },
  { id: 'ring 1', parent: 'ring 2', at: 3 },
  { id: 'ring 2', parent: 'ring 1', at: 4, ms: 5 },
  { id: 'orphan', parent: 'gone', at: 10 },
  { id: 'backwards', parent: 'root', at: 11, ms: -3 },
  { id: 'instant', parent: 'root', at: 12, ms: 0 },
  { id: 'late', parent: 'root', at: 110, ms: 3 },
  { id: 'overrun', parent: 'root', at: 90, ms: 30 },
  { id: 'timeless', parent: 'root', raw: { startTimeUnixNano: '0', endTimeUnixNano: '0' } },
  { id: 'twin', parent: 'root', name: 'one', at: 15, ms: 1 },
  { id: 'twin', parent: 'root', name: 'other', at: 16, ms: 1 },
  { id: 'nameless', parent: 'root', service: '', at: 17, ms: 1 },
  { id: 'call', parent: 'root', kind: 3, at: 20, ms: 30 },
  { id: 'answer', parent: 'call', service: 'stock', at: 43, ms: 20 },
];

const LEADS: readonly [finding: RegExp, rows: readonly RegExp[]][] = [
  [/parent cycle, broken/, [/ ring 1, .*cycle cut here/]],
  [/\d roots/, [/ root, /, / second root, /]],
  [/2 spans outside/, [/ overrun, .*outlives parent/, / late, .*after its parent/]],
  [/2 spans that share their id/, [/ one, .*shared id/, / other, .*shared id/]],
  [/ends before it starts/, [/ backwards, .*ends before start/]],
  [/without a timestamp/, [/ timeless, .*no time/]],
  [/1 span of no duration/, [/ instant, /]],
  [/without a service name/, [/unknown service nameless/]],
  [/Clock skew \+18/, [/stock answer, .*skew \+18/]],
];

test('each kind of damage is counted, and leads to its spans one after another', async ({ page, server }) => {
  const id = traceIdOf('damaged');
  await server.send(jsonTrace('damaged', Date.now() - MINUTE, DAMAGED));
  await openTrace(page, server, id);
  const findings = page.getByRole('region', { name: 'Findings' });
  for (const [finding, rows] of LEADS) {
    const badge = findings.getByRole('button', { name: finding });
    for (const name of [...rows, rows[0]!]) {
      await badge.press('Enter');
      await expect(badge, 'the badge keeps the focus').toBeFocused();
      const current = page.getByRole('treegrid').locator('[aria-selected="true"]');
      await expect(current, String(finding)).toHaveAccessibleName(name);
    }
  }
  await findings.getByRole('button', { name: /names the parent/ }).press('Enter');
  const gap = page.locator('[data-missing-span-id]');
  await expect(gap).toHaveAttribute('tabindex', '0');
  await expect(gap).toHaveAccessibleName(/^Missing parent [0-9a-f]{16}, not received, 1 span names it$/);
});

test('a value too long to show is told in size, and can be had whole as a file', async ({ page, server }) => {
  const huge = 'zoë '.repeat(500_000);
  await server.send(jsonTrace('huge', Date.now() - MINUTE, [{ id: 'only', attributes: { 'http.body/raw': huge } }]));
  await openTrace(page, server, traceIdOf('huge'), { span: spanIdOf('only') });
  const details = page.getByRole('complementary');
  await details.getByRole('button', { name: /^zoë/ }).click();
  await expect(details).toContainText(/first 4\.1\skB of 2\sMB/);
  expect((await details.locator('pre').textContent())!.length).toBeLessThanOrEqual(4_096);
  const download = page.waitForEvent('download');
  await details.getByRole('button', { name: 'Download' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('http.body_raw.txt');
  expect(await readFile(await file.path(), 'utf8')).toBe(huge);
});

test('thousands of attributes are shown, reached and searched without all being in the document', async ({
  page,
  server,
}) => {
  const attributes = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`key.${i}`, `value ${i}`]));
  await server.send(
    jsonTrace('many', Date.now() - MINUTE, [{ id: 'only', attributes }], { 'host.name': 'worker-7', 'os.type': 'x' }),
  );
  await openTrace(page, server, traceIdOf('many'), { span: spanIdOf('only') });
  const details = page.getByRole('complementary');
  await details.getByRole('button', { name: 'Show all 5,000' }).click();
  await expect(details.getByText('value 4999', { exact: true })).toHaveCount(0);
  await details.getByRole('button', { name: 'Show the first 60' }).scrollIntoViewIfNeeded();
  await expect(details.getByText('value 4999', { exact: true })).toBeVisible();
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(MOST_NODES);
  const search = details.getByRole('textbox', { name: /Search keys and values/ });
  await search.fill('worker');
  await expect(details, 'what is closed is searched, and opened').toContainText('worker-7');
  await search.fill('key.49');
  await expect(details.getByText('value 4999', { exact: true })).toHaveCount(0);
  await expect(details.getByText('value 490', { exact: true })).toBeVisible();
});

test('a trace without its root is fragments below a row that says so, and closes and opens as one', async ({
  page,
  server,
}) => {
  await server.send(
    jsonTrace('fragments', Date.now() - MINUTE, [
      { id: 'a', parent: 'lost', ms: 20 },
      { id: 'b', parent: 'a', at: 1 },
      { id: 'c', parent: 'lost too', at: 5, ms: 30 },
    ]),
  );
  await openTrace(page, server, traceIdOf('fragments'), { folds: 'all' });
  const root = page.locator('[data-fragments]');
  await expect(root).toHaveAccessibleName(/^2 fragments, the root was not received, at least 35\sms, level 1, 1 of 1$/);
  await expect(page.locator('.tr-head')).toContainText(/at least 35\sms/);
  await root.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '1');
  await expect(page).toHaveURL(/folds=all(~|%7E)r[0-9a-f]{16}/);
  await page.reload();
  await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '1');
  await root.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-missing-span-id]').first()).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(root).toBeFocused();
});

test('clocks can be adjusted on screen: said on page, row and details, in no link, and undone', async ({
  page,
  server,
}) => {
  const id = traceIdOf('clocks');
  await server.send(jsonTrace('clocks', Date.now() - MINUTE, DAMAGED));
  await openTrace(page, server, id);
  const answer = spanRows(page, spanIdOf('answer'));
  await expect(answer).toHaveAccessibleName(/, skew \+18\sms/);
  await answer.click();
  const details = page.getByRole('complementary');
  const start = details
    .locator('dt', { hasText: /^start$/ })
    .locator('..')
    .locator('.at-line');
  const received = await start.textContent();
  const before = page.url();
  await page.getByRole('checkbox', { name: 'Adjust clocks' }).check();
  const note = page.getByRole('status').filter({ hasText: 'Clocks adjusted on screen' });
  await expect(note).toContainText(/1 span is moved by \u221218\sms/);
  await expect(answer).toHaveAccessibleName(/, moved \u221218\sms/);
  await expect(answer).toHaveAttribute('aria-selected', 'true');
  await expect(details).toContainText(/Start\+25\sms/);
  await expect(details).toContainText(/moved\u221218\sms on screen/);
  await expect(page.getByRole('region', { name: 'Findings' })).toContainText(
    /Clock skew \+18\sms on stock, adjusted on screen/,
  );
  expect(await start.textContent(), 'the start is as it was received').toBe(received);
  expect(page.url()).toBe(before);
  await details.getByRole('tab', { name: 'OTLP JSON' }).click();
  await expect(details.locator('pre')).toContainText('"startTimeUnixNano"');
  await note.getByRole('button', { name: 'Show as received' }).click();
  await expect(answer).toHaveAccessibleName(/, skew \+18\sms/);
  await expect(note).toHaveCount(0);
  await expect(page.getByRole('checkbox', { name: 'Adjust clocks' })).not.toBeChecked();
});

test('of spans that share an id a link names the one that was picked', async ({ page, server }) => {
  await server.send(jsonTrace('twins', Date.now() - MINUTE, DAMAGED));
  await openTrace(page, server, traceIdOf('twins'));
  const twin = (name: string) => page.getByRole('row', { name: new RegExp(` ${name}, .*shared id`) });
  await twin('other').click();
  await expect(page).toHaveURL(new RegExp(`span=${spanIdOf('twin')}&nth=2`));
  await page.reload();
  await expect(twin('other')).toHaveAttribute('aria-selected', 'true');
  await expect(twin('one')).toHaveAttribute('aria-selected', 'false');
  await twin('one').click();
  await expect(page).toHaveURL(new RegExp(`span=${spanIdOf('twin')}(?!.*nth)`));
  await page.goBack();
  await expect(twin('other')).toHaveAttribute('aria-selected', 'true');
});

test('copies that a source hands out are counted, and lead to the row that stands for them', async ({
  page,
  server,
}) => {
  await server.send(jsonTrace('copies', Date.now() - MINUTE, [{ id: 'root' }, { id: 'child', parent: 'root', at: 1 }]));
  // The store keeps a redelivered span once; another Tempo may not. A message twice is one message with all its fields.
  await page.route('**/api/v2/traces/**', async route => {
    const reply = await route.fetch();
    const body = await reply.body();
    const { 'content-type': type = '' } = reply.headers();
    await route.fulfill({ status: 200, contentType: type, body: Buffer.concat([body, body]) });
  });
  await openTrace(page, server, traceIdOf('copies'));
  const badge = page.getByRole('region', { name: 'Findings' }).getByRole('button', { name: /2 copies of spans/ });
  for (const name of ['root', 'child']) {
    await badge.click();
    await expect(spanRows(page, spanIdOf(name))).toHaveAttribute('aria-selected', 'true');
    await expect(spanRows(page, spanIdOf(name))).toHaveAccessibleName(/, ×\u00a02 received,/);
  }
});
