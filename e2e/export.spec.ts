import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Download, Page } from '@playwright/test';
import { JsonTraceDecoder } from '#decoding/json-trace-decoder.ts';
import type { TraceId } from '#domain/ids.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { jsonTrace, type SpanDraft, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { send } from '#e2e/otlp/send.ts';
import { fileOf, give } from './file-contents.ts';
import { expect, idle, openTrace, type Stock, test } from './fixtures.ts';

const MINUTE = 60_000;
const EVIL = '=1+1`|<img src=x onerror=alert(1)> [x](javascript:alert(1))';
const REQUEST: readonly SpanDraft[] = [
  { id: 'checkout', service: 'storefront', name: 'POST /checkout', ms: 300, attributes: { big: 2n ** 60n } },
  { id: 'cart', parent: 'checkout', service: 'cart', name: 'GET /cart', at: 5, ms: 40 },
  { id: 'rows', parent: 'cart', service: 'cart', name: EVIL, kind: 3, at: 10, ms: 20 },
  {
    id: 'pay',
    parent: 'checkout',
    service: 'payment',
    name: 'POST /charges',
    at: 60,
    ms: 220.0005,
    error: 'card declined',
    attributes: { list: ['a', 1, { deep: true }] },
    events: [{ name: 'exception', at: 270, attributes: { 'exception.type': 'CardDeclined' } }],
    links: [{ traceId: traceIdOf('elsewhere'), spanId: spanIdOf('sender') }],
  },
];
const id = traceIdOf('exported');

/** Chooses a form of the menu, and the file that comes. */
async function exported(page: Page, name: string): Promise<{ name: string; text: string }> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Export/ }).click();
  await page.getByRole('menuitem', { name }).click();
  return saved(await download);
}

