import { decodeFile } from '#decoding/file/decode-file.ts';
import { type DecodedFile, type FileProblem, MAX_PROBLEMS } from '#decoding/file/decoded-file.ts';
import { nextTurn } from '#decoding/otlp/next-turn.ts';
import { splitTraces } from '#decoding/otlp/split-traces.ts';
import { QueryRefused } from '#domain/traceql/run/refusal.ts';
import type { LoadedTrace } from '#sources/tempo/load-trace.ts';
import type { LoadRequest } from '#sources/trace-protocol.ts';
import { TraceSession } from '#sources/trace-session.ts';
import { SourceError, type TimeWindow } from '#sources/trace-source.ts';
import { FileLibrary, type LibraryTrace } from './file-library.ts';
import type { FileFindings, FileProgress, FileReply, FileRequest } from './file-protocol.ts';
import { FileQueries } from './file-queries.ts';
import { readFile } from './read-file.ts';

type Reply = (reply: FileReply, transfer: Transferable[]) => void;
type Question = Extract<FileRequest, { type: 'question' }>;

/** So long the thread answers nobody else while a file is decoded. */
const TURN_MS = 50;
const PROGRESS_MS = 100;
/** A list of files names so many traces of each. */
const LISTED_TRACES = 5;

/** The file worker's side of the protocol, apart from the worker. Files are read one after the other. */
export class FileSession {
  readonly #reply: Reply;
  readonly #library = new FileLibrary();
  readonly #queries = new FileQueries(this.#library);
  readonly #traces: TraceSession;
  readonly #opening = new Map<number, AbortController>();
  readonly #asked = new Map<number, AbortController>();
  #baggageKeys: readonly string[] = [];
  #last: Promise<void> = Promise.resolve();
  #lastAnswer: Promise<void> = Promise.resolve();

  constructor(reply: Reply) {
    this.#reply = reply;
    this.#traces = new TraceSession(reply, (request, { onProgress }) => this.#load(request, onProgress));
  }

  async handle(request: FileRequest): Promise<void> {
    switch (request.type) {
      case 'settings':
        this.#baggageKeys = request.baggageKeys;
        break;
      case 'open':
        await this.#openInTurn(request.file, request.blob);
        break;
      case 'close':
        this.#opening.get(request.file)?.abort();
        this.#library.remove(request.file);
        break;
      case 'question':
        await this.#answerInTurn(request);
        break;
      case 'drop-question':
        this.#asked.get(request.question)?.abort();
        break;
      case 'ping':
        this.#reply({ type: 'alive' }, []);
        break;
      default:
        await this.#traces.handle(request);
    }
  }

  #openInTurn(file: number, blob: Blob): Promise<void> {
    const controller = new AbortController();
    this.#opening.set(file, controller);
    const opening = this.#last.then(() => this.#open(file, blob, controller.signal));
    this.#last = opening.catch(() => undefined);
    return opening.finally(() => this.#opening.delete(file));
  }

  async #open(file: number, blob: Blob, signal: AbortSignal): Promise<void> {
    try {
      const tell = this.#progressOf(file);
      const read = await readFile(blob, {
        signal,
        onProgress: doneBytes => tell({ stage: 'reading', doneBytes, totalBytes: blob.size }),
      });
      const totalBytes = read.bytes.length;
      const decoded = await inTurns(decodeFile(read.bytes), signal, doneBytes =>
        tell({ stage: 'decoding', doneBytes: doneBytes ?? 0, totalBytes }),
      );
      const split = splitTraces(decoded.bytes);
      const added = await inTurns(this.#library.add(file, split), signal);
      const spanCount = [...split.traces.values()].reduce((sum, { spans }) => sum + spans, 0);
      const findings: FileFindings = {
        ...{ format: decoded.format, isPacked: read.isPacked, bytes: totalBytes },
        ...problemsOf(decoded, read.problem, split.withoutTraceId),
        ...{ traceCount: split.traces.size, spanCount, window: windowOf(added), traces: largest(added) },
      };
      this.#reply({ type: 'opened', file, findings }, []);
    } catch (error) {
      if (!signal.aborted) throw error;
      this.#library.remove(file);
    }
  }

