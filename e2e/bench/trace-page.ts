/**
 * The trace page at size, one JSON line per figure: `node e2e/bench/trace-page.ts [--only 1k,1M,chain] [--check]`. Part of
 * `npm run bench`. The server runs in a process of its own; traces reach it through OTLP.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from '@playwright/test';
import { BROWSER_FLAGS, browserPath } from '#e2e/browser-path.ts';
import buildUi from '#e2e/build-ui.ts';
import { send } from '#e2e/otlp/send.ts';
import { type ServerProcess, startServer } from '#e2e/server-process.ts';
import { type Figure, figure, quantile, round } from './result.ts';
import {
  cancelling,
  findLatency,
  frameTimes,
  type Opening,
  open,
  rendererBytes,
  secondLook,
} from './trace-page-probe.ts';
import { bigTrace, type TraceForm } from './trace-shapes.ts';

interface Case {
  readonly name: string;
  readonly form: TraceForm;
  readonly spans: number;
  readonly openMs: number;
  readonly openings: number;
  /** Public numbers of others, for scale. */
  readonly peers?: Record<string, string>;
  /** The same for a search in the trace. */
  readonly peersFind?: Record<string, string>;
}

const JAEGER = 'Jaeger UI, 2 cores, headless Chromium';
const ZIPKIN = 'Zipkin Lens, 2 cores, headless Chromium';
const JAEGER_SCRIPT = 'Jaeger UI, script alone, 2 cores';

const CASES: readonly Case[] = [
  { name: '1k', form: 'tree', spans: 1_000, openMs: 100, openings: 7 },
  {
    name: '10k',
    form: 'tree',
    spans: 10_000,
    openMs: 150,
    openings: 7,
    peers: { [JAEGER]: '2.7–3.1 s per scroll step' },
    peersFind: { [JAEGER_SCRIPT]: '294 ms' },
  },
  {
    name: '50k',
    form: 'tree',
    spans: 50_000,
    openMs: 250,
    openings: 5,
    peers: { [JAEGER]: '7.5 s to show', [ZIPKIN]: 'does not finish' },
    peersFind: { [JAEGER_SCRIPT]: '496 ms' },
  },
  {
    name: '100k',
    form: 'tree',
    spans: 100_000,
    openMs: 350,
    openings: 5,
    peers: { [JAEGER_SCRIPT]: '7.3 s before anything is drawn' },
    peersFind: { [JAEGER_SCRIPT]: '757 ms' },
  },
  {
    name: '1M',
    form: 'tree',
    spans: 1_000_000,
    openMs: 2_000,
    openings: 3,
    peers: { [JAEGER]: '7.5 s to show 50,000', 'SigNoz, as documented': '500-span windows above 10,000' },
  },
  {
    name: 'chain',
    form: 'chain',
    spans: 100_000,
    openMs: 350,
    openings: 3,
    peers: { [JAEGER]: 'crashes at a depth of 3,000', [ZIPKIN]: 'crashes at a depth of 3,000' },
  },
  { name: 'fan', form: 'fan', spans: 1_000_000, openMs: 2_000, openings: 3 },
  { name: 'roots', form: 'roots', spans: 1_000_000, openMs: 2_000, openings: 3 },
  { name: 'big-attribute', form: 'big-attribute', spans: 1_000, openMs: 350, openings: 3 },
  { name: 'many-attributes', form: 'many-attributes', spans: 1_000, openMs: 100, openings: 3 },
];

const LONG_TASK_MS = 50;
const FRAME_MS = 16.7;
const FIND_MS = 150;
const BYTES_PER_SPAN = 400;
/** What a reader takes for at once. */
const SECOND_LOOK_MS = 100;
const CANCEL_MS = 100;

