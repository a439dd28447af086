import { TraceClient } from '#sources/trace-client.ts';
import type { TraceReply } from '#sources/trace-protocol.ts';
import { SourceError } from '#sources/trace-source.ts';
import type {
  FileAnswers,
  FileFindings,
  FileProgress,
  FileQuestion,
  FileQuestions,
  FileReply,
  FileRequest,
} from './file-protocol.ts';
import { SilenceWatch } from './silence-watch.ts';

/** A file worker, or what stands for one in tests. */
export interface FilePort {
  send(request: FileRequest, transfer?: Transferable[]): void;
  terminate(): void;
}

/** Starts one; `onFault` is called when it dies. */
export type StartFilePort = (onReply: (reply: FileReply) => void, onFault: (message: string) => void) => FilePort;

/** A file of the list: one that waits, that is being read (`progress`), that was read (`findings`), or that failed. */
export interface OpenedFile {
  readonly id: number;
  readonly name: string;
  /** As it lies on the disk. */
  readonly bytes: number;
  readonly progress: FileProgress | undefined;
  readonly findings: FileFindings | undefined;
  /** Why it is lost: the reader stopped. */
  readonly failure: string | undefined;
}

/**
 * The page's side of the file worker: the list of files, and questions over the traces in them. The worker starts with the
 * first file and stops with the last. Files are given over as they are: no byte of them passes through the page's thread,
 * and none leaves the browser. A worker that is caught in a question, as some regular expressions have no end, is replaced
 * by another that reads the files again.
 */
