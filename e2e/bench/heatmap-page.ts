import { chromium } from '@playwright/test';
import { BROWSER_FLAGS } from '#e2e/browser-path.ts';
import { jsonTrace } from '#e2e/otlp/json-trace.ts';
import { send } from '#e2e/otlp/send.ts';
import { seededRandom } from '#e2e/random.ts';
import type { ServerProcess } from '#e2e/server-process.ts';
import { type Figure, figure, quantile, round } from './result.ts';
import { during } from './trace-page-probe.ts';

const SPANS = 40_000;
const BATCH = 2_000;
const HOUR_MS = 3_600_000;
const REDRAWS = 20;
const STEPS = 120;

/** What a heatmap in which nearly every cell holds something costs the main thread. */
export async function heatmapPageFigures(server: ServerProcess, executablePath: string): Promise<Figure[]> {
  await fill(server);
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.uiUrl}/?of=spans`);
    const rest = () =>
      page.waitForFunction(() => document.documentElement.dataset.idle === 'true', undefined, { timeout: 60_000 });
    const plot = page.getByRole('application', { name: 'Latency heatmap' });
    await plot.waitFor({ timeout: 60_000 });
    await rest();
    // Another theme is another palette: everything is drawn again.
    for (let turn = 0; turn < REDRAWS; turn++) {
      // Counted before each switch: two switches within one frame are one redraw.
      const before = await page.evaluate(() => performance.getEntriesByName('throughline:heatmap').length);
      await page.emulateMedia({ colorScheme: turn % 2 === 0 ? 'dark' : 'light' });
      await page.waitForFunction(drawn => performance.getEntriesByName('throughline:heatmap').length > drawn, before, {
        timeout: 10_000,
      });
    }
    const redraws = await page.evaluate(() =>
      (performance.getEntriesByName('throughline:heatmap') as PerformanceMeasure[]).map(({ duration, detail }) => ({
        duration,
        cells: (detail as { cells: number }).cells,
      })),
    );
    const box = (await plot.boundingBox())!;
    const frames = await during(page, async () => {
      await page.mouse.move(box.x + 90, box.y + 180);
      await page.mouse.down();
      for (let step = 0; step < STEPS; step++) {
        await page.mouse.move(box.x + 90 + (step * (box.width - 190)) / STEPS, box.y + 180 + (step % 60) * 2);
      }
    });
    await page.mouse.up();
    const times = redraws.map(({ duration }) => duration);
    return [
      figure(
        'redraw of a full heatmap',
        quantile(times, 0.5),
        'ms',
        { atMost: 4 },
        {
          max: round(quantile(times, 1)),
          n: times.length,
          cells: redraws.at(-1)?.cells,
          note: 'strips and cells onto the canvas',
        },
      ),
      figure(
        'frames while a box is drawn, p95',
        quantile(frames, 0.95),
        'ms',
        { atMost: 16.7 },
        {
          p50: round(quantile(frames, 0.5)),
          max: round(quantile(frames, 1)),
          frames: frames.length,
          note: 'script, layout and paint of the main thread per frame',
        },
      ),
    ];
  } finally {
    await browser.close();
  }
}

/** An hour of spans from 0.1 ms to 10 s, evenly over time and the logarithm of their duration. */
async function fill(server: ServerProcess): Promise<void> {
  const next = seededRandom(6);
  const startMs = Date.now() - HOUR_MS;
  let resourceSpans: unknown[] = [];
  for (let i = 0; i < SPANS; i++) {
    const ms = 0.1 * 10 ** (5 * next());
    const span = { id: `span ${i}`, service: 'storefront', ms, ...(next() < 0.1 && { error: 'failed' }) };
    const body = jsonTrace(`heat ${i}`, startMs + (HOUR_MS * i) / SPANS, [span]) as { resourceSpans: unknown[] };
    resourceSpans.push(...body.resourceSpans);
    if (resourceSpans.length < BATCH && i < SPANS - 1) continue;
    await send(server.otlpUrl, { resourceSpans });
    resourceSpans = [];
  }
}