/** Sends the traces of `names` (all by default) and opens each in headless Chromium. */
export async function* traceFigures(
  server: ServerProcess,
  executablePath: string,
  names: readonly string[] = CASES.map(({ name }) => name),
): AsyncGenerator<Figure> {
  const browser = await chromium.launch({
    executablePath,
    args: [...BROWSER_FLAGS, '--enable-precise-memory-info', '--js-flags=--expose-gc'],
  });
  try {
    for (const [i, each] of CASES.entries()) {
      if (names.includes(each.name)) yield* figuresOf(each, i, server, browser);
    }
  } finally {
    await browser.close();
  }
}

async function* figuresOf(
  { name, form, spans, openMs, openings, peers = {}, peersFind = {} }: Case,
  seed: number,
  server: ServerProcess,
  browser: Browser,
): AsyncGenerator<Figure> {
  const rootService = `bench-${name}`;
  const trace = bigTrace({ form, spans, seed, startUnixMs: Date.now() - 30 * 60_000, rootService });
  let wireBytes = 0;
  for (const body of trace.bodies) {
    wireBytes += body.length;
    await send(server.otlpUrl, Buffer.from(body));
  }
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.on('pageerror', error => console.error(`${name}: ${error.stack ?? error.message}`));
  const opened: Opening[] = [];
  for (let run = 0; run < openings; run++) opened.push(await open(page, server.uiUrl, trace.traceId));
  const load = { load: round(loadavg()[0]!), spans, wireBytesPerSpan: round(wireBytes / spans), ...peers };
  const times = opened.map(({ firstBarsMs }) => firstBarsMs);
  const phases = opened[opened.length - 1]!;
  const shown = `open ${name}: click to first bars`;
  yield figure(
    shown,
    quantile(times, 0.5),
    'ms',
    { atMost: openMs },
    { ...load, ...phases.phases, all: times.map(round) },
  );
  const longest = opened.map(({ longestTaskMs }) => longestTaskMs);
  yield figure(
    `open ${name}: longest task`,
    quantile(longest, 0.5),
    'ms',
    { atMost: LONG_TASK_MS },
    {
      max: round(Math.max(...longest)),
      tasksOver50: phases.longTasks,
    },
  );
  for (const [what, frames] of Object.entries(await frameTimes(page))) {
    yield figure(
      `${name}: frames while ${what}, p95`,
      quantile(frames, 0.95),
      'ms',
      { atMost: FRAME_MS },
      {
        p50: round(quantile(frames, 0.5)),
        max: round(quantile(frames, 1)),
        frames: frames.length,
        note: 'script, layout and paint of the main thread per frame',
      },
    );
  }
  for (const [text, ms] of Object.entries(await findLatency(page))) {
    yield figure(
      `${name}: find ${JSON.stringify(text)}`,
      quantile(ms, 0.5),
      'ms',
      { atMost: FIND_MS },
      {
        all: ms.map(round),
        ...peersFind,
      },
    );
  }
  yield figure(`open ${name} again: click to first bars`, await secondLook(page, trace.traceId), 'ms', {
    atMost: SECOND_LOOK_MS,
  });
  if (spans >= 1_000_000) {
    const ms = await cancelling(page, server.uiUrl, trace.traceId);
    if (ms !== undefined) yield figure(`cancel opening ${name}`, ms, 'ms', { atMost: CANCEL_MS });
  }
  await context.close();
  if (spans >= 100_000) {
    const bytes = await rendererBytes(browser, server.uiUrl, trace.traceId);
    yield figure(
      `${name}: browser memory per span`,
      bytes.perPage / spans,
      'B',
      { atMost: BYTES_PER_SPAN },
      {
        how: 'private memory of the renderer process with the trace open and garbage collected, less that of the empty page',
      },
    );
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, check: { type: 'boolean', default: false } } });
  const folder = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
  await buildUi();
  const server = await startServer({ dataDir: join(folder, 'data') });
  let missed = 0;
  try {
    for await (const each of traceFigures(server, await browserPath(), values.only?.split(','))) {
      if (!each.ok) missed++;
      console.log(JSON.stringify(each));
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.check && missed > 0) process.exitCode = 1;
}

if (import.meta.main) await main();
