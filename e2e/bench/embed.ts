import { type Browser, chromium } from '@playwright/test';
import { BROWSER_FLAGS } from '#e2e/browser-path.ts';
import { startHostPages } from '#e2e/host-page.ts';
import { send } from '#e2e/otlp/send.ts';
import { type ServerProcess, startServer } from '#e2e/server-process.ts';
import { wholeTrace } from './requests.ts';
import { type Figure, figure, quantile, round } from './result.ts';

const SPANS = 1_000;
const OPENINGS = 9;
const AT_MOST_MS = 400;

/** A trace in a frame of a page of another origin, from the frame's navigation to its first bars. */
export async function embedFigures(dataDir: string, executablePath: string): Promise<Figure[]> {
  const host = await startHostPages();
  const server = await startServer({ dataDir, flags: ['--frame-ancestors', host.origin] });
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  try {
    const { bodies, traceId } = wholeTrace(SPANS, SPANS, 'bench-embed', Date.now() - 60_000);
    for (const body of bodies) await send(server.otlpUrl, Buffer.from(body));
    const src = `${server.uiUrl}/embed/trace/${traceId}`;
    const address = host.page(`<iframe width="900" height="420" src="${src}"></iframe>`);
    return [await opened(browser, server, address)];
  } finally {
    await browser.close();
    await server.stop();
    await host.close();
  }
}

/** Empty caches for each opening: a reader of a wiki page has never been here. Then once more in the same browser. */
async function opened(browser: Browser, server: ServerProcess, address: string): Promise<Figure> {
  const [empty, filled]: [number[], number[]] = [[], []];
  for (let run = 0; run < OPENINGS; run++) {
    const context = await browser.newContext();
    for (const sample of [empty, filled]) {
      const page = await context.newPage();
      await page.goto(address);
      const frame = page.frames().find(each => each.url().startsWith(server.uiUrl));
      if (frame === undefined) throw new Error('the panel was not framed');
      await frame.waitForFunction(() => performance.getEntriesByName('throughline:first-bars').length > 0);
      // Times of a document count from the start of its navigation.
      sample.push(await frame.evaluate(() => performance.getEntriesByName('throughline:first-bars')[0]!.startTime));
      await frame.waitForFunction(() => document.documentElement.dataset.idle === 'true');
      await page.close();
    }
    await context.close();
  }
  return figure(
    `trace panel, navigation to first bars, ${SPANS} spans, empty caches`,
    quantile(empty, 0.5),
    'ms',
    { atMost: AT_MOST_MS },
    { max: round(quantile(empty, 1)), again: round(quantile(filled, 0.5)), n: OPENINGS },
  );
}
