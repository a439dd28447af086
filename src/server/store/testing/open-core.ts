import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestOutcome, IngestRequest, StoreEvents, WorkerSettings } from '#server/store/protocol.ts';
import type { SqlRow, SqlValue } from '#server/store/query-context.ts';
import { StoreCore } from '#server/store/store-core.ts';
import type { SegmentCompaction } from '#server/store/store-types.ts';

export const HOUR_MS = 3_600_000;
export const baggageKeys = ['tenant.id', 'user.id', 'baggage.'];

/** A store in this thread, with a clock that the test moves and everything it said. */
export interface TestCore {
  readonly core: StoreCore;
  readonly notices: string[];
  readonly commits: number[];
  /** Each state it told, with the reason. */
  readonly compactions: SegmentCompaction[];
  readonly states: [state: string, reason: string][];
  clock: { nowMs: number };
}

export function makeTempDir(): string {
  return mkdtempSync(join(tmpdir(), 'throughline-store-'));
}

export function removeDir(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

export async function openCore(
  dataDir: string,
  settings: Partial<WorkerSettings> = {},
  onNotice: (text: string) => void = () => undefined,
): Promise<TestCore> {
  const notices: string[] = [];
  const commits: number[] = [];
  const compactions: SegmentCompaction[] = [];
  const states: [string, string][] = [];
  const clock = { nowMs: 1_763_632_800_000 };
  const events: StoreEvents = {
    notice: text => {
      notices.push(text);
      onNotice(text);
    },
    committed: seconds => commits.push(seconds),
    checkpointed: () => undefined,
    compacted: compaction => compactions.push(compaction),
    state: (state, reason) => states.push([state, reason]),
    deduped: () => undefined,
  };
  const opened = await StoreCore.open({
    settings: {
      dataDir,
      retentionMs: 72 * HOUR_MS,
      baggageKeys,
      minFreeDiskBytes: 0,
      memoryLimit: '512MB',
      compaction: false,
      ...settings,
    },
    events,
    nowMs: () => clock.nowMs,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  return { core: opened.value, notices, commits, compactions, states, clock };
}

export function ingest(core: StoreCore, body: Uint8Array, more: Partial<IngestRequest> = {}): Promise<IngestOutcome> {
  return core.ingest({ body, encoding: 'protobuf', sample: false, shiftToEndAtUnixNano: undefined, ...more });
}

let nextQuery = 1_000_000;

/** Rows of one statement; `segment(n)` in the SQL stays as it is: name the tables of the segment yourself. */
export async function select(core: StoreCore, sql: string, params: Record<string, SqlValue> = {}): Promise<SqlRow[]> {
  return await core.run(nextQuery++, context => context.rows(sql, params));
}
