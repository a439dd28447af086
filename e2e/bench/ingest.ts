import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ServerProcess } from '#e2e/server-process.ts';
import type { IngestJob, IngestReport } from './ingest-load.ts';
import { type Figure, figure, quantile, round } from './result.ts';
import { openSink } from './sink.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('ingest-load.ts', import.meta.url));

interface Load extends Pick<IngestJob, 'protocol' | 'encoding' | 'connections' | 'spansPerRequest' | 'seed'> {
  readonly name: string;
  readonly atLeast: number;
  readonly p99AtMostMs: number;
  /** Of the spans of the whole bench. */
  readonly share: number;
}

/**
 * As many senders as keep the server busy, each of which waits for its answer: with more the spans a second grow little, and
 * an acknowledgement takes as much longer as there are more that wait (8 by HTTP: 118,000 spans/s, p99 59 ms).
 */
const batches = { connections: 6, spansPerRequest: 500, p99AtMostMs: 50 };
const durable: Load = {
  ...batches,
  name: 'durable ingest',
  protocol: 'http',
  encoding: 'protobuf',
  atLeast: 100_000,
  share: 1,
  seed: 11,
};
const others: readonly Load[] = [
  { ...durable, name: 'gRPC ingest', protocol: 'grpc', connections: 5, atLeast: 80_000, share: 0.4, seed: 12 },
  { ...durable, name: 'JSON ingest', encoding: 'json', atLeast: 40_000, share: 0.15, seed: 13, p99AtMostMs: 150 },
  {
    ...durable,
    name: 'ingest, 128 clients × 20 spans',
    connections: 128,
    spansPerRequest: 20,
    atLeast: 80_000,
    p99AtMostMs: 80,
    share: 0.3,
    seed: 14,
  },
];

/** Durable ingest: every request is acknowledged after commit. Leaves its spans in the store for the read figures. */
export function ingestFigures(server: ServerProcess, spans: number, folder: string): Promise<Figure[]> {
  return measure(durable, server, spans, folder);
}

/** The other ways in, and what full ingest does to queries. */
export async function* moreIngestFigures(
  server: ServerProcess,
  spans: number,
  folder: string,
): AsyncGenerator<Figure[]> {
  for (const load of others) yield await measure(load, server, spans, folder);
  const idle = await queryTimes(server, run => run < 21);
  let during: Promise<number[]> = Promise.resolve([]);
  let isSending = false;
  const [ingest] = await measure({ ...durable, share: 0.6, seed: 15 }, server, spans, folder, phase => {
    isSending = phase === 'sending';
    if (isSending) during = queryTimes(server, () => isSending);
  });
  const [idleMs, duringMs] = [quantile(idle, 0.5), quantile(await during, 0.5)];
  yield [
    figure(
      'queries during full ingest, of their idle time',
      duringMs / idleMs,
      '×',
      { atMost: 2 },
      {
        idleMs: round(idleMs),
        duringMs: round(duringMs),
        n: (await during).length,
        ingestSpansPerS: ingest?.value,
      },
    ),
  ];
}

async function measure(
  load: Load,
  server: ServerProcess,
  spans: number,
  folder: string,
  onPhase: (phase: 'sending' | 'sent') => void = () => undefined,
): Promise<Figure[]> {
  const sink = await openSink(load.protocol, load.encoding === 'json');
  const job: IngestJob = {
    ...load,
    url: load.protocol === 'grpc' ? server.otlpGrpcUrl : server.otlpUrl,
    sinkUrl: sink.url,
    spans: Math.round(spans * load.share),
    folder,
  };
  const running = run(process.execPath, ['--max-old-space-size=4096', script, JSON.stringify(job)]);
  running.child.stderr?.on('data', text => onPhase(String(text).includes('sent') ? 'sent' : 'sending'));
  const { stdout } = await running;
  sink.close();
  const report = JSON.parse(stdout) as IngestReport;
  const details = {
    spans: report.spans,
    requests: report.requests,
    connections: load.connections,
    bytesPerSpan: round(report.bytes / report.spans),
    refused: report.refused,
    loadAloneSpansPerS: Math.round(report.sinkSpansPerS),
    rawWriteFsyncSpansPerS: Math.round(report.rawSpansPerS),
  };
  const p99 = { p50: round(report.ackP50Ms), max: round(report.ackMaxMs) };
  return [
    figure(load.name, Math.round(report.spansPerS), 'spans/s', { atLeast: load.atLeast }, details),
    figure(`${load.name}: acknowledgement p99`, report.ackP99Ms, 'ms', { atMost: load.p99AtMostMs }, p99),
  ];
}

/** Searches one after another, as long as `goesOn` says. */
async function queryTimes(server: ServerProcess, goesOn: (run: number) => boolean): Promise<number[]> {
  const nowS = Math.ceil(Date.now() / 1_000);
  const q = '{ resource.service.name = "payment" && status = error }';
  const query = new URLSearchParams({ q, limit: '20', start: String(nowS - 7_200), end: String(nowS + 600) });
  const ms: number[] = [];
  for (let run = 0; goesOn(run); run++) {
    const started = performance.now();
    const response = await fetch(`${server.uiUrl}/tempo/api/search?${query}`);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the search answered ${response.status}`);
    ms.push(performance.now() - started);
  }
  return ms;
}