export class FileClient {
  /** Single traces, as from any trace worker. */
  readonly traces: TraceClient;
  readonly #start: StartFilePort;
  readonly #baggageKeys: readonly string[];
  readonly #questions = new Map<number, Asked>();
  readonly #watchers = new Set<() => void>();
  /** What was opened, by the id of its file. */
  readonly #blobs = new Map<number, Blob>();
  readonly #silence = new SilenceWatch({
    isAwaited: () => this.#questions.size > 0,
    ping: () => this.#port?.send({ type: 'ping' }),
    onSilence: () => this.#startAnew(),
  });
  /** While the files are read again. */
  #rereading: Promise<unknown> | undefined;
  #port: FilePort | undefined;
  #onTraceReply: (reply: TraceReply) => void = () => undefined;
  #onTraceFault: (message: string) => void = () => undefined;
  #files: readonly OpenedFile[] = [];
  #last = 0;

  constructor(start: StartFilePort, baggageKeys: readonly string[]) {
    this.#start = start;
    this.#baggageKeys = baggageKeys;
    this.traces = new TraceClient((onReply, onFault) => {
      this.#onTraceReply = onReply;
      this.#onTraceFault = onFault;
      return {
        send: (request, transfer) => this.#running().send(request, transfer),
        terminate: () => undefined,
      };
    });
  }

  /** In the order in which they were opened; another list after every change. */
  get files(): readonly OpenedFile[] {
    return this.#files;
  }

  /** Calls back after every change of the list, until the returned function is called. */
  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  }

  /** Adds files to the list and has them read; returns their ids. */
  open(files: readonly { readonly name: string; readonly blob: Blob }[]): readonly number[] {
    const added = files.map(({ name, blob }) => ({
      ...{ id: ++this.#last, name, bytes: blob.size, blob },
      ...{ progress: undefined, findings: undefined, failure: undefined },
    }));
    for (const { id, blob } of added) {
      this.#blobs.set(id, blob);
      this.#running().send({ type: 'open', file: id, blob });
    }
    this.#change([...this.#files, ...added.map(({ blob: _, ...file }) => file)]);
    return added.map(({ id }) => id);
  }

  /** Takes a file off the list, with the traces that are in no other; a file that is being read is given up. */
  close(id: number): void {
    this.#port?.send({ type: 'close', file: id });
    this.#blobs.delete(id);
    this.#change(this.#files.filter(file => file.id !== id));
    if (this.#files.length === 0) this.#stop(new SourceError('damaged', 'the files were closed', 'files'));
  }

  /** Resolves when each of the files has been read, was lost or was closed, with those that are still there. */
  whenRead(ids: readonly number[]): Promise<readonly OpenedFile[]> {
    const own = () => this.#files.filter(({ id }) => ids.includes(id));
    const isRead = () => own().every(({ findings, failure }) => findings !== undefined || failure !== undefined);
    return new Promise(resolve => {
      if (isRead()) return resolve(own());
      const stop = this.watch(() => {
        if (!isRead()) return;
        stop();
        resolve(own());
      });
    });
  }

  /** Asks over all traces. Rejects with a `SourceError` or, when aborted, with the signal's reason. */
  async ask<About extends keyof FileQuestions>(
    about: About,
    args: FileQuestions[About],
    signal: AbortSignal,
  ): Promise<FileAnswers[About]> {
    await this.#rereading;
    signal.throwIfAborted();
    const question = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#questions.set(question, { resolve, reject });
    const abort = (): void => {
      if (this.#questions.delete(question)) this.#port?.send({ type: 'drop-question', question });
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort);
    this.#running().send({ type: 'question', question, ...({ about, args } as FileQuestion) });
    this.#silence.begin();
    try {
      return (await promise) as FileAnswers[About];
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #running(): FilePort {
    if (this.#port !== undefined) return this.#port;
    const port = this.#start(
      reply => {
        if (this.#port === port) this.#receive(reply);
      },
      message => {
        if (this.#port !== port) return;
        const failure = `The reader of files stopped${message === '' ? '' : `: ${message}`}. Open the file again.`;
        this.#stop(new SourceError('damaged', failure, 'files'));
        this.#change(this.#files.map(file => ({ ...file, progress: undefined, findings: undefined, failure })));
      },
    );
    this.#port = port;
    port.send({ type: 'settings', baggageKeys: this.#baggageKeys });
    return port;
  }

  #stop(why: SourceError): void {
    this.#silence.end();
    this.#port?.terminate();
    this.#port = undefined;
    this.#onTraceFault(why.message);
    for (const { reject } of this.#questions.values()) reject(why);
    this.#questions.clear();
  }

  #startAnew(): void {
    const why = 'A question over the files does not end: a regular expression may take for ever on these texts';
    this.#stop(new SourceError('bad-query', why, 'The files are read again.'));
    const again = this.#files.filter(({ failure }) => failure === undefined).map(({ id }) => id);
    for (const id of again) this.#running().send({ type: 'open', file: id, blob: this.#blobs.get(id)! });
    const unread = { progress: undefined, findings: undefined };
    this.#change(this.#files.map(file => (again.includes(file.id) ? { ...file, ...unread } : file)));
    this.#rereading = this.whenRead(again).then(() => {
      this.#rereading = undefined;
    });
  }

  #receive(reply: FileReply): void {
    this.#take(reply);
    this.#silence.heard();
  }

  #take(reply: FileReply): void {
    switch (reply.type) {
      case 'alive':
        break;
      case 'reading':
        this.#update(reply.file, { progress: reply.progress });
        break;
      case 'opened':
        this.#update(reply.file, { progress: undefined, findings: reply.findings });
        break;
      case 'found':
        this.#questions.get(reply.question)?.resolve(reply.answer);
        this.#questions.delete(reply.question);
        break;
      case 'refused': {
        const { kind, message, detail } = reply.failure;
        this.#questions.get(reply.question)?.reject(new SourceError(kind, message, detail));
        this.#questions.delete(reply.question);
        break;
      }
      default:
        this.#onTraceReply(reply);
    }
  }

  #update(id: number, change: Partial<OpenedFile>): void {
    this.#change(this.#files.map(file => (file.id === id ? { ...file, ...change } : file)));
  }

  #change(files: readonly OpenedFile[]): void {
    this.#files = files;
    for (const onChange of this.#watchers) onChange();
  }
}

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}
