import { statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { chromium, type Page } from '@playwright/test';
import { BROWSER_FLAGS } from '#e2e/browser-path.ts';
import { send } from '#e2e/otlp/send.ts';
import type { ServerProcess } from '#e2e/server-process.ts';
import { type Figure, figure, round } from './result.ts';
import { bigTrace } from './trace-shapes.ts';

/** Per form: until the file is there. */
const FORMS = [
  ['OTLP JSON', 30_000],
  ['Jaeger JSON', 30_000],
  ['Spans as CSV', 30_000],
  ['Picture as SVG', 1_000],
  ['Picture as PNG', 3_000],
  ['Summary as Markdown', 1_000],
] as const;
const LONG_TASK_MS = 50;

/** A trace of so many spans saved in every form, in headless Chromium: how long it takes, and what occupies the page meanwhile. */
export async function* exportFigures(
  server: ServerProcess,
  spans: number,
  executablePath: string,
): AsyncGenerator<readonly Figure[]> {
  const startUnixMs = Date.now() - 30 * 60_000;
  const trace = bigTrace({ form: 'tree', spans, seed: 8, startUnixMs, rootService: 'bench-export' });
  for (const body of trace.bodies) await send(server.otlpUrl, Buffer.from(body));
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.uiUrl}/trace/${trace.traceId}`);
    await page.locator('.wf-timeline').waitFor({ timeout: 120_000 });
    await rest(page);
    for (const [form, atMost] of FORMS) {
      const { ms, bytes, longestTaskMs } = await save(page, form);
      const details = { spans, bytes, load: round(loadavg()[0]!) };
      yield [
        figure(`save ${spans} spans: ${form}`, ms, 'ms', { atMost }, details),
        figure(`save ${spans} spans: ${form}, longest task of the page`, longestTaskMs, 'ms', { atMost: LONG_TASK_MS }),
      ];
    }
  } finally {
    await browser.close();
  }
}

/** From the choice in the menu to the file on disk. The longest task is 0 if none took 50 ms. */
async function save(page: Page, form: string): Promise<{ ms: number; bytes: number; longestTaskMs: number }> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { benchTasks: tasks });
    new PerformanceObserver(list => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask' });
  });
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download', { timeout: 120_000 });
  const began = performance.now();
  await page.getByRole('menuitem', { name: form }).click();
  const path = await (await download).path();
  const ms = performance.now() - began;
  await rest(page);
  const longestTaskMs = await page.evaluate(async () => {
    await new Promise(resolve => setTimeout(resolve, 100));
    return Math.max(0, ...(globalThis as unknown as { benchTasks: number[] }).benchTasks);
  });
  return { ms, bytes: statSync(path).size, longestTaskMs };
}

async function rest(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.idle === 'true', undefined, { timeout: 120_000 });
}
