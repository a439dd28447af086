import { readQuery } from '#domain/traceql/validate.ts';
import type { ServerProcess } from '#e2e/server-process.ts';
import { type Figure, figure, quantile, round } from './result.ts';
import { sendRequests } from './send-requests.ts';
import { SOME_TRACE, traceIdOf, traceqlCorpus } from './traceql-corpus.ts';

/** That many a real Tempo held when it was measured. */
const SPANS = 600_000;
const WARM_RUNS = 31;
const WINDOW_MS = 3_600_000;
const PARSER_BYTES = 131_072;

/** What a real Tempo took for the same on the same number of spans, and how far from it we may be. */
const AHEAD = 1;
const NEAR = 2;

/** TraceQL through HTTP, warm, on traces of 20 spans, 20 services and 8 attributes a span; and the parser by itself. */
export async function traceqlFigures(server: ServerProcess): Promise<Figure[]> {
  const endUnixMs = Date.now();
  await sendRequests(server.otlpUrl, traceqlCorpus(SPANS, endUnixMs, WINDOW_MS));
  const api = `${server.uiUrl}/tempo/api`;
  const range = {
    start: String(Math.floor((endUnixMs - WINDOW_MS) / 1_000)),
    end: String(Math.ceil(endUnixMs / 1_000)),
  };
  const url = (path: string, params: Record<string, string>) =>
    `${api}${path}?${new URLSearchParams({ ...params, ...range })}`;
  const search = (q: string) => url('/search', { q, limit: '20' });
  const metrics = (q: string) => url('/metrics/query_range', { q, step: '15s' });
  const traceId = traceIdOf(SOME_TRACE).toString('hex');
  const cases: readonly (readonly [name: string, tempoMs: number, factor: number, url: string, least: number])[] = [
    ['search newest 20 errors', 93, AHEAD, search('{ status = error }'), 20],
    ['search service and status', 59, AHEAD, search('{ resource.service.name = "service-07" && status = error }'), 20],
    ['search tenant', 211, AHEAD, search('{ span.tenant.id = "tenant-7" }'), 20],
    ['search rare user', 80, AHEAD, search('{ span.user.id = "user-4242" }'), 0],
    ['search regex', 11, NEAR, search('{ span.http.route =~ ".*resource-1[0-3]" }'), 20],
    ['search descendants', 10, NEAR, search('{ resource.service.name = "service-03" } >> { status = error }'), 20],
    ['rate by service', 9, NEAR, metrics('{} | rate() by (resource.service.name)'), 20],
    ['histogram of durations', 7, NEAR, metrics('{} | histogram_over_time(duration)'), 5],
    [
      'quantiles by service',
      25,
      NEAR,
      metrics('{} | quantile_over_time(duration, .5, .9, .99) by (resource.service.name)'),
      60,
    ],
    ['tags', 7, NEAR, url('/v2/search/tags', {}), 3],
    ['values of a key with 50,000', 205, AHEAD, url('/v2/search/tag/span.user.id/values', {}), 1_000],
    ['trace by id', 31, AHEAD, `${api}/v2/traces/${traceId}`, 1],
  ];
  const figures: Figure[] = [];
  for (const [name, tempoMs, factor, address, least] of cases) {
    const found = countOf(await read(address));
    if (found < least) throw new Error(`${name}: ${found} results instead of at least ${least}`);
    const ms: number[] = [];
    for (let run = 0; run < WARM_RUNS; run++) {
      const started = performance.now();
      await read(address);
      ms.push(performance.now() - started);
    }
    const details = { tempoMs, spans: SPANS, p95: round(quantile(ms, 0.95)) };
    figures.push(figure(`TraceQL ${name}`, quantile(ms, 0.5), 'ms', { atMost: tempoMs * factor }, details));
  }
  return [...figures, parserFigure()];
}

async function read(address: string): Promise<Record<string, unknown>> {
  // Compressing the reply is no part of the query.
  const response = await fetch(address, { headers: { 'accept-encoding': 'identity' } });
  if (!response.ok) throw new Error(`${address} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

function countOf(reply: Record<string, unknown>): number {
  const list = reply.traces ?? reply.series ?? reply.scopes ?? reply.tagValues;
  return Array.isArray(list) ? list.length : Object.keys(reply.trace as object).length;
}

/** The slowest of several shapes of 128 KiB each: long lists and chains, deep nesting, what is never closed. */
function parserFigure(): Figure {
  const fill = (piece: string, room: number) => piece.repeat(Math.floor(room / piece.length));
  const half = PARSER_BYTES / 2 - 16;
  const texts = [
    `{ ${fill('span.a = "x" || ', PARSER_BYTES - 24)}span.a = 1 }`,
    `{ ${'('.repeat(half)}true${')'.repeat(half)} }`,
    `{ ${'!'.repeat(PARSER_BYTES - 16)}true }`,
    `{}${fill(' >> { name = "x" }', PARSER_BYTES - 8)}`,
    `{ name = "${'x'.repeat(PARSER_BYTES - 24)}" }`,
    '{'.repeat(PARSER_BYTES),
    `{ ${fill('.a=1||', PARSER_BYTES - 24)}.a=1 }`,
    `{ ${fill('1^', PARSER_BYTES - 24)}1 = 1 }`,
    `{ ${'-'.repeat(PARSER_BYTES - 24)}.a = 1 }`,
    `{ ${fill('(.a&&', (5 * PARSER_BYTES) / 6 - 24)}.a${')'.repeat(PARSER_BYTES / 6 - 24)} }`,
    `${'('.repeat(PARSER_BYTES / 5 - 24)}{}${fill('|{})', (4 * PARSER_BYTES) / 5 - 24)}`,
    `({} | rate())${fill('+1', PARSER_BYTES - 24)}`,
    `{ name =~ "${fill('[[:', PARSER_BYTES - 24)}" }`,
  ];
  const slowest = texts.map(text => {
    const ms: number[] = [];
    for (let run = 0; run < 9; run++) {
      const started = performance.now();
      readQuery(text);
      ms.push(performance.now() - started);
    }
    return quantile(ms, 0.5);
  });
  return figure('TraceQL parser, 128 KiB', Math.max(...slowest), 'ms', { atMost: 50 }, { each: slowest.map(round) });
}
