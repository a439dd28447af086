import type { ServerProcess } from '#e2e/server-process.ts';
import { type Figure, figure, quantile, round } from './result.ts';
import { sendRequests } from './send-requests.ts';
import { traceqlCorpus } from './traceql-corpus.ts';

const WARM_RUNS = 21;
const WINDOW_MS = 3_600_000;
const MANY = 10_000_000;

/** Heatmap, RED strip and difference through HTTP, warm, on traces of 20 spans, 20 services and 8 attributes a span. */
export async function heatmapFigures(server: ServerProcess, spans: number): Promise<Figure[]> {
  const endUnixMs = Date.now();
  await sendRequests(server.otlpUrl, traceqlCorpus(spans, endUnixMs, WINDOW_MS));
  const url = (path: string, params: Record<string, string>) => {
    const range = {
      start: String(BigInt(endUnixMs - WINDOW_MS) * 1_000_000n),
      end: String(BigInt(endUnixMs) * 1_000_000n),
    };
    return `${server.uiUrl}/api/${path}?${new URLSearchParams({ ...range, ...params })}`;
  };
  const tenant = '{ span.tenant.id = "tenant-7" }';
  const slow = { box: '~~250000000~' };
  const isMany = spans >= MANY;
  const cases: readonly (readonly [name: string, atMostMs: number, url: string])[] = [
    ['heatmap', isMany ? 150 : 40, url('heatmap', { columns: '60' })],
    ['heatmap of a tenant', isMany ? 60 : 40, url('heatmap', { columns: '60', q: tenant })],
    ['heatmap of traces', isMany ? 600 : 100, url('heatmap', { columns: '60', of: 'traces' })],
    ['RED strip', isMany ? 100 : 40, url('red', { columns: '60' })],
    ['traces of a cell', isMany ? 150 : 40, url('heatmap/traces', slow)],
    ['difference', isMany ? 2_000 : 400, url('difference', slow)],
    ['difference of traces', isMany ? 3_000 : 800, url('difference', { ...slow, of: 'traces' })],
  ];
  const figures: Figure[] = [];
  for (const [name, atMost, address] of cases) {
    const ms: number[] = [];
    for (let run = -2; run < WARM_RUNS; run++) {
      const started = performance.now();
      const reply = await read(address);
      if (run >= 0) ms.push(performance.now() - started);
      if (Number(reply.observed) === 0) throw new Error(`${name}: nothing was found`);
    }
    figures.push(
      figure(
        name,
        quantile(ms, 0.5),
        'ms',
        { atMost },
        { spans, best: round(Math.min(...ms)), p95: round(quantile(ms, 0.95)) },
      ),
    );
  }
  return figures;
}

async function read(address: string): Promise<Record<string, unknown>> {
  // Compressing the reply is no part of the query.
  const response = await fetch(address, { headers: { 'accept-encoding': 'identity' } });
  if (!response.ok) throw new Error(`${address} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}
