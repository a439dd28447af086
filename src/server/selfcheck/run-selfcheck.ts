import { randomBytes } from 'node:crypto';
import type { SelfCheckStep } from '#domain/api/store-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { compareTrace } from './compare-trace.ts';
import { type KnownTrace, knownTraces, RUN_KEY, requestBody } from './known-traces.ts';
import { oneLine, refusalText } from './refusal-text.ts';
import type { SelfcheckOptions } from './selfcheck-options.ts';

/** What the check needs of the world, so that tests can be the server and the clock. */
export interface SelfcheckWorld {
  send(url: URL, headers: Readonly<Record<string, string>>, body?: Uint8Array<ArrayBuffer>): Promise<Response>;
  nowUnixMs(): number;
  /** Monotonic. */
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

interface Addresses {
  readonly otlp: URL;
  readonly tempo: URL;
}

/** Traces of a run: some as protobuf, some as JSON. */
const TRACES = 4;
const LATE_MS = 2000;
const POLL_MS = 500;

/**
 * Sends known traces and reads them back in each way there is. The error is one line: the check could not be made at all.
 * Steps that find something wrong look again until it is right or `waitMs` is over.
 */
export async function runSelfcheck(
  options: SelfcheckOptions,
  world: SelfcheckWorld,
): Promise<Result<readonly SelfCheckStep[], string>> {
  const addresses = await findAddresses(options, world);
  if (!addresses.ok) return addresses;
  const { otlp, tempo } = addresses.value;
  const run = randomBytes(8).toString('hex');
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  const nowUnixMs = world.nowUnixMs();
  const traces = knownTraces(run, TRACES, BigInt(nowUnixMs) * 1_000_000n, hex);

  const began = world.nowMs();
  const refused = await writeAll(traces, otlp, options, world);
  const written = world.nowMs();
  const write = { name: 'write', found: [...new Set(refused)], ms: Math.round(written - began) };
  if (refused.length > 0) return ok([{ ...write, state: 'wrong' }]);

  const get = async (path: string, query: Readonly<Record<string, string>>, accept = 'application/json') => {
    const url = new URL(`${tempo.pathname.replace(/\/$/, '')}/api/${path}?${new URLSearchParams(query)}`, tempo);
    return world.send(url, { ...options.headers, accept });
  };
  const range = { start: `${Math.floor(nowUnixMs / 1000) - 300}`, end: `${Math.floor(nowUnixMs / 1000) + 60}` };
  const query = `{ span.${RUN_KEY} = "${run}" }`;
  const looks: readonly (readonly [name: string, look: () => Promise<Look>])[] = [
    ['read by id', () => lookById(traces, id => get(`traces/${id}`, {}, 'application/protobuf'))],
    ['search', async () => lookAtSearch(traces, await get('search', { q: query, limit: '50', ...range }))],
    [
      'metrics',
      async () =>
        lookAtMetrics(
          traces,
          await get('metrics/query_range', { q: `${query} | count_over_time()`, step: '60s', ...range }),
        ),
    ],
  ];
  const steps: SelfCheckStep[] = [{ ...write, state: 'right' }];
  for (const [name, look] of looks) steps.push(await untilRight(name, look, written, options.waitMs, world));
  return ok(steps);
}

interface Look {
  readonly missing: readonly string[];
  readonly wrong: readonly string[];
  /** The server cannot answer this at all. */
  readonly isAbsent?: boolean;
}

async function untilRight(
  name: string,
  look: () => Promise<Look>,
  since: number,
  waitMs: number,
  world: SelfcheckWorld,
): Promise<SelfCheckStep> {
  const began = world.nowMs();
  for (let looks = 1; ; looks++) {
    const { missing, wrong, isAbsent = false } = await look().catch((error: Error) => unreachable(error));
    const ms = Math.round(world.nowMs() - since);
    if (isAbsent) return { name, state: 'absent', found: wrong, ms };
    if (missing.length + wrong.length === 0) {
      // What the first look finds is not late, however long the steps before it took.
      return { name, state: looks > 1 && ms > LATE_MS ? 'late' : 'right', found: [], ms };
    }
    if (world.nowMs() - began >= waitMs) {
      return { name, state: wrong.length > 0 ? 'wrong' : 'missing', found: [...missing, ...wrong], ms };
    }
    await world.sleep(POLL_MS);
  }
}

async function writeAll(
  traces: readonly KnownTrace[],
  otlp: URL,
  { headers }: SelfcheckOptions,
  world: SelfcheckWorld,
): Promise<string[]> {
  const url = new URL(`${otlp.pathname.replace(/\/$/, '')}/v1/traces`, otlp);
  const refused: string[] = [];
  for (const [n, trace] of traces.entries()) {
    const encoding = n % 2 === 0 ? 'protobuf' : 'json';
    const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
    try {
      const response = await world.send(url, { ...headers, 'content-type': type }, requestBody(trace, encoding));
      const body = new Uint8Array(await response.arrayBuffer());
      const said = textOf(body);
      if (response.status !== 200) {
        const why = refusalText(body, response.headers.get('content-type'));
        refused.push(`${encoding}: ${url} answers ${response.status}: ${why}`);
      } else if (/reject/i.test(said)) refused.push(`${encoding}: spans are refused: ${said}`);
    } catch (error) {
      refused.push(`${encoding}: ${url} cannot be reached: ${causeOf(error)}`);
    }
  }
  return refused;
}

async function lookById(traces: readonly KnownTrace[], read: (traceId: string) => Promise<Response>): Promise<Look> {
  const missing: string[] = [];
  const wrong: string[] = [];
  for (const trace of traces) {
    const response = await read(trace.traceId);
    const body = new Uint8Array(await response.arrayBuffer());
    if (response.status === 404) missing.push(`trace ${trace.traceId}`);
    else if (response.status !== 200) wrong.push(`trace ${trace.traceId}: ${response.status} ${textOf(body)}`);
    else {
      const compared = compareTrace(trace, body);
      missing.push(...compared.missing);
      wrong.push(...compared.wrong);
    }
  }
  return { missing, wrong };
}

async function lookAtSearch(traces: readonly KnownTrace[], response: Response): Promise<Look> {
  const text = await response.text();
  if (response.status !== 200) return { missing: [], wrong: [`${response.status} ${text.slice(0, 200)}`] };
  // Tempo leaves out leading zeros.
  const reply = JSON.parse(text) as { traces?: readonly { readonly traceID: string }[] };
  const found = new Set((reply.traces ?? []).map(({ traceID }) => traceID.padStart(32, '0')));
  const missing = traces.filter(({ traceId }) => !found.has(traceId)).map(({ traceId }) => `trace ${traceId}`);
  for (const { traceId } of traces) found.delete(traceId);
  return { missing, wrong: [...found].map(id => `trace ${id} does not match the query`) };
}

async function lookAtMetrics(traces: readonly KnownTrace[], response: Response): Promise<Look> {
  const text = await response.text();
  if (response.status !== 200) {
    // Tempo needs a processor for them that is off by default, and says so with a 4xx or 5xx.
    return { missing: [], wrong: [`${response.status} ${text.slice(0, 200)}`], isAbsent: true };
  }
  const reply = JSON.parse(text) as {
    series?: readonly { readonly samples?: readonly { readonly value?: number }[] }[];
  };
  const samples = (reply.series ?? []).flatMap(series => series.samples ?? []);
  const counted = samples.reduce((sum, { value = 0 }) => sum + value, 0);
  const sent = traces.reduce((sum, { spans }) => sum + spans.length, 0);
  const sentence = `${counted} of ${sent} spans are counted`;
  return { missing: counted < sent ? [sentence] : [], wrong: counted > sent ? [sentence] : [] };
}

/** Given, or asked of the Throughline at `url`. */
async function findAddresses(options: SelfcheckOptions, world: SelfcheckWorld): Promise<Result<Addresses, string>> {
  const { url, otlp, tempo } = options;
  if (otlp !== undefined && tempo !== undefined) return ok({ otlp: new URL(otlp), tempo: new URL(tempo) });
  if (url === undefined) return err('selfcheck needs the address of a Throughline, or --otlp and --tempo');
  const page = new URL(url);
  const ask = new URL(`${page.pathname.replace(/\/$/, '')}/api/config`, page);
  try {
    const response = await world.send(ask, { ...options.headers, accept: 'application/json' });
    const config = (await response.json()) as { otlpHttp?: string };
    if (response.status !== 200 || config.otlpHttp === undefined) throw new Error(`it answers ${response.status}`);
    return ok({
      otlp: new URL(otlp ?? config.otlpHttp),
      tempo: new URL(tempo ?? new URL(`${page.pathname.replace(/\/$/, '')}/tempo`, page)),
    });
  } catch (error) {
    return err(
      `${ask} does not answer as a Throughline: ${causeOf(error)}. Name --otlp and --tempo for another server`,
    );
  }
}

function unreachable(error: Error): Look {
  return { missing: [], wrong: [causeOf(error)] };
}

function causeOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error };
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

function textOf(body: Uint8Array): string {
  return oneLine(new TextDecoder().decode(body));
}
