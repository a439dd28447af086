import type { ServerProcess } from '#e2e/server-process.ts';
import { type Figure, figure, quantile, round } from './result.ts';

const WARM_RUNS = 21;

/** Search and trace by id over what is stored, through HTTP, warm. */
export async function readFigures(server: ServerProcess, spans: number): Promise<Figure[]> {
  const nowS = Math.ceil(Date.now() / 1_000);
  const range = { start: String(nowS - 7_200), end: String(nowS + 60) };
  const search = async (q: string, limit = 20): Promise<string[]> => {
    const url = `${server.uiUrl}/tempo/api/search?${new URLSearchParams({ q, limit: String(limit), ...range })}`;
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    const { traces } = (await response.json()) as { traces?: { traceID: string }[] };
    return (traces ?? []).map(trace => trace.traceID);
  };

  const q = '{ resource.service.name = "payment" && status = error }';
  const found = await search(q);
  if (found.length !== 20) throw new Error(`the search found ${found.length} traces instead of 20`);
  const searchMs = await times(WARM_RUNS, () => search(q));

  const ids = [...(await search('{}', 50)), ...(await search('{ resource.service.name = "ledger" }', 50)), ...found];
  const traceMs: number[] = [];
  for (const id of ids) {
    const [ms] = await times(1, async () => {
      const response = await fetch(`${server.uiUrl}/tempo/api/v2/traces/${id}`, {
        headers: { accept: 'application/protobuf' },
      });
      const bytes = await response.arrayBuffer();
      if (!response.ok || bytes.byteLength === 0) throw new Error(`trace ${id} answered ${response.status}`);
    });
    traceMs.push(ms!);
  }
  return [
    figure(
      'search newest 20 by service and status',
      quantile(searchMs, 0.5),
      'ms',
      { atMost: 100 },
      {
        spans,
        p95: round(quantile(searchMs, 0.95)),
      },
    ),
    figure(
      'trace by id',
      quantile(traceMs, 0.5),
      'ms',
      { atMost: 10 },
      {
        spans,
        n: ids.length,
        p95: round(quantile(traceMs, 0.95)),
      },
    ),
  ];
}

async function times(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  const sample: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await work();
    sample.push(performance.now() - started);
  }
  return sample;
}
