import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';

export interface Opening {
  readonly firstBarsMs: number;
  readonly longestTaskMs: number;
  readonly longTasks: number;
  /** ms that worker and page measured: fetch, decode after the last byte, prepare, layout; and bars after `prepare`. */
  readonly phases: Record<string, number>;
}

const STEPS = 60;
const FINDS = ['fraud', 'us-east', 'not there', 'shop.region=us-east', 'error'];
const KEY_PAUSE_MS = 30;
/** Nobody clicks the moment that a page has come to rest. */
const LOOK_MS = 1_000;
const NO_TRACE = '0'.repeat(31).concat('1');

/**
 * From the press of a click in the app to the first bars, with what occupied the main thread meanwhile. The click goes
 * where one on a result row goes, but from a page that asks for nothing: a search over the same store would be measured
 * too. It is let go at once, so that what a row asks for while it is pressed gains nothing here.
 */
export async function open(page: Page, uiUrl: string, traceId: string): Promise<Opening> {
  await page.goto(`${uiUrl}/trace/${NO_TRACE}`);
  await rest(page);
  await page.evaluate(path => {
    const button = document.createElement('button');
    button.id = 'bench-open';
    button.style.cssText = 'position:fixed;inset:0 auto auto 0;z-index:9';
    button.textContent = 'open';
    button.onclick = () => history.pushState({}, '', path);
    document.body.append(button);
  }, `/trace/${traceId}`);
  const row = page.locator('#bench-open');
  await page.evaluate(() => {
    const tasks: { from: number; ms: number }[] = [];
    Object.assign(globalThis, { benchTasks: tasks });
    new PerformanceObserver(list => {
      for (const { startTime, duration } of list.getEntries()) tasks.push({ from: startTime, ms: duration });
    }).observe({ type: 'longtask' });
    addEventListener('pointerdown', event => performance.mark('bench:press', { startTime: event.timeStamp }), {
      capture: true,
      once: true,
    });
  });
  await page.waitForTimeout(LOOK_MS);
  await row.click();
  await page.waitForFunction(() => performance.getEntriesByName('throughline:first-bars').length > 0, undefined, {
    timeout: 120_000,
  });
  await rest(page);
  return page.evaluate(async () => {
    await new Promise(resolve => setTimeout(resolve, 100));
    const { benchTasks } = globalThis as unknown as { benchTasks: { from: number; ms: number }[] };
    const click = performance.getEntriesByName('bench:press')[0]!.startTime;
    const after = (name: string) => performance.getEntriesByName(name).find(entry => entry.startTime >= click);
    const bars = after('throughline:first-bars')!.startTime;
    const decode = after('throughline:decode');
    const prepare = after('throughline:prepare');
    const longest = benchTasks.filter(task => task.from + task.ms >= click).map(task => task.ms);
    const ms = (value: number | undefined) => Math.round(value ?? -1);
    return {
      firstBarsMs: bars - click,
      longestTaskMs: Math.max(0, ...longest),
      longTasks: longest.length,
      phases: {
        fetchMs: ms(after('throughline:fetch')?.duration),
        decodeTailMs: ms(decode?.duration),
        prepareMs: ms(prepare?.duration),
        layoutMs: ms(after('throughline:layout')?.duration),
        barsAfterTableMs: ms(prepare === undefined ? undefined : bars - prepare.startTime - prepare.duration),
      },
    };
  });
}

/** Main-thread time of each frame, by what is done to the picture: from the frame's callbacks to after its paint. */
export async function frameTimes(page: Page): Promise<Record<string, number[]>> {
  const tree = page.locator('.wf-timeline').first();
  await tree.hover();
  const frames: Record<string, number[]> = {};
  frames.scrolling = await during(page, async () => {
    for (let step = 0; step < STEPS; step++) await page.mouse.wheel(0, 400);
  });
  frames.zooming = await during(page, async () => {
    await page.keyboard.down('Control');
    for (let step = 0; step < STEPS; step++) await page.mouse.wheel(0, step % 20 < 10 ? -100 : 100);
    await page.keyboard.up('Control');
  });
  if (await canFold(page)) {
    frames['collapsing all'] = await during(page, () => fold(page, '['));
    frames['expanding all'] = await during(page, () => fold(page, ']'));
  }
  return frames;
}

/**
 * Opens everything. A trace of roots without repeats has nothing to close, and one whose rows are all folded into groups
 * has nothing to close until they are open.
 */
async function canFold(page: Page): Promise<boolean> {
  await page.keyboard.press(']');
  await rest(page);
  const rows = page.getByRole('treegrid');
  const open = await rows.getAttribute('aria-rowcount');
  await page.keyboard.press('[');
  await rest(page);
  const closed = await rows.getAttribute('aria-rowcount');
  await page.keyboard.press(']');
  await rest(page);
  return open !== closed;
}

/** From all rows open (or, with `]`, all closed): closes or opens all, several times, and insists that rows came or went. */
async function fold(page: Page, key: '[' | ']'): Promise<void> {
  const rows = page.getByRole('treegrid');
  const other = key === '[' ? ']' : '[';
  for (let time = 0; time < 4; time++) {
    if (time > 0) await page.keyboard.press(other);
    await page.waitForTimeout(150);
    const before = await rows.getAttribute('aria-rowcount');
    await page.keyboard.press(key);
    await page.waitForTimeout(150);
    const after = await rows.getAttribute('aria-rowcount');
    assert.notEqual(after, before, `${key} changed nothing`);
  }
}

