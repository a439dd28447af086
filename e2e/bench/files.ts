import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import { BROWSER_FLAGS } from '#e2e/browser-path.ts';
import type { ServerProcess } from '#e2e/server-process.ts';
import { wholeTrace } from './requests.ts';
import { type Figure, figure, quantile, round } from './result.ts';

const FILE_BYTES = 100_000_000;
const OPENINGS = 5;

/** A file of 100 MB of OTLP JSON, opened in the page: with many traces until they are listed, with one until its first bars. */
export async function* fileFigures(
  server: ServerProcess,
  folder: string,
  executablePath: string,
): AsyncGenerator<readonly Figure[]> {
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  try {
    for (const [what, spansPerTrace, shown] of [
      ['many traces', 20, 'bench:listed'],
      ['one trace', 0, 'throughline:first-bars'],
    ] as const) {
      const path = join(folder, `${what.replace(' ', '-')}.json`);
      const spans = writeOtlpJson(path, spansPerTrace);
      const openings: Opening[] = [];
      for (let run = 0; run < OPENINGS; run++) {
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
        openings.push(await open(page, server, path, shown));
        await page.close();
      }
      const ms = openings.map(opening => opening.ms);
      const longest = openings.map(opening => opening.longestTaskMs);
      const details = { spans, bytes: statSync(path).size, all: ms.map(round) };
      yield [
        figure(`open 100 MB of OTLP JSON, ${what}`, quantile(ms, 0.5), 'ms', { atMost: 3_000 }, details),
        figure(
          `longest task of the page meanwhile, ${what}`,
          quantile(longest, 0.5),
          'ms',
          { atMost: 50 },
          { all: longest.map(round) },
        ),
      ];
    }
  } finally {
    await browser.close();
  }
}

interface Opening {
  readonly ms: number;
  /** 0 if none took 50 ms. */
  readonly longestTaskMs: number;
}

/** From the choice of the file to a mark: the list of what is in it, or the first bars of its only trace. */
async function open(page: Page, server: ServerProcess, path: string, shown: string): Promise<Opening> {
  await page.goto(server.uiUrl);
  await page.waitForFunction(() => document.documentElement.dataset.idle === 'true');
  await page.keyboard.press('o');
  await page.locator('input[type="file"]').waitFor({ state: 'attached' });
  await page.evaluate(() => {
    const tasks: { from: number; ms: number }[] = [];
    Object.assign(globalThis, { benchTasks: tasks });
    new PerformanceObserver(list => {
      for (const { startTime, duration } of list.getEntries()) tasks.push({ from: startTime, ms: duration });
    }).observe({ type: 'longtask' });
    // The listing is seen in the frame in which it is drawn.
    const listed = new MutationObserver(() => {
      if (document.querySelector('.file-traces') === null) return;
      performance.mark('bench:listed');
      listed.disconnect();
    });
    listed.observe(document, { childList: true, subtree: true });
    addEventListener('change', () => performance.mark('bench:chosen'), { capture: true, once: true });
  });
  await page.locator('input[type="file"]').setInputFiles(path);
  await page.waitForFunction(name => performance.getEntriesByName(name).length > 0, shown, { timeout: 120_000 });
  await page.waitForFunction(() => document.documentElement.dataset.idle === 'true');
  return page.evaluate(async name => {
    await new Promise(resolve => setTimeout(resolve, 100));
    const { benchTasks } = globalThis as unknown as { benchTasks: { from: number; ms: number }[] };
    const [chosen] = performance.getEntriesByName('bench:chosen');
    const [end] = performance.getEntriesByName(name);
    const since = benchTasks.filter(({ from, ms }) => from + ms >= chosen!.startTime);
    return {
      ms: end!.startTime - chosen!.startTime,
      longestTaskMs: since.reduce((max, { ms }) => Math.max(max, ms), 0),
    };
  }, shown);
}

/** Writes one document; traces of so many spans, 0 for all in one. Returns the number of spans. */
function writeOtlpJson(path: string, spansPerTrace: number): number {
  const file = openSync(path, 'w');
  let bytes = writeSync(file, '{"resourceSpans":[');
  let spans = 0;
  const add = (body: Uint8Array): void => {
    const text = protoToOtlpJson(body);
    const list = text.slice(text.indexOf('[') + 1, text.lastIndexOf(']'));
    bytes += writeSync(file, `${spans === 0 ? '' : ','}${list}`);
    spans += text.split('"spanId"').length - 1;
  };
  const endMs = Date.now() - 60_000;
  if (spansPerTrace === 0)
    for (const body of wholeTrace(1, ONE_TRACE_SPANS, 'bench', endMs).bodies) add(Buffer.from(body));
  for (let seed = 1; spansPerTrace > 0 && bytes < FILE_BYTES; seed++) {
    for (const body of wholeTrace(seed, spansPerTrace, `bench-${seed % 12}`, endMs - seed).bodies)
      add(Buffer.from(body));
  }
  writeSync(file, ']}');
  closeSync(file);
  return spans;
}

/** About 100 MB. */
const ONE_TRACE_SPANS = 137_000;
