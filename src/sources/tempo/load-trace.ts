import type { DecodeOptions } from '#decoding/decode-protocol.ts';
import type { TraceId } from '#domain/ids.ts';
import type { DecodeTask } from '#sources/decode-client.ts';
import { DecodeFailure } from '#sources/decode-failure.ts';
import { SourceError, type TraceOptions } from '#sources/trace-source.ts';
import { get, type HttpAnswer, type HttpOptions, wrongType } from './http.ts';

/** What a trace may weigh: past it the page could not hold it. */
const MAX_BYTES = 2 ** 30;
/** No reader sees more: a large trace arrives in thousands of pieces. */
const PROGRESS_MS = 100;
const PROTOBUF = 'application/protobuf';

export interface LoadOptions extends HttpOptions {
  /** Path of the Tempo API, without a trailing slash. */
  readonly root: string;
  readonly id: TraceId;
  /** Query string with the time window, '' for none. */
  readonly params: string;
  /** Tempo before 2.7 knows only version 1 of trace by id. */
  readonly tryVersion1: boolean;
  readonly onWork: () => () => void;
  readonly onProgress?: TraceOptions['onProgress'];
  /** Whether to leave `performance` entries: for opened traces, not for the many of a list. */
  readonly measured: boolean;
}

/** Sends a trace's bytes to a decode worker as they arrive and waits for what it makes of them. */
export async function loadTrace<T>(
  open: (options: Omit<DecodeOptions, 'as'>) => DecodeTask<T>,
  spansIn: (decoded: T) => number,
  options: LoadOptions,
): Promise<T> {
  const done = options.onWork();
  try {
    const decoded = await request(open, options);
    if (spansIn(decoded) === 0) throw notFound(options);
    return decoded;
  } finally {
    done();
  }
}

async function request<T>(
  open: (options: Omit<DecodeOptions, 'as'>) => DecodeTask<T>,
  options: LoadOptions,
): Promise<T> {
  const { root, id, params } = options;
  try {
    return await load(open, `${root}/api/v2/traces/${id}${params}`, 'tempo', options);
  } catch (error) {
    if (!(error instanceof SourceError) || error.kind !== 'not-found') throw error;
    if (!options.tryVersion1) throw notFound(options);
  }
  try {
    return await load(open, `${root}/api/traces/${id}${params}`, 'traces', options);
  } catch (error) {
    throw error instanceof SourceError && error.kind === 'not-found' ? notFound(options) : error;
  }
}

async function load<T>(
  open: (options: Omit<DecodeOptions, 'as'>) => DecodeTask<T>,
  path: string,
  envelope: DecodeOptions['envelope'],
  options: LoadOptions,
): Promise<T> {
  const { signal, sourceName } = options;
  const fetchStart = performance.now();
  const answer = await get(path, PROTOBUF, options);
  if (!/^application\/(x-)?protobuf\b/i.test(answer.contentType)) {
    throw wrongType(answer.contentType, 'a trace', path, sourceName, await excerpt(answer));
  }
  const { totalBytes } = answer;
  const task = open({ traceId: options.id, envelope, expectedBytes: totalBytes, maxBytes: MAX_BYTES });
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  // Nobody waits for it while the body is being read; there the reader itself rejects.
  aborted.catch(() => undefined);
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    signal.throwIfAborted();
    let bytes = 0;
    let toldAt = Number.NEGATIVE_INFINITY;
    await answer.read(chunk => {
      bytes += chunk.byteLength;
      task.push(chunk);
      if (task.failure !== undefined) throw failureOf(task.failure, path, sourceName);
      const now = performance.now();
      if (now - toldAt < PROGRESS_MS && bytes !== totalBytes) return;
      toldAt = now;
      options.onProgress?.({ bytes, totalBytes, spans: task.spans });
    });
    const fetched = performance.now();
    const decoded = await Promise.race([task.finish(), aborted]);
    if (options.measured) {
      const detail = { traceId: options.id, bytes };
      performance.measure('throughline:fetch', { start: fetchStart, end: fetched, detail });
      // Decoding begins with the first bytes; what is measured is how long it goes on after the last ones.
      performance.measure('throughline:decode', { start: fetched, end: performance.now(), detail });
    }
    return decoded;
  } catch (error) {
    task.cancel();
    throw error instanceof DecodeFailure ? failureOf(error, path, sourceName) : error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function failureOf(failure: DecodeFailure, path: string, sourceName: string): SourceError {
  const detail = `GET ${path}\nat byte ${failure.offset}: ${failure.message}`;
  const kind = failure.tooLarge ? 'too-large' : 'damaged';
  return new SourceError(kind, `The trace that ${sourceName} sent cannot be read: ${failure.message}`, detail);
}

function notFound({ sourceName, root, id }: LoadOptions): SourceError {
  return new SourceError('not-found', `${sourceName} has no trace ${id}`, `GET ${root}/api/v2/traces/${id}`);
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
