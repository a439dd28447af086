import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ServerProcess } from '#e2e/server-process.ts';
import type { IngestReport } from './ingest-load.ts';
import { type Figure, figure, round } from './result.ts';

/** Durable ingest: every request is acknowledged after commit. Leaves its spans in the store for the read figures. */
export async function ingestFigures(server: ServerProcess, spans: number, folder: string): Promise<Figure[]> {
  const script = fileURLToPath(new URL('ingest-load.ts', import.meta.url));
  const run = promisify(execFile);
  const flags = ['--max-old-space-size=4096', script, server.otlpUrl, String(spans), folder, '11'];
  const { stdout } = await run(process.execPath, flags, { maxBuffer: 1 << 20 });
  const report = JSON.parse(stdout) as IngestReport;
  const details = {
    spans: report.spans,
    requests: report.requests,
    bytesPerSpan: round(report.bytes / report.spans),
    refused: report.refused,
    rawWriteFsyncSpansPerS: Math.round(report.rawSpansPerS),
  };
  return [
    figure('durable ingest', Math.round(report.spansPerS), 'spans/s', { atLeast: 60_000 }, details),
    figure(
      'ingest acknowledgement p99',
      report.ackP99Ms,
      'ms',
      { atMost: 100 },
      {
        p50: round(report.ackP50Ms),
        max: round(report.ackMaxMs),
      },
    ),
  ];
}
