import { setTimeout as pause } from 'node:timers/promises';
import type { StoreDetails } from '#domain/api/store-api.ts';
import { corpus, wholeTrace } from '#e2e/bench/requests.ts';
import { openSender, type Sender } from '#e2e/bench/senders.ts';
import { readSpans } from '#e2e/otlp/read-spans.ts';
import type { ServerProcess } from '#e2e/server-process.ts';

/** How hard and how long. The server is to have a retention by size that is reached early on. */
export interface SoakPlan {
  readonly spansPerS: number;
  isOver(elapsedS: number, samples: readonly SoakSample[]): boolean;
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
  /** Traces that were acknowledged and not whole when they were read back, although retention had not come to them. */
  readonly lost: readonly string[];
  readonly spans: number;
  readonly received: number;
  /** Committed, rejected and deduplicated. */
  readonly accountedFor: number;
}

interface Canary {
  readonly traceId: string;
  readonly startUnixMs: number;
}

const SPANS_PER_REQUEST = 250;
const CONNECTIONS = 4;
const CANARY_SPANS = 40;
const CANARY_SERVICE = 'canary';
const SAMPLE_EVERY_S = 10;
/** A trace is read again after so many others. */
const READ_AGAIN_AFTER = 5;

/** Steady ingest, each second with a trace that is read back at once and later; searches and a heatmap at each sample. */
export async function soak(server: ServerProcess, plan: SoakPlan, onSample: (sample: SoakSample) => void = () => {}) {
  const senders = Array.from({ length: CONNECTIONS }, () =>
    openSender('http', server.otlpUrl, 'application/x-protobuf'),
  );
  const samples: SoakSample[] = [];
  const canaries: Canary[] = [];
  const lost: string[] = [];
  let [refused, spans, slowestAckMs] = [0, 0, 0];
  const began = performance.now();
  const elapsedS = () => (performance.now() - began) / 1_000;

  for (let second = 0, sampleAtS = SAMPLE_EVERY_S; !plan.isOver(elapsedS(), samples); second++) {
    const from = performance.now();
    const load = corpus(second, plan.spansPerS, Date.now(), 1_000, SPANS_PER_REQUEST);
    const startUnixMs = Date.now();
    const canary = wholeTrace(1_000_000 + second, CANARY_SPANS, CANARY_SERVICE, startUnixMs);
    const sent = await sendAll(senders, [...load.bodies, ...canary.bodies]);
    refused += sent.refused;
    spans += load.spans + CANARY_SPANS;
    slowestAckMs = Math.max(slowestAckMs, sent.slowestMs);
    canaries.push({ traceId: canary.traceId, startUnixMs });
    for (const each of [canaries.at(-1), canaries.at(-1 - READ_AGAIN_AFTER)])
      if (each !== undefined && !(await isThere(server, each))) lost.push(each.traceId);
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
  return { samples, refused, lost, spans, ...(await counters(server)) } satisfies SoakResult;
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

/** Whole, or retention has come to its time, as the server says. */
async function isThere(server: ServerProcess, { traceId, startUnixMs }: Canary): Promise<boolean> {
  const headers = { accept: 'application/protobuf' };
  const response = await fetch(`${server.uiUrl}/tempo/api/traces/${traceId}`, { headers });
  const body = new Uint8Array(await response.arrayBuffer());
  if (response.ok && readSpans(body).length === CANARY_SPANS) return true;
  const { retention } = await details(server);
  return retention.pruned.some(({ toUnixNano }) => BigInt(toUnixNano) >= BigInt(startUnixMs) * 1_000_000n);
}

async function details({ uiUrl }: ServerProcess): Promise<StoreDetails> {
  return (await fetch(`${uiUrl}/api/store`)).json() as Promise<StoreDetails>;
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
  const { retention, disk, segments } = await details(server);
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
