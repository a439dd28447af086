import { gzipSync } from 'node:zlib';
import { chromium, type Page } from '@playwright/test';
import { BROWSER_FLAGS } from '#e2e/browser-path.ts';
import { send } from '#e2e/otlp/send.ts';
import type { ServerProcess } from '#e2e/server-process.ts';
import { wholeTrace } from './requests.ts';
import { type Figure, figure, quantile, round } from './result.ts';

const OPENINGS = 7;
const TRACES = [
  { spans: 10_000, atMost: 400 },
  { spans: 1_000, atMost: 150 },
];

/** What a reader waits for, in headless Chromium. */
export async function browserFigures(server: ServerProcess, executablePath: string): Promise<Figure[]> {
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const figures: Figure[] = [];
    for (const { spans, atMost } of TRACES) {
      const service = `bench-${spans}`;
      const { bodies, traceId } = wholeTrace(spans, spans, service, Date.now() - 60_000);
      for (const body of bodies) await send(server.otlpUrl, Buffer.from(body));
      const sample: number[] = [];
      for (let run = 0; run < OPENINGS; run++) sample.push(await openingMs(page, server, service, traceId));
      const details = { first: round(sample[0]!), max: round(quantile(sample, 1)), n: OPENINGS };
      figures.push(figure(`open a trace of ${spans} spans`, quantile(sample, 0.5), 'ms', { atMost }, details));
    }
    figures.push(await initialScript(await browser.newPage(), server));
    return figures;
  } finally {
    await browser.close();
  }
}

/** From the click on the result row to the first bars. */
async function openingMs(page: Page, server: ServerProcess, service: string, traceId: string): Promise<number> {
  const q = `{ resource.service.name = "${service}" }`;
  await page.goto(`${server.uiUrl}/?${new URLSearchParams({ q })}`);
  const row = page.locator(`[data-trace-id="${traceId}"]`);
  await row.waitFor();
  await rest(page);
  await page.evaluate(() => {
    addEventListener('click', event => performance.mark('bench:click', { startTime: event.timeStamp }), {
      capture: true,
      once: true,
    });
  });
  await row.click();
  await page.waitForFunction(() => performance.getEntriesByName('throughline:first-bars').length > 0);
  await rest(page);
  return page.evaluate(() => {
    const [click] = performance.getEntriesByName('bench:click');
    const bars = performance
      .getEntriesByName('throughline:first-bars')
      .find(mark => mark.startTime >= click!.startTime);
    return bars!.startTime - click!.startTime;
  });
}

/** All script the explore page loads before it first rests, each file compressed as a server would. What it fetches
 * ahead while at rest (the trace page) is not part of it. */
async function initialScript(page: Page, server: ServerProcess): Promise<Figure> {
  const loading: Promise<{ url: string; bytes: number; worker: boolean }>[] = [];
  page.on('response', response => {
    const type = response.headers()['content-type'] ?? '';
    if (!type.includes('javascript')) return;
    const worker = response.request().resourceType() !== 'script' || /worker/.test(response.url());
    const url = response.url();
    loading.push(response.body().then(body => ({ url, bytes: gzipSync(body).length, worker })));
  });
  await page.addInitScript(() => {
    const idle = new MutationObserver(() => {
      if (document.documentElement.dataset.idle !== 'true') return;
      performance.mark('bench:idle');
      idle.disconnect();
    });
    idle.observe(document, { attributes: true, attributeFilter: ['data-idle'], subtree: true });
  });
  await page.goto(server.uiUrl);
  await rest(page);
  const ahead = await page.evaluate(() => {
    const [idle] = performance.getEntriesByName('bench:idle');
    return performance
      .getEntriesByType('resource')
      .filter(entry => entry.startTime > idle!.startTime)
      .map(entry => entry.name);
  });
  const files = (await Promise.all(loading)).filter(file => !ahead.includes(file.url));
  const sum = (list: typeof files) => list.reduce((total, file) => total + file.bytes, 0);
  return figure(
    'initial script of the explore page',
    sum(files.filter(file => !file.worker)) / 1_000,
    'kB gzip',
    { atMost: 200 },
    {
      files: files.length,
      workers: round(sum(files.filter(file => file.worker)) / 1_000),
    },
  );
}

async function rest(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.idle === 'true');
}