/** Main-thread time of each frame while `act` runs. */
export async function during(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const frames: number[] = [];
    const state = { frames, on: true };
    Object.assign(globalThis, { benchFrames: state });
    const channel = new MessageChannel();
    let began = 0;
    // A message that is posted in a frame arrives once its style, layout and paint are done.
    channel.port1.onmessage = () => frames.push(performance.now() - began);
    const next = (now: number) => {
      if (!state.on) return;
      began = Math.max(now, performance.now() - 1_000);
      channel.port2.postMessage(0);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await act();
  await page.waitForTimeout(200);
  return page.evaluate(() => {
    const { benchFrames } = globalThis as unknown as { benchFrames: { frames: number[]; on: boolean } };
    benchFrames.on = false;
    return benchFrames.frames;
  });
}

/** ms from the last key press to the count of matches, by text. */
export async function findLatency(page: Page): Promise<Record<string, number[]>> {
  const box = page.getByRole('searchbox').or(page.getByPlaceholder(/find/i)).first();
  const found: Record<string, number[]> = {};
  for (const text of FINDS) {
    const sample: number[] = [];
    for (let run = 0; run < 3; run++) {
      await box.fill('');
      await rest(page);
      await box.focus();
      await page.keyboard.type(text.slice(0, -1), { delay: KEY_PAUSE_MS });
      await page.evaluate(() => {
        addEventListener('keydown', event => Object.assign(globalThis, { benchKey: event.timeStamp }), {
          capture: true,
          once: true,
        });
      });
      await page.keyboard.press(text.slice(-1));
      sample.push(
        await page.evaluate(async () => {
          const idle = () => document.documentElement.dataset.idle === 'true';
          const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
          await frame();
          while (!idle()) await frame();
          const { benchKey } = globalThis as unknown as { benchKey: number };
          return performance.now() - benchKey;
        }),
      );
    }
    found[text] = sample;
  }
  await box.fill('');
  return found;
}

/**
 * ms from a click that leads back to a trace that was left a moment ago to its first bars: the table and what was worked
 * out of it are still there.
 */
export async function secondLook(page: Page, traceId: string): Promise<number> {
  await page.evaluate(path => {
    const go = () => history.pushState({}, '', path);
    Object.assign(globalThis, { benchGo: go });
    history.pushState({}, '', `/trace/${'0'.repeat(31)}1`);
  }, `/trace/${traceId}`);
  await rest(page);
  return await page.evaluate(async () => {
    const { benchGo } = globalThis as unknown as { benchGo: () => void };
    const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
    const start = performance.now();
    benchGo();
    // The mark of the first bars is set once for each trace; rows and bars come in one frame.
    while (document.querySelector('[role=treegrid] [data-span-id]') === null) await frame();
    await frame();
    return performance.now() - start;
  });
}

/** ms from the click on Cancel, half a second into a load, until the page shows something else and rests. */
export async function cancelling(page: Page, uiUrl: string, traceId: string): Promise<number | undefined> {
  await page.goto(`${uiUrl}/trace/${traceId}`);
  const cancel = page.getByRole('link', { name: 'Cancel' });
  await cancel.waitFor();
  await page.waitForTimeout(500);
  if (!(await cancel.isVisible())) return undefined;
  await page.evaluate(() => {
    addEventListener('click', event => performance.mark('bench:cancel', { startTime: event.timeStamp }), {
      capture: true,
      once: true,
    });
  });
  await cancel.click();
  await cancel.waitFor({ state: 'detached' });
  return await page.evaluate(() => performance.now() - performance.getEntriesByName('bench:cancel')[0]!.startTime);
}

/** Private bytes of the renderer that shows a trace, less those of one that shows the page without it. */
export async function rendererBytes(browser: Browser, uiUrl: string, traceId: string): Promise<{ perPage: number }> {
  const used: number[] = [];
  for (const id of [NO_TRACE, traceId]) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${uiUrl}/trace/${id}`);
    if (id === traceId) {
      await page.waitForFunction(() => performance.getEntriesByName('throughline:first-bars').length > 0, undefined, {
        timeout: 120_000,
      });
    }
    await rest(page);
    const session = await context.newCDPSession(page);
    await page.waitForTimeout(3_000);
    for (let i = 0; i < 3; i++) {
      await session.send('HeapProfiler.collectGarbage');
      // The session is the page's; each worker has a heap of its own.
      for (const worker of page.workers()) await worker.evaluate(() => (globalThis as { gc?: () => void }).gc?.());
      await page.waitForTimeout(500);
    }
    used.push(await largestRenderer(browser));
    await context.close();
  }
  return { perPage: used[1]! - used[0]! };
}

async function largestRenderer(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return Math.max(...processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => privateBytes(id)));
}

/** Resident memory of a process that is its own, as Linux counts it. */
function privateBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1_024;
}

async function rest(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.idle === 'true', undefined, { timeout: 120_000 });
}
