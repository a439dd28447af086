import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './expect-accessible.ts';
import { fileOf, give, gzipped, jaegerFile, otlpLine, type TestFile, zipkinFile } from './file-contents.ts';
import { expect, explore, idle, results, test } from './fixtures.ts';

const dialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Files' });
const entry = (page: Page, name: string): Locator => dialog(page).getByRole('listitem', { name, exact: true });
const rows = (page: Page): Locator => page.getByRole('row');

async function pick(page: Page, ...files: readonly TestFile[]): Promise<void> {
  await page.locator('input[type="file"]').setInputFiles([...files]);
}

/** Every address that the page asks for from now on. */
function requestsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', request => {
    if (request.method() !== 'GET') asked.push(`${request.method()} ${request.url()}`);
  });
  return asked;
}

test('a file with one trace, dropped on the page, opens as that trace and is not uploaded', async ({
  page,
  server,
}) => {
  await explore(page, server);
  const sent = requestsOf(page);
  await give(page, 'drop', [jaegerFile()]);
  await expect(rows(page).filter({ hasText: 'charge' })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/trace/0000000000000000000000000000007b');
  expect(new URL(page.url()).searchParams.get('src')).toBe('file');
  await expect(dialog(page)).toBeHidden();
  await rows(page).filter({ hasText: 'charge' }).click();
  await expect(page.getByText('1999', { exact: true }).first()).toBeVisible();
  await idle(page);
  expect(sent).toEqual([]);
});

test('a reload loses files: the link says so, and dropping the file again shows the trace', async ({
  page,
  server,
}) => {
  await explore(page, server);
  await give(page, 'drop', [jaegerFile()]);
  await expect(rows(page).filter({ hasText: 'charge' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('main')).toContainText('This trace came from a file');
  await expectAccessible(page);
  await give(page, 'drop', [jaegerFile()]);
  await expect(rows(page).filter({ hasText: 'charge' })).toBeVisible();
});

test('several at once, gzipped ones among them: each is named with what is in it, and all are searched', async ({
  page,
  server,
}) => {
  await explore(page, server);
  const lines = fileOf(
    'shop.jsonl',
    [otlpLine(1, 'basket', 'GET /basket'), otlpLine(2, 'stock', 'GET /stock')].join('\n'),
  );
  await give(page, 'drop', [gzipped(jaegerFile()), zipkinFile(), gzipped(lines)]);
  await expect(entry(page, 'jaeger.json.gz')).toContainText('Jaeger JSON, gzipped · 1 trace · 2 spans');
  await expect(entry(page, 'zipkin.json')).toContainText('Zipkin JSON · 1 trace · 3 spans');
  await expect(entry(page, 'shop.jsonl.gz')).toContainText('OTLP JSONL, gzipped · 2 traces · 2 spans');
  await expectAccessible(page);
  await dialog(page).getByRole('link', { name: 'Search all 4 traces' }).click();
  await expect(results(page)).toHaveCount(4);
});

test('search, facets, latencies and graph work over files', async ({ page, server }) => {
  await explore(page, server);
  await give(page, 'drop', [jaegerFile(), zipkinFile()]);
  await dialog(page).getByRole('link', { name: 'Search all 2 traces' }).click();
  await expect(results(page)).toHaveCount(2);
  await expect(
    page
      .getByRole('complementary')
      .or(page.getByRole('region', { name: /facets/i }))
      .first(),
  ).toContainText('payment');
  await page.keyboard.press('a');
  await page.keyboard.press('a');
  await page.getByRole('button', { name: 'Search all open files' }).click();
  await expect(results(page)).toHaveCount(2);
  await page.getByRole('link', { name: 'Graph', exact: true }).click();
  await expect(page.getByRole('main')).toContainText(
    'Every span of the matching traces in the opened files is counted',
  );
});

test('damaged files say where and why, and what is whole in them is open', async ({ page, server }) => {
  await explore(page, server);
  const good = otlpLine(1, 'basket', 'GET /basket');
  const torn = fileOf('torn.jsonl', `${good}\n${otlpLine(2, 'stock', 'GET /stock').slice(0, 120)}`);
  await give(page, 'drop', [torn, fileOf('notes.txt', 'hello'), jaegerFile()]);
  await expect(entry(page, 'torn.jsonl')).toContainText('1 trace · 1 span');
  await expect(entry(page, 'torn.jsonl')).toContainText(/Line 2, column \d+: resourceSpans\[0\].*does not end/);
  await expect(entry(page, 'notes.txt')).toContainText('This is text, but not JSON');
  await expect(entry(page, 'jaeger.json')).toContainText('2 spans');
  await expectAccessible(page);
  await entry(page, 'torn.jsonl').getByRole('link', { name: 'basket GET /basket' }).click();
  await expect(rows(page).filter({ hasText: 'GET /basket' })).toBeVisible();
});

test('by keyboard: a key opens the list, a file is picked, its trace opened, the file closed', async ({
  page,
  server,
}) => {
  // From the start: the browser is told to leave choosers to the test, which takes it a moment.
  page.on('filechooser', chooser => void chooser.setFiles([zipkinFile(), jaegerFile()]));
  await explore(page, server);
  await page.keyboard.press('o');
  await expect(dialog(page).getByRole('button', { name: 'Choose files' })).toBeFocused();
  await page.keyboard.press('Enter');
  const trace = entry(page, 'jaeger.json').getByRole('link', { name: 'checkout POST /checkout' });
  await trace.focus();
  await page.keyboard.press('Enter');
  await expect(rows(page).filter({ hasText: 'charge' })).toBeVisible();
  await page.keyboard.press('o');
  await entry(page, 'jaeger.json').getByRole('button', { name: 'Close jaeger.json' }).focus();
  await page.keyboard.press('Enter');
  await expect(entry(page, 'jaeger.json')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('main')).toContainText('None of the open files holds it');
});

test('pasted: a file, or text that is JSON, but not into a field', async ({ page, server }) => {
  await explore(page, server);
  await give(page, 'paste', [zipkinFile()]);
  await expect(rows(page).filter({ hasText: 'cart' })).toBeVisible();
  await page.evaluate(text => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, jaegerFile().buffer.toString());
  await expect(rows(page).filter({ hasText: 'charge' })).toBeVisible();
});

test('the palette and the source menu lead to files, also when typed before the palette is there', async ({
  page,
  server,
}) => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  await page.route('**/assets/Palette-*.js', async route => {
    await held;
    await route.continue();
  });
  await explore(page, server);
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('Open files');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  release();
  await expect(page.getByRole('combobox', { name: /go to a trace/i })).toHaveValue('Open files');
  await page.keyboard.press('Enter');
  await pick(page, jaegerFile());
  await expect(rows(page).filter({ hasText: 'charge' })).toBeVisible();
  await page.getByRole('button', { name: /files/i }).first().click();
  await page.getByRole('menuitem', { name: /open files/i }).click();
  await expect(entry(page, 'jaeger.json')).toBeVisible();
});

test('traces are added to the store when the reader says so, and only then', async ({ page, server }) => {
  await explore(page, server);
  const sent = requestsOf(page);
  await give(page, 'drop', [jaegerFile(), zipkinFile()]);
  await expect(entry(page, 'jaeger.json')).toContainText('2 spans');
  expect(sent).toEqual([]);
  await entry(page, 'jaeger.json').getByRole('button', { name: 'Add jaeger.json to the store' }).click();
  await expect(entry(page, 'jaeger.json').getByRole('status')).toHaveText('2 spans were added to the store.');
  expect(sent).toEqual([`POST ${server.url}/api/traces`]);
  const stored = await fetch(`${server.url}/tempo/api/v2/traces/7b`, { headers: { accept: 'application/json' } });
  expect(JSON.stringify(await stored.json())).toContain('charge');
  const found = await fetch(`${server.url}/tempo/api/search?q=${encodeURIComponent('{}')}`);
  expect(((await found.json()) as { traces: unknown[] }).traces).toHaveLength(1);
});

const shared = join(import.meta.dirname, '../../shared/conformance');
const real = ['zipkin', 'jaeger'].flatMap(folder => {
  try {
    return readdirSync(join(shared, folder)).map(name => join(shared, folder, name));
  } catch {
    return [];
  }
});

test('real files of Zipkin and Jaeger open without a complaint', async ({ page, server }) => {
  test.skip(real.length === 0, 'the folder shared/conformance is not beside the repository');
  await explore(page, server);
  const files = await Promise.all(real.map(async path => fileOf(path.split('/').at(-1)!, await readFile(path))));
  await give(page, 'drop', files);
  await expect(dialog(page).getByRole('link', { name: `Search all ${files.length} traces` })).toBeVisible();
  await expect(dialog(page).getByRole('list', { name: 'What is wrong' })).toHaveCount(0);
});
