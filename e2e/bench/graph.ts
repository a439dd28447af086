import { chromium } from '@playwright/test';
import { layoutGraph } from '#domain/graph/layout/layout-graph.ts';
import { BROWSER_FLAGS } from '#e2e/browser-path.ts';
import { seededRandom } from '#e2e/random.ts';
import type { ServerProcess } from '#e2e/server-process.ts';
import { type Figure, figure, quantile, round } from './result.ts';
import { sendRequests } from './send-requests.ts';
import { during } from './trace-page-probe.ts';
import { traceqlCorpus } from './traceql-corpus.ts';

const WARM_RUNS = 11;
const WINDOW_MS = 3_600_000;
const MANY = 10_000_000;
const STEPS = 80;
const FRAME_MS = 16.7;
const SIZE = { nodeWidth: 176, nodeHeight: 40, columnGap: 76, rowGap: 24 };

/** The service graph: the answer for 20 services, the layout by itself, and the page with a graph of the largest size. */
export async function graphFigures(server: ServerProcess, spans: number, executablePath: string): Promise<Figure[]> {
  return [...layoutFigures(), ...(await pageFigures(server, executablePath)), await answerFigure(server, spans)];
}

async function answerFigure(server: ServerProcess, spans: number): Promise<Figure> {
  const endUnixMs = Date.now();
  await sendRequests(server.otlpUrl, traceqlCorpus(spans, endUnixMs, WINDOW_MS));
  const end = Math.ceil(endUnixMs / 1_000);
  return graphAnswerFigure(server, spans, end - WINDOW_MS / 1_000, end);
}

/** `start` and `end` in Unix s. */
export async function graphAnswerFigure(
  server: ServerProcess,
  spans: number,
  start: number,
  end: number,
): Promise<Figure> {
  const url = `${server.uiUrl}/api/service-graph?start=${start}&end=${end}`;
  const ms: number[] = [];
  let [nodes, edges] = [0, 0];
  for (let run = -2; run < WARM_RUNS; run++) {
    const started = performance.now();
    const response = await fetch(url);
    const { graph } = (await response.json()) as { graph: { nodes: { name: string[] }; edges: { from: number[] } } };
    if (run >= 0) ms.push(performance.now() - started);
    [nodes, edges] = [graph.nodes.name.length, graph.edges.from.length];
  }
  if (edges === 0) throw new Error('nothing calls anything');
  const atMost = spans >= MANY ? 1_500 : 250;
  return figure(
    'service graph',
    quantile(ms, 0.5),
    'ms',
    { atMost },
    { spans, nodes, edges, p95: round(quantile(ms, 0.95)) },
  );
}

function layoutFigures(): Figure[] {
  return [
    { nodes: 50, edges: 120, atMost: 100 },
    { nodes: 1_000, edges: 10_000, atMost: 1_500 },
  ].map(({ nodes, edges, atMost }) => {
    const { from, to } = randomGraph(nodes, edges);
    const input = {
      ...{
        nodes,
        from: Int32Array.from(from),
        to: Int32Array.from(to),
        before: undefined,
        group: undefined,
        size: SIZE,
      },
      weight: Float64Array.from({ length: nodes }, (_, i) => nodes - i),
    };
    const ms = Array.from({ length: 5 }, () => {
      const started = performance.now();
      layoutGraph(input);
      return performance.now() - started;
    });
    const details = { first: round(ms[0] ?? 0), n: ms.length };
    return figure(`layout of ${nodes} services and ${edges} edges`, quantile(ms, 0.5), 'ms', { atMost }, details);
  });
}

/** Main-thread time of frames while 1,000 services and 10,000 edges are moved. */
async function pageFigures(server: ServerProcess, executablePath: string): Promise<Figure[]> {
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const body = JSON.stringify(answer(1_000, 10_000));
    await page.route('**/api/service-graph?*', route => route.fulfill({ contentType: 'application/json', body }));
    const started = performance.now();
    await page.goto(`${server.uiUrl}/graph?all=1`);
    const drawing = page.getByRole('application', { name: /^Service graph, 1000 nodes/ });
    await drawing.waitFor({ timeout: 60_000 });
    const rest = () => page.waitForFunction(() => document.documentElement.dataset.idle === 'true');
    await rest();
    const openMs = performance.now() - started;
    const box = (await drawing.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const pan = async () => {
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let step = 0; step < STEPS; step++) await page.mouse.move(x + (step % 40) * 8, y + (step % 20) * 8);
      await page.mouse.up();
    };
    const zoom = async () => {
      await page.mouse.move(x, y);
      for (let step = 0; step < STEPS; step++) await page.mouse.wheel(0, step % 40 < 20 ? -60 : 60);
    };
    const figures = [figure('open a graph of 1000 services', openMs, 'ms', { atMost: 3_000 })];
    for (const [name, act] of [
      ['panning 1000 services and 10000 edges', pan],
      ['zooming 1000 services and 10000 edges', zoom],
    ] as const) {
      const frames = await during(page, act);
      await rest();
      const details = { n: frames.length, median: round(quantile(frames, 0.5)), max: round(quantile(frames, 1)) };
      figures.push(figure(`${name}, p95 frame`, quantile(frames, 0.95), 'ms', { atMost: FRAME_MS }, details));
    }
    return figures;
  } finally {
    await browser.close();
  }
}

/** Mostly forward calls, a few back, as services have them. */
function randomGraph(nodes: number, edges: number): { from: number[]; to: number[] } {
  const random = seededRandom(7);
  const from: number[] = [];
  const to: number[] = [];
  for (let e = 0; e < edges; e++) {
    const a = Math.floor(random() * nodes);
    const b = Math.floor(random() * nodes);
    const isBack = random() < 0.02;
    from.push(isBack ? Math.max(a, b) : Math.min(a, b));
    to.push(isBack ? Math.min(a, b) : Math.max(a, b));
  }
  return { from, to };
}

function answer(nodes: number, edges: number) {
  const random = seededRandom(11);
  const { from, to } = randomGraph(nodes, edges);
  const per = <T>(count: number, value: (i: number) => T) => Array.from({ length: count }, (_, i) => value(i));
  const calls = per(edges, () => Math.ceil(1 / (random() + 0.0001)));
  const errors = calls.map(count => (random() < 0.1 ? Math.ceil(count / 10) : 0));
  const none = (count: number) => per(count, () => 0);
  return {
    ...{ startUnixNano: '1700000000000000000', endUnixNano: '1700003600000000000' },
    graph: {
      nodes: {
        ...{ name: per(nodes, i => `service-${i}`), kind: per(nodes, () => 'service') },
        ...{ system: per(nodes, () => ''), group: per(nodes, () => '') },
        ...{ calls: per(nodes, i => nodes - i), errors: none(nodes), p50Ns: none(nodes), p95Ns: none(nodes) },
        ...{ p99Ns: none(nodes), unnamedCalls: none(nodes), unknownCallers: none(nodes) },
      },
      edges: {
        ...{ from, to, async: per(edges, () => false), destination: per(edges, () => ''), calls, errors },
        ...{
          p50Ns: none(edges),
          p95Ns: none(edges),
          p99Ns: none(edges),
          p95LowNs: none(edges),
          p95HighNs: none(edges),
        },
        ...{ queueP50Ns: none(edges), queueP95Ns: none(edges), clientOnly: none(edges), traces: calls },
      },
      leftOut: { edges: 0, calls: 0 },
    },
  };
}
