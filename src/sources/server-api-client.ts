import type { NewPin, Pin, PinAnswer, PinChange, PinList, StateText, StoredState } from '#domain/api/pin-api.ts';
import type { AddedTraces, ApiError, ServerConfig, StoreStatus } from '#domain/api/server-api.ts';
import type { SelfCheckReport, SelfCheckState, StoreDetails, StoreVolume, TraceState } from '#domain/api/store-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { sharedTraceClients } from './trace-clients.ts';
import { SourceError, type TimeWindow, type TraceOptions } from './trace-source.ts';

/** The server's own endpoints under /api. Every method rejects with a `SourceError` or, when aborted, `AbortError`. */
export interface ServerApi {
  config(options: { signal: AbortSignal }): Promise<ServerConfig>;
  status(options: { signal: AbortSignal }): Promise<StoreStatus>;
  loadSample(): Promise<StoreStatus>;
  removeSample(): Promise<StoreStatus>;
  /** A TracesData message goes into the store. */
  addTraces(otlp: Uint8Array<ArrayBuffer>): Promise<AddedTraces>;
  store(options: { signal: AbortSignal }): Promise<StoreDetails>;
  storeVolume(options: { signal: AbortSignal }): Promise<StoreVolume>;
  selfCheck(options: { signal: AbortSignal }): Promise<SelfCheckState>;
  runSelfCheck(): Promise<SelfCheckReport>;
  /** `find`: part of a note, a name or an id; '' for all. */
  pins(filter: { find: string; traceId?: TraceId }, options: { signal: AbortSignal }): Promise<PinList>;
  pin(id: string, options: { signal: AbortSignal }): Promise<PinAnswer>;
  /** `otlp`: the trace, where it is not the embedded store's. */
  createPin(pin: NewPin, otlp: Uint8Array<ArrayBuffer> | undefined): Promise<Pin>;
  changePin(id: string, change: PinChange): Promise<Pin>;
  removePin(id: string): Promise<PinAnswer>;
  /** The copy that a pin keeps; `not-found` where it is kept no more. */
  pinnedTrace(id: string, traceId: TraceId, options: Omit<TraceOptions, 'window'>): Promise<TraceTable>;
  /** A URL state too long for a link; the same text has the same id. */
  storeState(text: string): Promise<StoredState>;
  storedState(id: string, options: { signal: AbortSignal }): Promise<StateText>;
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
    addTraces: otlp => {
      const type = 'application/x-protobuf';
      return request(base, 'POST', 'api/traces', undefined, { body: new Blob([otlp]), type });
    },
    store: ({ signal }) => request(base, 'GET', 'api/store', signal),
    storeVolume: ({ signal }) => request(base, 'GET', 'api/store/volume', signal),
    selfCheck: ({ signal }) => request(base, 'GET', 'api/selfcheck', signal),
    runSelfCheck: () => request(base, 'POST', 'api/selfcheck'),
    pins: ({ find, traceId }, { signal }) => {
      const params = new URLSearchParams({ find, ...(traceId && { trace: traceId }) });
      return request(base, 'GET', `api/pins?${params}`, signal);
    },
    pin: (id, { signal }) => request(base, 'GET', `api/pins/${id}`, signal),
    createPin: (pin, otlp) => request(base, 'POST', 'api/pins', undefined, pinBody(pin, otlp)),
    changePin: (id, change) => request(base, 'PATCH', `api/pins/${id}`, undefined, json(change)),
    removePin: id => request(base, 'DELETE', `api/pins/${id}`),
    pinnedTrace: (id, traceId, options) =>
      sharedTraceClients().traces.table(
        {
          traceId,
          sourceName: 'The Throughline server',
          tempo: {
            copy: `${base}api/pins/${id}/trace`,
            root: base,
            params: '',
            tryVersion1: false,
            silenceMs: 30_000,
          },
        },
        options,
      ),
    storeState: text => request(base, 'POST', 'api/states', undefined, { body: text, type: 'text/plain' }),
    storedState: (id, { signal }) => request(base, 'GET', `api/states/${id}`, signal),
    traceState: (id, window, { signal }) =>
      request(base, 'GET', `api/trace-state/${id}${window === undefined ? '' : `?${secondsOf(window)}`}`, signal),
  };
}

/** Whole seconds around the window. */
function secondsOf({ startUnixNano, endUnixNano }: TimeWindow): string {
  return `start=${startUnixNano / SECOND}&end=${endUnixNano / SECOND + 1n}`;
}

const SECOND = 1_000_000_000n;

interface Body {
  readonly body: string | FormData | Blob;
  /** A form names its own type. */
  readonly type?: string;
}

function json(value: unknown): Body {
  return { body: JSON.stringify(value), type: 'application/json' };
}

function pinBody(pin: NewPin, otlp: Uint8Array<ArrayBuffer> | undefined): Body {
  if (otlp === undefined) return json(pin);
  const form = new FormData();
  form.set('pin', JSON.stringify(pin));
  form.set('trace', new Blob([otlp], { type: 'application/protobuf' }), 'trace.otlp');
  return { body: form };
}

async function request<T>(base: string, method: string, path: string, signal?: AbortSignal, sent?: Body): Promise<T> {
  const line = `${method} ${base}${path}`;
  const type = sent?.type;
  const headers = { accept: 'application/json', ...(type !== undefined && { 'content-type': type }) };
  const init = { method, headers, ...(signal && { signal }), ...(sent && { body: sent.body }) };
  const response = await fetch(`${base}${path}`, init).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new SourceError('unreachable', 'The Throughline server does not answer', `${line}\n${String(cause)}`);
  });
  const body = await response.text();
  if (!response.ok) {
    const detail = `${line}\n${response.status} ${response.statusText}\n${body.slice(0, 500)}`;
    const kind = response.status === 404 || response.status === 410 ? 'not-found' : 'server';
    throw new SourceError(kind, messageOf(body) ?? `The server answered ${response.status}`, detail);
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
