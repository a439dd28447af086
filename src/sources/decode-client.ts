import type { Answers, DecodeOptions, DecodeReply, DecodeRequest, Question } from '#decoding/decode-protocol.ts';
import type { Ribbon } from '#domain/analysis/ribbon.ts';
import type { SpanDetails } from '#domain/trace/span-details.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { unpackTable } from '#domain/trace/transfer-table.ts';
import { DecodeFailure } from './decode-failure.ts';

/** A worker, or what stands for one in tests. */
export interface DecodePort {
  send(request: DecodeRequest, transfer: Transferable[]): void;
  terminate(): void;
}

/** Starts one; `onFault` is called when it dies. */
export type StartPort = (onReply: (reply: DecodeReply) => void, onFault: (message: string) => void) => DecodePort;

/** One trace on its way through the worker. Bytes are handed over: chunks given to `push` are empty afterwards. */
export interface DecodeTask<T> {
  push(chunk: Uint8Array): void;
  /** After the last chunk. Rejects with a `DecodeFailure`. */
  finish(): Promise<T>;
  cancel(): void;
  /** Spans decoded so far. */
  readonly spans: number;
  /** Set once the worker has given up: more bytes are of no use. */
  readonly failure: DecodeFailure | undefined;
}

/**
 * The page's side of a decode worker. The worker starts on first use and again after it died. Tables stay open in it for
 * their details, until `details.release()` or until the page has let go of them.
 */
export class DecodeClient {
  readonly #start: StartPort;
  #port: DecodePort | undefined;
  #last = 0;
  readonly #tasks = new Map<number, OpenTask>();
  readonly #calls = new Map<number, Call>();
  readonly #forgotten = new FinalizationRegistry((release: () => void) => release());

  constructor(start: StartPort) {
    this.#start = start;
  }

  /** Starts the worker, if it is not there yet: starting takes longer than decoding most traces. */
  warm(): void {
    this.#port ??= this.#startPort();
  }

  table(options: Omit<DecodeOptions, 'as'>): DecodeTask<TraceTable> {
    return this.#open({ ...options, as: 'table' }) as DecodeTask<TraceTable>;
  }

  ribbon(options: Omit<DecodeOptions, 'as'>): DecodeTask<DecodedRibbon> {
    return this.#open({ ...options, as: 'ribbon' }) as DecodeTask<DecodedRibbon>;
  }

  #open(options: DecodeOptions): DecodeTask<unknown> {
    const task = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    // The failure is told where finish() is awaited; before that it only stops the reading.
    promise.catch(() => undefined);
    const open: OpenTask = { spans: 0, failure: undefined, resolve, reject };
    this.#tasks.set(task, open);
    this.#post({ type: 'open', task, ...options }, []);
    return {
      push: chunk => {
        // Only a whole buffer can be handed over; a view into a larger one is copied first.
        const bytes = chunk.byteLength === chunk.buffer.byteLength ? chunk : chunk.slice();
        if (open.failure === undefined) this.#post({ type: 'chunk', task, bytes }, [bytes.buffer as ArrayBuffer]);
      },
      finish: () => {
        if (open.failure === undefined) this.#post({ type: 'end', task }, []);
        return promise;
      },
      cancel: () => {
        if (this.#tasks.delete(task)) this.#port?.send({ type: 'release', task }, []);
      },
      get spans() {
        return open.spans;
      },
      get failure() {
        return open.failure;
      },
    };
  }

  #post(request: DecodeRequest, transfer: Transferable[]): void {
    this.warm();
    this.#port?.send(request, transfer);
  }

  #startPort(): DecodePort {
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

  #receive(port: DecodePort, reply: DecodeReply): void {
    if (reply.type === 'answer' || reply.type === 'unanswered') {
      const call = this.#calls.get(reply.call);
      this.#calls.delete(reply.call);
      if (reply.type === 'answer') call?.resolve(reply.answer);
      else call?.reject(new Error(reply.message));
      return;
    }
    const open = this.#tasks.get(reply.task);
    if (reply.type === 'progress') {
      if (open !== undefined) open.spans = reply.spans;
      return;
    }
    this.#tasks.delete(reply.task);
    if (open === undefined) {
      // Cancelled while the answer was on its way.
      if (reply.type === 'table') port.send({ type: 'release', task: reply.task }, []);
    } else if (reply.type === 'table') open.resolve(this.#adopt(port, reply));
    else if (reply.type === 'ribbon') open.resolve({ ribbon: reply.ribbon, spans: reply.spans });
    else fail(open, new DecodeFailure(reply.error, reply.tooLarge));
  }

  #adopt(port: DecodePort, { task, table }: Extract<DecodeReply, { type: 'table' }>): TraceTable {
    const release = () => port.send({ type: 'release', task }, []);
    const ask = <About extends Question['about']>(question: Question & { about: About }): Promise<Answers[About]> => {
      if (this.#port !== port) return Promise.reject(new Error('the worker that held this trace has died'));
      const call = ++this.#last;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      this.#calls.set(call, { resolve, reject });
      port.send({ type: 'ask', task, call, ...question }, []);
      return promise as Promise<Answers[About]>;
    };
    let path: Promise<Answers['path']> | undefined;
    const details: SpanDetails = {
      span: row => ask({ about: 'span', row }),
      rawJson: row => ask({ about: 'rawJson', row }),
      column: key => ask({ about: 'column', key }),
      match: text => ask({ about: 'match', text }),
      criticalPath: () => {
        path ??= ask({ about: 'path' });
        return path;
      },
      release,
    };
    this.#forgotten.register(details, release);
    return unpackTable(table, details);
  }

  #failAll(message: string): void {
    const failure = new DecodeFailure(
      { message: `the decoder stopped: ${message || 'no reason given'}`, offset: 0 },
      false,
    );
    for (const open of this.#tasks.values()) fail(open, failure);
    this.#tasks.clear();
    for (const call of this.#calls.values()) call.reject(new Error('the worker that held this trace has died'));
    this.#calls.clear();
  }
}

export interface DecodedRibbon {
  readonly ribbon: Ribbon;
  readonly spans: number;
}

interface OpenTask {
  spans: number;
  failure: DecodeFailure | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: DecodeFailure) => void;
}

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

function fail(open: OpenTask, failure: DecodeFailure): void {
  open.failure = failure;
  open.reject(failure);
}
