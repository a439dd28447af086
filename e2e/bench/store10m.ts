import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { StoreDetails } from '#domain/api/store-api.ts';
import { type ServerProcess, startServer } from '#e2e/server-process.ts';
import { graphAnswerFigure } from './graph.ts';
import { readFigures } from './read.ts';
import { corpus } from './requests.ts';
import { type Figure, figure, quantile, round } from './result.ts';
import { openSender } from './senders.ts';

const SPANS = 10_000_000;
/** Encoded at once; each chunk stands for so much time. */
const CHUNK_SPANS = 500_000;
const CHUNK_MS = 60_000;
const CONNECTIONS = 8;
/** The last may stay open. */
const COMPACTED_SEGMENTS = 4;
const WARM_RUNS = 11;

/** The store at ten million spans: sizes before and after compaction, look-ups, whole scans, memory, restart. */
export async function* store10mFigures(folder: string): AsyncGenerator<Figure> {
  const dataDir = join(folder, 'store10m');
  const server = await startServer({ dataDir });
  let running = server;
  try {
    await load(server);
    yield* await sizeFigures(server);
    for (const each of await readFigures(server, SPANS)) yield each;
    const nowS = Math.ceil(Date.now() / 1_000);
    yield* [...(await searchFigures(server)), memoryFigure(server)];
    yield graphAnswerFigure(server, SPANS, nowS - 7_200, nowS);
    await server.stop();
    const began = performance.now();
    running = await startServer({ dataDir });
    yield figure('restart at 10M spans', performance.now() - began, 'ms', { atMost: 2_000 });
  } finally {
    await running.stop();
  }
  yield* await scanFigures(dataDir);
}

async function load(server: ServerProcess): Promise<void> {
  const endUnixMs = Date.now();
  const chunks = SPANS / CHUNK_SPANS;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const { bodies } = corpus(chunk + 1, CHUNK_SPANS, endUnixMs - (chunks - 1 - chunk) * CHUNK_MS, CHUNK_MS);
    let next = 0;
    const connection = async () => {
      const sender = openSender('http', server.otlpUrl, 'application/x-protobuf');
      for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
        while (!(await sender.send(body))) await new Promise(resolve => setTimeout(resolve, 50));
      }
      sender.close();
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  }
}

/** Waits until what is closed is compacted. */
async function sizeFigures(server: ServerProcess): Promise<Figure[]> {
  const began = performance.now();
  for (;;) {
    const { segments } = (await (await fetch(`${server.uiUrl}/api/store`)).json()) as StoreDetails;
    const done = segments.filter(({ state }) => state === 'compacted');
    // One that is being compacted while look-ups are timed takes one of two processors from them.
    const isAtWork = segments.some(({ state }) => state === 'closed');
    if (done.length < COMPACTED_SEGMENTS || isAtWork) {
      await new Promise(resolve => setTimeout(resolve, 500));
      continue;
    }
    const spans = done.reduce((sum, segment) => sum + segment.spans, 0);
    const text = await (await fetch(`${server.uiUrl}/metrics`)).text();
    const bytes = (when: string) =>
      Number(new RegExp(`compacted_bytes_total\\{when="${when}"\\} (\\d+)`).exec(text)?.[1]) / spans;
    const details = { spans, waitedS: round((performance.now() - began) / 1_000) };
    return [
      figure('bytes a span, hot', bytes('before'), 'bytes', { atMost: 330 }, details),
      figure('bytes a span, compacted', bytes('after'), 'bytes', { atMost: 200 }, details),
    ];
  }
}

/** Warm, through HTTP, over everything that is stored. Facets: of a window that was not asked before, then again. */
async function searchFigures({ uiUrl }: ServerProcess): Promise<Figure[]> {
  const nowS = Math.ceil(Date.now() / 1_000);
  const range = { start: String(nowS - 7_200), end: String(nowS + 60) };
  const search = (q: string) => `${uiUrl}/tempo/api/search?${new URLSearchParams({ q, limit: '20', ...range })}`;
  const facets = (q: string, fields: string) =>
    `${uiUrl}/api/facets?${new URLSearchParams({ q, fields, limit: '8', ...range })}`;
  const fields = 'status,resource.service.name,name,kind';
  const cases: readonly (readonly [name: string, atMost: number, url: string])[] = [
    ['search by a promoted attribute', 50, search('{ span.http.route = "/payment/:id/quote" }')],
    [
      'search by two promoted attributes that rarely meet',
      50,
      search('{ span.http.route = "/payment/:id/quote" && span.http.response.status_code = 503 }'),
    ],
    ['search by any attribute', 200, search('{ span.shop.items > 5 }')],
    ['facets of everything', 300, facets('{}', fields)],
    ['facets of a service', 300, facets('{ resource.service.name = "payment" }', fields)],
    ['facet of an attribute', 300, facets('{}', 'span.http.route')],
  ];
  const figures: Figure[] = [];
  for (const [name, atMost, url] of cases) {
    const began = performance.now();
    await read(url);
    const first = performance.now() - began;
    const ms = await times(() => read(url));
    figures.push(figure(name, quantile(ms, 0.5), 'ms', { atMost }, { spans: SPANS, first: round(first) }));
  }
  return figures;
}

async function read(url: string): Promise<void> {
  const response = await fetch(url);
  const { traces, fields } = (await response.json()) as { traces?: unknown[]; fields?: unknown[] };
  if (!response.ok || (traces ?? fields ?? []).length === 0) throw new Error(`${url} answered ${response.status}`);
}

/** Resident memory of the server, and the most it ever had. */
function memoryFigure({ pid }: ServerProcess): Figure {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string) => (Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1_024) / 1e6;
  return figure('resident memory at 10M spans', mb('VmRSS'), 'MB', { atMost: 1_500 }, { most: round(mb('VmHWM')) });
}

/** Plain SQL over the file that the server has left: what the store's shape allows, without anything around it. */
async function scanFigures(dataDir: string): Promise<Figure[]> {
  const options = { access_mode: 'READ_ONLY', threads: '2' };
  const instance = await DuckDBInstance.create(join(dataDir, 'throughline.duckdb'), options);
  const connection = await instance.connect();
  const ids = (await connection.runAndReadAll('select id from segments')).getRows().map(([id]) => Number(id));
  const all = (columns: string) => ids.map(id => `select ${columns} from spans_${id}`).join(' union all ');
  const heatmap = `with range as (select min(start_ns) as low, (max(start_ns) - min(start_ns)) // 60 + 1 as width from (${all('start_ns')}))
select (start_ns - low) // width as t, floor(log2(duration_ns) * 2) as b, count(*), count(*) filter (status = 2)
from (${all('start_ns, duration_ns, status')}), range where duration_ns > 0 group by 1, 2`;
  const p99 = `select service, quantile_disc(duration_ns, 0.99) from (${all('service, duration_ns')}) group by 1`;
  try {
    return [
      figure('heatmap of all spans, SQL', await median(connection, heatmap), 'ms', { atMost: 150 }),
      figure('p99 by service of all spans, SQL', await median(connection, p99), 'ms', { atMost: 100 }),
    ];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function median(connection: DuckDBConnection, sql: string): Promise<number> {
  return quantile(await times(() => connection.runAndReadAll(sql)), 0.5);
}

async function times(work: () => Promise<unknown>): Promise<number[]> {
  await work();
  const sample: number[] = [];
  for (let run = 0; run < WARM_RUNS; run++) {
    const started = performance.now();
    await work();
    sample.push(performance.now() - started);
  }
  return sample;
}
