import { unpackPrepared } from '#domain/analysis/prepared-trace.ts';
import type { Ribbon } from '#domain/analysis/ribbon.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { unpackTable } from '#domain/trace/transfer-table.ts';
import type { FileDetails, TraceFileOptions } from './trace-file.ts';
import type {
  Answers,
  LoadProgress,
  LoadRequest,
  LoadTimes,
  Question,
  TraceReply,
  TraceRequest,
} from './trace-protocol.ts';
import { SourceError } from './trace-source.ts';

/** A worker, or what stands for one in tests. */
export interface TracePort {
  send(request: TraceRequest, transfer?: Transferable[]): void;
  terminate(): void;
}

/** Starts one; `onFault` is called when it dies. */
export type StartPort = (onReply: (reply: TraceReply) => void, onFault: (message: string) => void) => TracePort;

export interface LoadOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/**
 * The page's side of a trace worker, which fetches, decodes and prepares traces. The worker starts on first use and again
 * after it died. Tables stay open in it for their details, until `details.release()` or until the page has let go of them.
 */
export class TraceClient {
  readonly #start: StartPort;
  #port: TracePort | undefined;
  #warmed: TracePort | undefined;
  #last = 0;
  readonly #loads = new Map<number, Load>();
  readonly #calls = new Map<number, Call>();
  readonly #forgotten = new FinalizationRegistry((release: () => void) => release());

  constructor(start: StartPort) {
    this.#start = start;
  }

  /** Starts the worker, if it is not there yet: starting takes longer than reading most traces. */
  warm(): void {
    this.#port ??= this.#startPort();
  }

  /** Starts it and has it read a made-up trace, once: what it reads then for the first time meets compiled code. */
  warmUp(): void {
    this.warm();
    if (this.#warmed === this.#port) return;
    this.#warmed = this.#port;
    this.#port?.send({ type: 'warm-up' });
  }

  /** The whole trace. Rejects with a `SourceError` or, when aborted, with the signal's reason. */
  table(request: Omit<LoadRequest, 'as'>, options: LoadOptions): Promise<TraceTable> {
    return this.#load({ ...request, as: 'table' }, options) as Promise<TraceTable>;
  }

  ribbon(request: Omit<LoadRequest, 'as'>, options: LoadOptions): Promise<Ribbon> {
    return this.#load({ ...request, as: 'ribbon' }, options) as Promise<Ribbon>;
  }

  async #load(request: LoadRequest, { signal, onProgress }: LoadOptions): Promise<unknown> {
    signal.throwIfAborted();
    const task = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#loads.set(task, { request, onProgress, resolve, reject });
    const abort = (): void => {
      if (this.#loads.delete(task)) this.#port?.send({ type: 'release', task });
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort);
    this.warm();
    this.#port?.send({ type: 'load', task, ...request });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #startPort(): TracePort {
    const port = this.#start(
      reply => this.#receive(port, reply),
      message => {
        port.terminate();
        if (this.#port === port) this.#port = undefined;
        this.#failAll(message);
      },
    );
    return port;
  }

  #receive(port: TracePort, reply: TraceReply): void {
    if (reply.type === 'answer' || reply.type === 'unanswered') {
      const call = this.#calls.get(reply.call);
      this.#calls.delete(reply.call);
      if (reply.type === 'answer') call?.resolve(reply.answer);
      else call?.reject(new Error(reply.message));
      return;
    }
    if (reply.type === 'written') {
      this.#calls.get(reply.call)?.onWritten?.(reply.spans);
      return;
    }
    const load = this.#loads.get(reply.task);
    if (reply.type === 'progress') {
      load?.onProgress?.(reply.progress);
      return;
    }
    this.#loads.delete(reply.task);
    if (load === undefined) {
      // Cancelled while the answer was on its way.
      if (reply.type === 'table') port.send({ type: 'release', task: reply.task });
    } else if (reply.type === 'table') load.resolve(this.#adopt(port, reply));
    else if (reply.type === 'ribbon') load.resolve(reply.ribbon);
    else load.reject(new SourceError(reply.failure.kind, reply.failure.message, reply.failure.detail));
  }

  #adopt(
    port: TracePort,
    { task, table: message, prepared, times }: Extract<TraceReply, { type: 'table' }>,
  ): TraceTable {
    const table = unpackTable(message, this.#details(port, task));
    unpackPrepared(table, prepared);
    leaveMeasures(table, times);
    return table;
  }

  #details(port: TracePort, task: number): FileDetails {
    const release = () => port.send({ type: 'release', task });
    const ask = <About extends Question['about']>(
      question: Question & { about: About },
      options?: TraceFileOptions,
      transfer: Transferable[] = [],
    ): Promise<Answers[About]> => {
      if (this.#port !== port) return Promise.reject(new Error('the worker that held this trace has died'));
      const call = ++this.#last;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      this.#calls.set(call, { resolve, reject, onWritten: options?.onProgress });
      port.send({ type: 'ask', task, call, ...question }, transfer);
      options?.signal.addEventListener('abort', () => {
        if (this.#calls.delete(call)) port.send({ type: 'stop', call });
        reject(options.signal.reason);
      });
      return promise as Promise<Answers[About]>;
    };
    let path: Promise<Answers['path']> | undefined;
    const details: FileDetails = {
      span: row => ask({ about: 'span', row }),
      rawJson: row => ask({ about: 'rawJson', row }),
      otlp: () => ask({ about: 'otlp' }),
      file: async (request, options) => {
        options.signal.throwIfAborted();
        return ask({ about: 'file', request }, options);
      },
      column: key => ask({ about: 'column', key }),
      match: terms => ask({ about: 'match', terms }),
      words: terms => ask({ about: 'words', terms }),
      criticalPath: columns => {
        if (columns !== undefined) return ask({ about: 'path', columns }, undefined, buffersOf(columns));
        path ??= ask({ about: 'path' });
        return path;
      },
      release,
    };
    this.#forgotten.register(details, release);
    return details;
  }

  #failAll(message: string): void {
    const why = `the worker stopped: ${message || 'no reason given'}`;
    for (const { request, reject } of this.#loads.values()) {
      const { sourceName, tempo, traceId } = request;
      const detail = tempo === undefined ? why : `GET ${tempo.root}/api/v2/traces/${traceId}\n${why}`;
      reject(new SourceError('damaged', `The trace that ${sourceName} sent cannot be read: ${why}`, detail));
    }
    this.#loads.clear();
    for (const call of this.#calls.values()) call.reject(new Error('the worker that held this trace has died'));
    this.#calls.clear();
  }
}

function buffersOf(columns: object): Transferable[] {
  return Object.values(columns)
    .filter(ArrayBuffer.isView)
    .map(({ buffer }) => buffer as ArrayBuffer);
}

/** For the bench and for who looks into the browser's timeline. */
function leaveMeasures({ traceId }: TraceTable, { startMs, fetchedMs, decodedMs, preparedMs, bytes }: LoadTimes): void {
  const detail = { traceId, bytes };
  const at = (unixMs: number): number => Math.max(0, unixMs - performance.timeOrigin);
  performance.measure('throughline:fetch', { start: at(startMs), end: at(fetchedMs), detail });
  // Decoding begins with the first bytes; what is measured is how long it goes on after the last ones.
  performance.measure('throughline:decode', { start: at(fetchedMs), end: at(decodedMs), detail });
  performance.measure('throughline:prepare', { start: at(decodedMs), end: at(preparedMs), detail });
}

interface Load {
  readonly request: LoadRequest;
  readonly onProgress: LoadOptions['onProgress'];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Call {
  readonly onWritten: TraceFileOptions['onProgress'] | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}
