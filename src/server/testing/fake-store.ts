import type { StoreStatus } from '#domain/api/server-api.ts';
import type { StorePins } from '#server/store/pins/pin-requests.ts';
import type { IngestOptions, IngestResult, Store, StoreMetrics } from '#server/store/store.ts';

export interface Ingested {
  readonly body: Uint8Array;
  readonly encoding: 'protobuf' | 'json';
  readonly options: IngestOptions | undefined;
}

/** A store that remembers what it was given, for tests of the HTTP layer that need no database. */
export interface FakeStore extends Store {
  readonly ingested: Ingested[];
  /** Next answers of `ingest`; when empty, everything is stored. */
  readonly answers: (IngestResult | Error)[];
}

export function fakeStore(overrides: Partial<Store> = {}): FakeStore {
  const ingested: Ingested[] = [];
  const answers: (IngestResult | Error)[] = [];
  let sample: StoreStatus['sample'];
  return {
    ingested,
    answers,
    ingest: async (body, encoding, options) => {
      ingested.push({ body: body instanceof Uint8Array ? body : Buffer.concat(body), encoding, options });
      if (options?.sample === true) sample = { spans: 1 };
      const answer = answers.shift() ?? { kind: 'stored', accepted: 1, rejected: 0, message: '' };
      if (answer instanceof Error) throw answer;
      return answer;
    },
    trace: async () => undefined,
    traceParts: async () => undefined,
    query: async () => Promise.reject(new Error('no queries here')),
    status: async () => ({ ...emptyStatus, sample }),
    pins: noPins,
    states: { keep: async () => ({ ok: false, error: 'no states here' }), read: async () => undefined },
    traceState: async () => ({
      state: 'unknown',
      retentionMs: 1,
      oldestUnixNano: undefined,
      lastPruned: undefined,
      lastPin: undefined,
    }),
    backup: async () => ({ ok: false, error: 'no backups here' }),
    details: async () => Promise.reject(new Error('no details here')),
    removeSample: async () => {
      sample = undefined;
    },
    metrics: () => noMetrics,
    ready: async () => ({ ok: true }),
    close: async () => {},
    ...overrides,
  };
}

const noPins: StorePins = {
  create: async () => ({ ok: false, error: { reason: 'no-trace', message: 'no traces here' } }),
  list: async () => ({ pins: [], matching: 0, total: 0, usedBytes: 0, maxBytes: 1 }),
  find: async () => undefined,
  change: async () => undefined,
  remove: async () => undefined,
  trace: async () => undefined,
};

const emptyStatus: StoreStatus = {
  state: 'ready',
  notices: [],
  spans: 0,
  bytes: 0,
  oldestUnixNano: undefined,
  newestUnixNano: undefined,
  lastCommitUnixMs: undefined,
  sample: undefined,
  serviceSlots: {},
};

const noMetrics: StoreMetrics = {
  spansReceived: 12,
  spansCommitted: 10,
  spansRejected: { trace_id: 2 },
  spansOdd: { no_start: 3 },
  requestsRefused: { invalid: 0, overload: 0, unavailable: 0 },
  spansDeduplicated: 0,
  copiesLeftOut: 0,
  acknowledgeSeconds: { bounds: [], counts: [], sum: 0, count: 0 },
  commitSeconds: { bounds: [0.01, 0.1], counts: [3, 4], sum: 0.5, count: 5 },
  checkpointSeconds: { bounds: [1], counts: [0], sum: 0, count: 0 },
  walBytes: 0,
  databaseBytes: 0,
  queueBytes: 0,
  diskFreeBytes: 1,
  lastCommitUnixMs: 1000,
  compactions: { segments: 1, spans: 40, copies: 2, bytesBefore: 500, bytesAfter: 300 },
  segments: 1,
  queriesRunning: 0,
  queriesStopped: 0,
};
