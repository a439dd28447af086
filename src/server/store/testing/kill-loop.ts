import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { scanTraces } from '#decoding/otlp/otlp-proto.ts';
import type { TraceId } from '#domain/ids.ts';
import type { StoreCore } from '#server/store/store-core.ts';
import { openCore } from './open-core.ts';

const SPANS_PER_REQUEST = 20;
/** Requests that a child may have sent without hearing of them. */
const NUMBERS_PER_CHILD = 100_000;
const script = fileURLToPath(new URL('ingest-until-killed.ts', import.meta.url));

export interface KillReport {
  readonly kills: number;
  readonly acknowledged: number;
  /** What must stay empty: one sentence per broken promise. */
  readonly broken: readonly string[];
}

/**
 * Kills a process that ingests as fast as it can, `kills` times at a random moment, into one directory. After each the store
 * must open, hold every acknowledged request of that process whole, and hold no torn one; at the end the same for all.
 */
export async function killLoop(
  dataDir: string,
  kills: number,
  random: () => number,
  report: (done: number) => void = () => undefined,
): Promise<KillReport> {
  const all: number[] = [];
  const broken: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const acknowledged = await killOne(dataDir, (kill + 1) * NUMBERS_PER_CHILD, 1 + Math.floor(random() ** 2 * 150));
    const { core, notices } = await openCore(dataDir);
    broken.push(...notices.map(notice => `kill ${kill}: ${notice}`), ...(await missing(core, acknowledged)));
    if (core.status().spans % SPANS_PER_REQUEST !== 0) broken.push(`kill ${kill}: a request is torn`);
    all.push(...acknowledged);
    if (kill === kills - 1) broken.push(...(await missing(core, all)));
    await core.close();
    report(kill + 1);
  }
  return { kills, acknowledged: all.length, broken };
}

/** Numbers that the child printed before it was killed, which is after `acks` of them. */
async function killOne(dataDir: string, first: number, acks: number): Promise<number[]> {
  const child = spawn(process.execPath, [script, dataDir, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const numbers: number[] = [];
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    numbers.push(Number(line));
    if (numbers.length === acks) child.kill('SIGKILL');
  }
  await exited;
  return numbers;
}

/** By counting rows; of a few requests the bytes are read back too. */
async function missing(core: StoreCore, acknowledged: readonly number[]): Promise<string[]> {
  const found: string[] = [];
  const rows = await spansPerRequest(core);
  for (const number of acknowledged) {
    const spans = rows.get(BigInt(number)) ?? 0;
    if (spans !== SPANS_PER_REQUEST) found.push(`request ${number}: ${spans} of ${SPANS_PER_REQUEST} rows`);
  }
  for (const number of [...acknowledged.slice(0, 2), ...acknowledged.slice(-5)]) {
    const spans = spanCount(await core.trace(1, number.toString(16).padStart(32, '0') as TraceId));
    if (spans !== SPANS_PER_REQUEST) found.push(`request ${number}: ${spans} of ${SPANS_PER_REQUEST} spans`);
  }
  return found;
}

async function spansPerRequest(core: StoreCore): Promise<ReadonlyMap<bigint, number>> {
  const counts = new Map<bigint, number>();
  const segments = await core.run(1, async context => context.segments(0n, 2n ** 62n));
  for (const { id } of segments) {
    const { trace_id: ids = [], n = [] } = await core.run(1, context =>
      context.columns(`select trace_id, count(*)::integer as n from spans_${id} group by 1`),
    );
    ids.forEach((traceId, i) => {
      counts.set(traceId as bigint, (counts.get(traceId as bigint) ?? 0) + Number(n[i]));
    });
  }
  return counts;
}

export function spanCount(traces: Uint8Array | undefined): number {
  const nothing = () => undefined;
  const scanned = scanTraces(traces ?? new Uint8Array(0), { resource: nothing, scope: nothing, span: nothing });
  return scanned.ok ? scanned.value.spans : -1;
}
