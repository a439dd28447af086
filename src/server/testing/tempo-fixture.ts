import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { addSearchCount } from '#server/http/search-count.ts';
import { openStore, type Store } from '#server/store/store.ts';
import { registerTempoRoutes } from '#server/tempo/routes.ts';

/** Recorded answers of a real Tempo and the spans that they are about; beside the repository, not in it. */
const FOLDER = new URL('../../../../shared/conformance/tempo/', import.meta.url);

export const hasTempoFixture = existsSync(new URL('fixture.json', FOLDER));

export function readTempoFile<T>(name: 'fixture.json' | 'goldens.json' | 'differs.json'): T {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as T;
}

/** Times of the fixture count from here (Unix s, a multiple of 60). */
export const BASE_S = 1_790_000_040 - (1_790_000_040 % 60);

export interface TempoServer {
  readonly store: Store;
  /** GET of a path below the API's root. */
  get(
    path: string,
    params?: Record<string, string | number>,
    headers?: Record<string, string>,
  ): Promise<{ status: number; type: string; text: string; bytes: Buffer }>;
  ingest(resourceSpans: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Tempo's API over a new store in a folder of its own. */
export async function tempoServer(baggageKeys: readonly string[] = ['tenant.id', 'baggage.']): Promise<TempoServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-tempo-'));
  const opened = await openStore({
    dataDir,
    retentionMs: 3_600_000,
    baggageKeys,
    minFreeDiskBytes: 0,
    memoryLimit: '512MB',
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const app: FastifyInstance = Fastify({ routerOptions: { maxParamLength: 1_024 } });
  addSearchCount(app, store);
  registerTempoRoutes(app, store);
  return {
    store,
    get: async (path, params = {}, sent = {}) => {
      const query = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
      const { statusCode, headers, body, rawPayload } = await app.inject({
        method: 'GET',
        url: path,
        query,
        headers: sent,
      });
      return { status: statusCode, type: String(headers['content-type'] ?? ''), text: body, bytes: rawPayload };
    },
    ingest: async resourceSpans => {
      const body = new TextEncoder().encode(JSON.stringify({ resourceSpans }));
      const result = await store.ingest(body, 'json');
      if (result.kind !== 'stored' || result.rejected > 0) throw new Error(JSON.stringify(result));
    },
    close: async () => {
      await app.close();
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The request bodies of the fixture with absolute times. */
export function fixtureRequests(): readonly unknown[] {
  return readTempoFile<readonly unknown[]>('fixture.json').map(rebase);
}

const REBASED: Readonly<Record<string, string>> = {
  startOffsetNano: 'startTimeUnixNano',
  endOffsetNano: 'endTimeUnixNano',
  offsetNano: 'timeUnixNano',
};

function rebase(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(rebase);
  if (node === null || typeof node !== 'object') return node;
  const baseNs = BigInt(BASE_S) * 1_000_000_000n;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) =>
      REBASED[key] === undefined ? [key, rebase(value)] : [REBASED[key], String(baseNs + BigInt(value as number))],
    ),
  );
}
