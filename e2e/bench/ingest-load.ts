/**
 * One load of the ingest figures, in a process of its own so that it shares nothing with the server but the machine:
 * `node ingest-load.ts <job as JSON>`. Encodes everything first and sends it to the sink, which is its own limit, then to the
 * server, then writes the same bodies to a file with an fsync after each, which is what any durable receiver on this disk must
 * at least do. Before it measures the server answers two requests a connection: the first ones open a segment and run cold
 * code. Prints one JSON line; `sending` and `sent` on stderr are the borders of what it measures.
 */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import { corpus } from './requests.ts';
import { quantile } from './result.ts';
import { openSender, type Protocol } from './senders.ts';

export interface IngestJob {
  readonly protocol: Protocol;
  readonly encoding: 'protobuf' | 'json';
  readonly url: string;
  readonly sinkUrl: string;
  readonly connections: number;
  readonly spansPerRequest: number;
  readonly spans: number;
  readonly folder: string;
  readonly seed: number;
}

export interface IngestReport {
  readonly spans: number;
  readonly requests: number;
  readonly bytes: number;
  readonly spansPerS: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  readonly ackMaxMs: number;
  /** Answers "later"; each such request was sent again until it was taken. */
  readonly refused: number;
  readonly sinkSpansPerS: number;
  readonly rawSpansPerS: number;
}

const RETRY_MS = 50;

const job = JSON.parse(process.argv[2] ?? '') as IngestJob;
const load = corpus(job.seed, job.spans, Date.now(), 3_600_000, job.spansPerRequest);
const bodies = job.encoding === 'protobuf' ? load.bodies : load.bodies.map(body => Buffer.from(protoToOtlpJson(body)));
const warmUp = bodies.splice(0, 2 * job.connections);
const spans = bodies.length * job.spansPerRequest;
const sunk = await sendAll(job.sinkUrl, bodies);
await sendAll(job.url, warmUp);
console.error('sending');
const sent = await sendAll(job.url, bodies);
console.error('sent');
const rawMs = writeRaw();
const report: IngestReport = {
  spans,
  requests: bodies.length,
  bytes: bodies.reduce((sum, body) => sum + body.length, 0),
  spansPerS: spans / (sent.wallMs / 1_000),
  ackP50Ms: quantile(sent.ackMs, 0.5),
  ackP99Ms: quantile(sent.ackMs, 0.99),
  ackMaxMs: quantile(sent.ackMs, 1),
  refused: sent.refused,
  sinkSpansPerS: spans / (sunk.wallMs / 1_000),
  rawSpansPerS: spans / (rawMs / 1_000),
};
console.log(JSON.stringify(report));

async function sendAll(url: string, bodies: readonly Buffer[]) {
  const contentType = job.encoding === 'json' ? 'application/json' : 'application/x-protobuf';
  const senders = Array.from({ length: job.connections }, () => openSender(job.protocol, url, contentType));
  const ackMs: number[] = [];
  let refused = 0;
  let next = 0;
  const started = performance.now();
  await Promise.all(
    senders.map(async ({ send }) => {
      for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
        for (;;) {
          const from = performance.now();
          const taken = await send(body);
          ackMs.push(performance.now() - from);
          if (taken) break;
          refused++;
          await pause(RETRY_MS);
        }
      }
    }),
  );
  const wallMs = performance.now() - started;
  for (const sender of senders) sender.close();
  return { wallMs, ackMs, refused };
}

function writeRaw(): number {
  const path = join(job.folder, 'raw-limit.bin');
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
