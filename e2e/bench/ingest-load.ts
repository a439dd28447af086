/**
 * The load of the ingest figure, in a process of its own so that it shares nothing with the server but the machine:
 * `node ingest-load.ts <otlp url> <spans> <folder> <seed>`. Encodes everything first, then sends it over 8 connections,
 * then writes the same bodies to a file with an fsync after each, which is what any durable receiver on this disk must
 * at least do. Prints one JSON line.
 */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { corpus } from './requests.ts';
import { quantile } from './result.ts';

const CONNECTIONS = 8;

export interface IngestReport {
  readonly spans: number;
  readonly traces: number;
  readonly requests: number;
  readonly bytes: number;
  readonly spansPerS: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  readonly ackMaxMs: number;
  /** Answers other than 200 with an empty body, each sent again until it was taken. */
  readonly refused: number;
  readonly rawSpansPerS: number;
}

const [otlpUrl, spans, folder, seed] = process.argv.slice(2) as [string, string, string, string];
const load = corpus(Number(seed), Number(spans), Date.now(), 3_600_000);
const sent = await sendAll(load.bodies);
const rawMs = writeRaw(load.bodies);
const report: IngestReport = {
  spans: load.spans,
  traces: load.traces,
  requests: load.bodies.length,
  bytes: load.bodies.reduce((sum, body) => sum + body.length, 0),
  spansPerS: load.spans / (sent.wallMs / 1_000),
  ackP50Ms: quantile(sent.ackMs, 0.5),
  ackP99Ms: quantile(sent.ackMs, 0.99),
  ackMaxMs: quantile(sent.ackMs, 1),
  refused: sent.refused,
  rawSpansPerS: load.spans / (rawMs / 1_000),
};
console.log(JSON.stringify(report));

async function sendAll(bodies: readonly Buffer[]) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const ackMs: number[] = [];
  let refused = 0;
  let next = 0;
  const connection = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      for (;;) {
        const started = performance.now();
        const taken = await post(agent, body);
        ackMs.push(performance.now() - started);
        if (taken) break;
        refused++;
      }
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const wallMs = performance.now() - started;
  agent.destroy();
  return { wallMs, ackMs, refused };
}

/** True for 200 without partial success, false for "later"; anything else is an error. */
function post(agent: http.Agent, body: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const request = http.request(`${otlpUrl}/v1/traces`, { agent, method: 'POST', headers }, response => {
      let bytes = 0;
      response.on('data', chunk => {
        bytes += chunk.length;
      });
      response.on('end', () => {
        if (response.statusCode === 200 && bytes === 0) resolve(true);
        else if (response.statusCode === 429 || response.statusCode === 503) setTimeout(resolve, 50, false);
        else reject(new Error(`OTLP answered ${response.statusCode} with ${bytes} bytes`));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function writeRaw(bodies: readonly Buffer[]): number {
  const path = join(folder, 'raw-limit.bin');
  const file = openSync(path, 'w');
  const started = performance.now();
  for (const body of bodies) {
    writeSync(file, body);
    fsyncSync(file);
  }
  const wallMs = performance.now() - started;
  closeSync(file);
  rmSync(path);
  return wallMs;
}
