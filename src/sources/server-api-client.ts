import type { ApiError, ServerConfig, StoreStatus } from '#domain/api/server-api.ts';
import type {
  PinnedTraces,
  PinState,
  SelfCheckReport,
  SelfCheckState,
  StoreDetails,
  StoreVolume,
  TraceState,
} from '#domain/api/store-api.ts';
import type { TraceId } from '#domain/ids.ts';
import { SourceError, type TimeWindow } from './trace-source.ts';

/** The server's own endpoints under /api. Every method rejects with a `SourceError` or, when aborted, `AbortError`. */
export interface ServerApi {
  config(options: { signal: AbortSignal }): Promise<ServerConfig>;
  status(options: { signal: AbortSignal }): Promise<StoreStatus>;
  loadSample(): Promise<StoreStatus>;
  removeSample(): Promise<StoreStatus>;
  store(options: { signal: AbortSignal }): Promise<StoreDetails>;
  storeVolume(options: { signal: AbortSignal }): Promise<StoreVolume>;
  selfCheck(options: { signal: AbortSignal }): Promise<SelfCheckState>;
  runSelfCheck(): Promise<SelfCheckReport>;
  pins(options: { signal: AbortSignal }): Promise<PinnedTraces>;
  pin(id: string): Promise<PinState>;
  unpin(id: string): Promise<PinState>;
  /** Why the embedded store has a trace or has not; `window`: when it ran. */
  traceState(id: TraceId, window: TimeWindow | undefined, options: { signal: AbortSignal }): Promise<TraceState>;
}

/** `base` is the path that the page is served under, with a trailing slash. */
export function createServerApi(base: string): ServerApi {
  return {
    config: ({ signal }) => request(base, 'GET', 'api/config', signal),
    status: ({ signal }) => request(base, 'GET', 'api/status', signal),
    loadSample: () => request(base, 'POST', 'api/sample'),
    removeSample: () => request(base, 'DELETE', 'api/sample'),
    store: ({ signal }) => request(base, 'GET', 'api/store', signal),
    storeVolume: ({ signal }) => request(base, 'GET', 'api/store/volume', signal),
    selfCheck: ({ signal }) => request(base, 'GET', 'api/selfcheck', signal),
    runSelfCheck: () => request(base, 'POST', 'api/selfcheck'),
    pins: ({ signal }) => request(base, 'GET', 'api/pins', signal),
    pin: id => request(base, 'POST', `api/pins/${id}`),
    unpin: id => request(base, 'DELETE', `api/pins/${id}`),
    traceState: (id, window, { signal }) =>
      request(base, 'GET', `api/trace-state/${id}${window === undefined ? '' : `?${secondsOf(window)}`}`, signal),
  };
}

/** Whole seconds around the window. */
function secondsOf({ startUnixNano, endUnixNano }: TimeWindow): string {
  return `start=${startUnixNano / SECOND}&end=${endUnixNano / SECOND + 1n}`;
}

const SECOND = 1_000_000_000n;

async function request<T>(base: string, method: string, path: string, signal?: AbortSignal): Promise<T> {
  const line = `${method} ${base}${path}`;
  const init = { method, headers: { accept: 'application/json' }, ...(signal && { signal }) };
  const response = await fetch(`${base}${path}`, init).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new SourceError('unreachable', 'The Throughline server does not answer', `${line}\n${String(cause)}`);
  });
  const body = await response.text();
  if (!response.ok) {
    const detail = `${line}\n${response.status} ${response.statusText}\n${body.slice(0, 500)}`;
    throw new SourceError('server', messageOf(body) ?? `The server answered ${response.status}`, detail);
  }
  try {
    return JSON.parse(body) as T;
  } catch {
    throw new SourceError('damaged', 'The server sent something that is not JSON', `${line}\n${body.slice(0, 500)}`);
  }
}

function messageOf(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as Partial<ApiError>;
    return typeof error === 'string' && error !== '' ? error : undefined;
  } catch {
    return undefined;
  }
}