  /** No reader sees more than ten a second. */
  #progressOf(file: number): (progress: FileProgress) => void {
    let toldAt = Number.NEGATIVE_INFINITY;
    return progress => {
      if (performance.now() - toldAt < PROGRESS_MS) return;
      toldAt = performance.now();
      this.#reply({ type: 'reading', file, progress }, []);
    };
  }

  /** One question at a time, and none before the messages that came with it: a trace that is opened waits for no search. */
  #answerInTurn(request: Question): Promise<void> {
    const controller = new AbortController();
    this.#asked.set(request.question, controller);
    const answering = this.#lastAnswer.then(async () => {
      await nextTurn();
      if (controller.signal.aborted) this.#asked.delete(request.question);
      else await this.#answer(request, controller);
    });
    this.#lastAnswer = answering.catch(() => undefined);
    return answering;
  }

  async #answer(request: Question, controller: AbortController): Promise<void> {
    const { question } = request;
    try {
      const options = { signal: controller.signal, baggageKeys: this.#baggageKeys };
      const answer = await this.#queries.answer(request, options);
      this.#reply({ type: 'found', question, answer }, []);
    } catch (error) {
      if (controller.signal.aborted) return;
      const failure = failureOf(error);
      if (failure === undefined) throw error;
      this.#reply({ type: 'refused', question, failure }, []);
    } finally {
      this.#asked.delete(question);
    }
  }

  /** A trace of the library as a table. */
  async #load({ traceId, sourceName }: LoadRequest, onProgress: (progress: LoadedProgress) => void) {
    const startMs = performance.timeOrigin + performance.now();
    const bytes = this.#library.trace(traceId)?.bytes.length ?? 0;
    const table = this.#library.table(traceId);
    if (table === undefined) {
      throw new SourceError('not-found', `${sourceName}: none of the opened files holds trace ${traceId}`, 'files');
    }
    onProgress({ bytes, totalBytes: bytes, spans: table.length });
    const decodedMs = performance.timeOrigin + performance.now();
    return { table, times: { startMs, fetchedMs: startMs, decodedMs, bytes } } satisfies LoadedTrace;
  }
}

interface LoadedProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly spans: number;
}

/** Runs steps to their end and lets others have the thread in between. Rejects as the signal says. */
async function inTurns<Step, T>(
  steps: Generator<Step, T>,
  signal: AbortSignal,
  onStep?: (step: Step) => void,
): Promise<T> {
  let turnEnds = performance.now() + TURN_MS;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    onStep?.(step.value);
    if (performance.now() < turnEnds) continue;
    await nextTurn();
    signal.throwIfAborted();
    turnEnds = performance.now() + TURN_MS;
  }
}

function problemsOf(
  { problems, problemCount }: DecodedFile,
  ofReading: FileProblem | undefined,
  withoutTraceId: number,
): Pick<FileFindings, 'problems' | 'problemCount'> {
  const further: FileProblem[] = ofReading === undefined ? [] : [ofReading];
  if (withoutTraceId > 0) {
    const spans = withoutTraceId === 1 ? '1 span has' : `${withoutTraceId} spans have`;
    const message = `${spans} no valid trace id (32 hex digits, not all zero) and ${withoutTraceId === 1 ? 'is' : 'are'} left out`;
    further.push({ message, offset: 0, line: undefined, column: undefined });
  }
  return {
    problems: [...further, ...problems].slice(0, MAX_PROBLEMS),
    problemCount: problemCount + further.length,
  };
}

function windowOf(traces: readonly LibraryTrace[]): TimeWindow | undefined {
  const [first] = traces;
  if (first === undefined) return undefined;
  let { startUnixNano } = first.summary;
  let { endUnixNano } = first;
  for (const trace of traces) {
    if (trace.summary.startUnixNano < startUnixNano) startUnixNano = trace.summary.startUnixNano;
    if (trace.endUnixNano > endUnixNano) endUnixNano = trace.endUnixNano;
  }
  return { startUnixNano, endUnixNano };
}

function largest(traces: readonly LibraryTrace[]): FileFindings['traces'] {
  const summaries = traces.map(({ summary }) => summary);
  return summaries.sort((a, b) => b.spanCount - a.spanCount).slice(0, LISTED_TRACES);
}

function failureOf(error: unknown) {
  if (error instanceof QueryRefused)
    return { kind: 'bad-query', message: error.message, detail: error.message } as const;
  if (error instanceof SourceError) return { kind: error.kind, message: error.message, detail: error.detail };
  return undefined;
}
