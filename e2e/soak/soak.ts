import { setTimeout as pause } from 'node:timers/promises';
import type { StoreDetails } from '#domain/api/store-api.ts';
import { corpus, wholeTrace } from '#e2e/bench/requests.ts';
import { openSender, type Sender } from '#e2e/bench/senders.ts';
import { readSpans } from '#e2e/otlp/read-spans.ts';
import type { ServerProcess } from '#e2e/server-process.ts';

/** How long and how hard. The server is to have a retention by size that is reached early on. */
export interface SoakPlan {
  readonly seconds: number;
  readonly spansPerS: number;
}

/** What one look at the server showed; `afterS` since the start of the load. */
export interface SoakSample {
  readonly afterS: number;
  readonly spans: number;
  readonly residentMb: number;
  readonly databaseMb: number;
  readonly segments: number;
  /** Since the sample before. */
  readonly slowestAckMs: number;
  readonly slowestQueryMs: number;
  /** Whether retention has dropped a segment: from here on the store is as large as it gets. */
  readonly isFull: boolean;
}

export interface SoakResult {
  readonly samples: readonly SoakSample[];
  /** Answers "later"; each such request was sent again until it was taken. */
  readonly refused: number;
  /** Traces that were acknowledged and not whole when they were read back. */
  readonly lost: readonly string[];
  readonly received: number;
  /** Committed, rejected and deduplicated. */
  readonly accountedFor: number;
}

const SPANS_PER_REQUEST = 250;
const CONNECTIONS = 4;
const CANARY_SPANS = 40;
const CANARY_SERVICE = 'canary';
const SAMPLE_EVERY_S = 10;
/** A trace is read again when it is so old; retention must keep more than that. */
const READ_AGAIN_S = 5;

/** Steady ingest, each second with a trace that is read back at once and later; searches and a heatmap at each sample. */
export async function soak(server: ServerProcess, plan: SoakPlan, onSample: (sample: SoakSample) => void = () => {}) {
  const senders = Array.from({ length: CONNECTIONS }, () =>
    openSender('http', server.otlpUrl, 'application/x-protobuf'),
  );
  const samples: SoakSample[] = [];
  const canaries: string[] = [];
  const lost: string[] = [];
  let [refused, spans, slowestAckMs] = [0, 0, 0];
  const isWhole = async (traceId: string) => (await spansOf(server, traceId)) === CANARY_SPANS;
  const began = performance.now();
  const elapsedS = () => (performance.now() - began) / 1_000;

  for (let second = 0, sampleAtS = SAMPLE_EVERY_S; elapsedS() < plan.seconds; second++) {
    const from = performance.now();
    const load = corpus(second, plan.spansPerS, Date.now(), 1_000, SPANS_PER_REQUEST);
    const canary = wholeTrace(1_000_000 + second, CANARY_SPANS, CANARY_SERVICE, Date.now());
    const sent = await sendAll(senders, [...load.bodies, ...canary.bodies]);
    refused += sent.refused;
    spans += load.spans + CANARY_SPANS;
    slowestAckMs = Math.max(slowestAckMs, sent.slowestMs);
    canaries.push(canary.traceId);
    const older = canaries.at(-1 - READ_AGAIN_S);
    for (const traceId of older === undefined ? [canary.traceId] : [canary.traceId, older])
      if (!(await isWhole(traceId))) lost.push(traceId);
    if (elapsedS() >= sampleAtS) {
      sampleAtS += SAMPLE_EVERY_S;
      const slowestQueryMs = await query(server);
      const afterS = Math.round(elapsedS());
      const sample = { afterS, spans, slowestAckMs, slowestQueryMs, ...(await look(server)) };
      slowestAckMs = 0;
      samples.push(sample);
      onSample(sample);
    }
    await pause(Math.max(0, from + 1_000 - performance.now()));
  }
  for (const sender of senders) sender.close();
  return { samples, refused, lost, ...(await counters(server)) } satisfies SoakResult;
}

/**
 * Memory at the end beside memory at the begin, of the time in which the store was full: means of its last and first third.
 * NaN with fewer than three such samples.
 */
export function memoryGrowth(samples: readonly SoakSample[]): number {
  const full = samples.filter(({ isFull }) => isFull).map(({ residentMb }) => residentMb);
  const third = Math.floor(full.length / 3);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return sum(full.slice(full.length - third)) / sum(full.slice(0, third));
}

async function sendAll(senders: readonly Sender[], bodies: readonly Buffer[]) {
  let [next, refused, slowestMs] = [0, 0, 0];
  const drain = async ({ send }: Sender) => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const from = performance.now();
      while (!(await send(body))) {
        refused++;
        await pause(50);
      }
      slowestMs = Math.max(slowestMs, performance.now() - from);
    }
  };
  await Promise.all(senders.map(drain));
  return { refused, slowestMs: Math.round(slowestMs) };
}

async function spansOf(server: ServerProcess, traceId: string): Promise<number> {
  const response = await fetch(`${server.uiUrl}/tempo/api/traces/${traceId}`, {
    headers: { accept: 'application/protobuf' },
  });
  const body = new Uint8Array(await response.arrayBuffer());
  return response.ok ? readSpans(body).length : 0;
}

/** The questions of an open page; the slowest answer in ms. */
async function query({ uiUrl }: ServerProcess): Promise<number> {
  const endS = Math.ceil(Date.now() / 1_000);
  const range = { start: String(endS - 900), end: String(endS) };
  const q = '{ resource.service.name = "payment" && status = error }';
  const urls = [
    `/tempo/api/search?${new URLSearchParams({ q, limit: '20', ...range })}`,
    `/api/heatmap?${new URLSearchParams({ q: '{}', columns: '120', of: 'spans', ...range })}`,
    `/api/facets?${new URLSearchParams({ q: '{}', fields: 'status,resource.service.name', limit: '8', ...range })}`,
    `/api/service-graph?${new URLSearchParams({ q: '{}', ...range })}`,
  ];
  let slowestMs = 0;
  for (const url of urls) {
    const from = performance.now();
    const response = await fetch(`${uiUrl}${url}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 200)}`);
    slowestMs = Math.max(slowestMs, performance.now() - from);
  }
  return Math.round(slowestMs);
}

async function look(server: ServerProcess) {
  const { retention, disk, segments } = (await (await fetch(`${server.uiUrl}/api/store`)).json()) as StoreDetails;
  return {
    residentMb: Math.round(sumOf(await scrape(server), 'process_resident_memory_bytes') / 1e6),
    databaseMb: Math.round(disk.databaseBytes / 1e6),
    segments: segments.length,
    isFull: retention.pruned.length > 0,
  };
}

async function counters(server: ServerProcess) {
  const text = await scrape(server);
  const of = (name: string) => sumOf(text, `throughline_spans_${name}_total`);
  return { received: of('received'), accountedFor: of('committed') + of('rejected') + of('deduplicated') };
}

async function scrape({ uiUrl }: ServerProcess): Promise<string> {
  return (await fetch(`${uiUrl}/metrics`)).text();
}

function sumOf(scrape: string, name: string): number {
  const samples = scrape.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
  return [...samples].reduce((sum, [, value]) => sum + Number(value), 0);
}