async function saved(download: Download): Promise<{ name: string; text: string }> {
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

function tableOf(text: string): TraceTable {
  const decoder = new JsonTraceDecoder({ traceId: id as TraceId, maxBytes: 1e9 });
  const pushed = decoder.push(new TextEncoder().encode(text));
  const result = pushed.ok ? decoder.finish() : pushed;
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const EXPORTED: Stock = { fill: server => server.send(jsonTrace('exported', Date.now() - MINUTE, REQUEST)) };
test.use({ stock: EXPORTED });

test.beforeEach(async ({ page, server }) => {
  await openTrace(page, server, id);
});

test('as OTLP JSON the trace is whole, and opens again as what it was', async ({ page, server }) => {
  const { name, text } = await exported(page, 'OTLP JSON');
  expect(name).toBe(`trace-${id}.otlp.json`);
  await expect(page.getByRole('status').filter({ hasText: `Saved ${name}` })).toHaveCount(1);
  const table = tableOf(text);
  expect(table.length).toBe(REQUEST.length);
  expect(Array.from(table.spanDurationNs)).toContain(220_000_500);
  expect(text).toContain(`"intValue":"${2n ** 60n}"`);

  const other = text.replaceAll(id, traceIdOf('again'));
  // Under an id of its own: no other test meets it.
  await send(server.otlpUrl, JSON.parse(other));
  await openTrace(page, server, traceIdOf('again'));
  expect((await exported(page, 'OTLP JSON')).text).toBe(other);
});

test('as Jaeger JSON it has references, processes, tags and logs', async ({ page }) => {
  const { name, text } = await exported(page, 'Jaeger JSON');
  expect(name).toBe(`trace-${id}.jaeger.json`);
  const [{ traceID, spans, processes }] = JSON.parse(text).data;
  expect(traceID).toBe(id);
  const pay = spans.find((span: { spanID: string }) => span.spanID === spanIdOf('pay'));
  expect(processes[pay.processID].serviceName).toBe('payment');
  expect(pay.references.map((reference: { refType: string }) => reference.refType)).toEqual([
    'CHILD_OF',
    'FOLLOWS_FROM',
  ]);
  expect(pay.duration).toBe(220_000);
  expect(pay.logs[0].fields).toContainEqual({ key: 'exception.type', type: 'string', value: 'CardDeclined' });
});

for (const form of ['OTLP JSON', 'Jaeger JSON']) {
  test(`a file of ${form}, dropped on the page, is the trace that was exported`, async ({ page }) => {
    const { name, text } = await exported(page, form);
    const rows = () =>
      page
        .getByRole('treegrid')
        .getByRole('row')
        .evaluateAll(all => all.map(row => row.ariaLabel));
    const before = await rows();
    await give(page, 'drop', [fileOf(name, text)]);
    await expect(page).toHaveURL(/src=file/);
    await expect(page.getByRole('treegrid')).toBeVisible();
    await idle(page);
    expect(await rows()).toEqual(before);
    expect((await exported(page, form)).text).toBe(text);
  });
}

test('as CSV it has a line for every span, and nothing that runs', async ({ page }) => {
  const { name, text } = await exported(page, 'Spans as CSV');
  expect(name).toBe(`trace-${id}.spans.csv`);
  const [header, ...lines] = text.trimEnd().split('\r\n');
  expect(header).toMatch(/^trace_id,span_id,parent_span_id,service,name,/);
  expect(lines).toHaveLength(REQUEST.length);
  expect(lines.find(line => line.includes(spanIdOf('rows')))).toContain(",cart,'=1+1`|<img");
  expect(lines.find(line => line.startsWith(`${id},${spanIdOf('pay')}`))).toContain(',220000500,');
});

test('as Markdown it says where the time went, and nothing of a span is markup', async ({ page }) => {
  const { name, text } = await exported(page, 'Summary as Markdown');
  expect(name).toBe(`trace-${id}.summary.md`);
  expect(text).toContain(`# \`storefront POST /checkout\``);
  expect(text).toContain(`](<${page.url()}>)`);
  expect(text).toMatch(/\| `payment` \| 220\sms \| \d+\s% \|/);
  expect(text).toContain('`card declined`');
  expect(text).not.toMatch(/^[^`]*<img/m);
});

test('as a picture the waterfall is as it is shown: folds, time and theme; names are text', async ({ page }) => {
  const shown = async () => {
    const { name, text } = await exported(page, 'Picture as SVG');
    expect(name).toBe(`trace-${id}.waterfall.svg`);
    return text;
  };
  const whole = await shown();
  expect(whole).toMatch(/^<\?xml[^>]*>\n<svg xmlns/);
  for (const name of ['storefront POST /checkout', 'GET /cart', 'POST /charges'])
    expect(whole).toContain(`>${name}</text>`);
  expect(whole).toContain('=1+1`|&#60;img');
  expect(whole).not.toMatch(/<(script|img|image|foreignObject)|<[^>]*\s(href|on\w+)=|NaN|oklab|oklch|var\(/);

  await page.locator(`[data-span-id="${spanIdOf('cart')}"]`).focus();
  await page.keyboard.press('ArrowLeft');
  await page.emulateMedia({ colorScheme: 'dark' });
  await idle(page);
  const folded = await shown();
  expect(folded).toContain('>+ 1</text>');
  expect(folded).not.toContain('=1+1');
  const ground = /<rect [^>]*fill="rgb\((\d+), (\d+), (\d+)\)"/;
  expect(ground.exec(whole)?.slice(1).map(Number)).toEqual([255, 255, 255]);
  expect(Math.max(...(ground.exec(folded)?.slice(1).map(Number) ?? []))).toBeLessThan(60);

  // As a document of its own it is sound XML, and as large as the PNG is at half its size.
  const size = await page.evaluate(async text => {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
    await image.decode();
    return [image.width, image.height];
  }, folded);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Picture as PNG' }).click();
  const png = readFileSync(await (await download).path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(size.map(px => 2 * px));
});

test('all of it by keyboard and from the palette', async ({ page }) => {
  await page.keyboard.press('Shift+X');
  const menu = page.getByRole('menu', { name: 'Export' });
  await expect(menu).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(menu.getByRole('menuitem', { name: 'OTLP JSON' })).toBeFocused();
  await page.keyboard.press('s');
  await expect(menu.getByRole('menuitem', { name: 'Spans as CSV' })).toBeFocused();
  const csv = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await saved(await csv)).name).toMatch(/\.csv$/);
  await expect(menu).toBeHidden();
  await expect(page.getByRole('button', { name: 'Export' })).toBeFocused();

  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Go to a trace, a service or a command' }).fill('jaeger json');
  await expect(page.getByRole('option', { name: 'Export: Jaeger JSON' })).toHaveAttribute('aria-selected', 'true');
  const jaeger = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await saved(await jaeger)).name).toMatch(/\.jaeger\.json$/);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the menu is accessible, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.getByRole('button', { name: 'Export' }).click();
    await expect(page.getByRole('menu', { name: 'Export' })).toBeVisible();
    await idle(page);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
}
