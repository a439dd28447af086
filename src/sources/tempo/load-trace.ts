import { JsonTraceDecoder } from '#decoding/json-trace-decoder.ts';
import { type DecoderFailure, TraceDecoder } from '#decoding/trace-decoder.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { LoadProgress, LoadRequest, LoadTimes, TempoPlace } from '#sources/trace-protocol.ts';
import { SourceError } from '#sources/trace-source.ts';
import { get, type HttpAnswer, type HttpOptions, wrongType } from './http.ts';
import { ProgressTeller } from './progress-teller.ts';

/** What a trace may weigh: past it the page could not hold it. */
const MAX_BYTES = 2 ** 30;
const PROTOBUF = 'application/protobuf';

export interface LoadTools {
  readonly signal: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
  readonly onProgress: (progress: LoadProgress) => void;
}

export interface LoadedTrace {
  readonly table: TraceTable;
  readonly times: Omit<LoadTimes, 'preparedMs'>;
}

/** Reads a trace and decodes its bytes as they arrive. Rejects with a `SourceError`, or as the signal says. */
export async function loadTrace(request: LoadRequest, tools: LoadTools): Promise<LoadedTrace> {
  const { traceId, tempo } = request;
  if (tempo === undefined) throw new Error('no Tempo is named');
  const { root, params, copy } = tempo;
  if (copy !== undefined) return load(copy, 'traces', request, tempo, tools);
  const version2 = `${root}/api/v2/traces/${traceId}${params}`;
  const version1 = `${root}/api/traces/${traceId}${params}`;
  const loaded =
    (await orMissing(load(version2, 'tempo', request, tempo, tools))) ??
    (tempo.tryVersion1 ? await orMissing(load(version1, 'traces', request, tempo, tools)) : undefined);
  if (loaded !== undefined && loaded.table.length > 0) return loaded;
  throw new SourceError('not-found', `${request.sourceName} has no trace ${traceId}`, `GET ${version2}`);
}

/** Undefined where the source knows no such trace, or no such path. */
async function orMissing<T>(loading: Promise<T>): Promise<T | undefined> {
  try {
    return await loading;
  } catch (error) {
    if (error instanceof SourceError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

async function load(
  path: string,
  envelope: 'traces' | 'tempo',
  { traceId, sourceName }: LoadRequest,
  { silenceMs }: TempoPlace,
  { signal, fetch, onProgress }: LoadTools,
): Promise<LoadedTrace> {
  const startMs = now();
  const http: HttpOptions = { sourceName, silenceMs, signal, fetch };
  const answer = await get(path, PROTOBUF, http);
  const isJson = /^application\/json\b/i.test(answer.contentType);
  if (!isJson && !/^application\/(x-)?protobuf\b/i.test(answer.contentType)) {
    throw wrongType(answer.contentType, 'a trace', path, sourceName, await excerpt(answer));
  }
  const { totalBytes } = answer;
  // Protobuf is asked for; some gateways have nothing but JSON.
  const decoder = isJson
    ? new JsonTraceDecoder({ traceId, maxBytes: MAX_BYTES })
    : new TraceDecoder({ traceId, envelope, expectedBytes: totalBytes, maxBytes: MAX_BYTES });
  const progress = new ProgressTeller(onProgress, () => ({ bytes: decoder.bytes, totalBytes, spans: decoder.spans }));
  try {
    await answer.read(chunk => {
      const pushed = decoder.push(chunk);
      if (!pushed.ok) throw failureOf(pushed.error, path, sourceName);
      progress.moved();
    });
  } finally {
    progress.end();
  }
  const fetchedMs = now();
  const { bytes } = decoder;
  const finished = decoder.finish();
  if (!finished.ok) throw failureOf(finished.error, path, sourceName);
  return { table: finished.value, times: { startMs, fetchedMs, decodedMs: now(), bytes } };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function failureOf(failure: DecoderFailure, path: string, sourceName: string): SourceError {
  const detail = `GET ${path}\nat byte ${failure.offset}: ${failure.message}`;
  const kind = failure.tooLarge ? 'too-large' : 'damaged';
  return new SourceError(kind, `The trace that ${sourceName} sent cannot be read: ${failure.message}`, detail);
}

/** The beginning of a body that is not what was asked for; the rest is not waited for. */
async function excerpt(answer: HttpAnswer): Promise<string> {
  let text = '';
  const enough = new Error();
  const decoder = new TextDecoder();
  await answer
    .read(chunk => {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > 1000) throw enough;
    })
    .catch(() => undefined);
  return text;
}
