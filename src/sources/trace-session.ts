import type { TraceFileRequest } from '#decoding/export/file-pieces.ts';
import { nextTurn } from '#decoding/otlp/next-turn.ts';
import type { WireDetails } from '#decoding/otlp/wire-details.ts';
import { type CriticalPath, criticalPath, pathColumns } from '#domain/analysis/critical-path.ts';
import { type PreparedTrace, packPrepared, prepared } from '#domain/analysis/prepared-trace.ts';
import { ribbonOf } from '#domain/analysis/ribbon.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { packTable } from '#domain/trace/transfer-table.ts';
import { WordSearch } from '#domain/trace/word-search.ts';
import { blobOfPieces } from './blob-of-pieces.ts';
import type { LoadedTrace } from './tempo/load-trace.ts';
import type { Answers, LoadProgress, LoadRequest, Question, TraceReply, TraceRequest } from './trace-protocol.ts';
import { SourceError } from './trace-source.ts';

type Reply = (reply: TraceReply, transfer: Transferable[]) => void;

/** Gets a trace from where it is. Rejects with a `SourceError`, or as the signal says. */
export type LoadTrace = (
  request: LoadRequest,
  tools: { readonly signal: AbortSignal; readonly onProgress: (progress: LoadProgress) => void },
) => Promise<LoadedTrace>;

/** Ends early once `isWanted` says no. */
export type WarmUp = (isWanted: () => boolean) => Promise<void>;

/** The worker's side of the protocol, apart from the worker: what it holds is loads under way and open tables. */
export class TraceSession {
  readonly #reply: Reply;
  readonly #loadTrace: LoadTrace;
  readonly #loads = new Map<number, AbortController>();
  readonly #open = new Map<number, OpenTrace>();
  /** Files that are being made. */
  readonly #files = new Set<number>();
  readonly #warmUp: WarmUp | undefined;
  #hasRead = false;

  /** `warmUp`: what there is to do ahead of the first trace, as long as nobody asks for one. */
  constructor(reply: Reply, loadTrace: LoadTrace, warmUp?: WarmUp) {
    this.#reply = reply;
    this.#loadTrace = loadTrace;
    this.#warmUp = warmUp;
  }

  /** Whether no trace has been read yet, nor is being read. */
  #isUntried(): boolean {
    return !this.#hasRead && this.#loads.size === 0;
  }

  async handle(request: TraceRequest): Promise<void> {
    switch (request.type) {
      case 'warm-up':
        if (this.#isUntried()) await this.#warmUp?.(() => this.#isUntried());
        break;
      case 'load':
        await this.#load(request.task, request);
        break;
      case 'ask':
        await this.#ask(request.task, request.call, request);
        break;
      case 'stop':
        this.#files.delete(request.call);
        break;
      case 'release':
        this.#loads.get(request.task)?.abort();
        this.#open.get(request.task)?.details.release();
        this.#open.delete(request.task);
        break;
    }
  }

  async #load(task: number, request: LoadRequest): Promise<void> {
    const controller = new AbortController();
    this.#loads.set(task, controller);
    try {
      const loaded = await this.#loadTrace(request, {
        signal: controller.signal,
        onProgress: progress => this.#reply({ type: 'progress', task, progress }, []),
      });
      this.#hasRead = true;
      if (request.as === 'ribbon') this.#giveRibbon(task, loaded);
      else this.#giveTable(task, loaded);
    } catch (error) {
      if (controller.signal.aborted) return;
      if (!(error instanceof SourceError)) throw error;
      const { kind, message, detail } = error;
      this.#reply({ type: 'failed', task, failure: { kind, message, detail } }, []);
    } finally {
      this.#loads.delete(task);
    }
  }

  #giveRibbon(task: number, { table }: LoadedTrace): void {
    const ribbon = ribbonOf(table);
    this.#reply({ type: 'ribbon', task, ribbon }, [
      ribbon.service.buffer,
      ribbon.lengthNs.buffer,
      ribbon.errorNs.buffer,
    ] as ArrayBuffer[]);
  }

  #giveTable(task: number, { table, times }: LoadedTrace): void {
    const details = table.details as WireDetails;
    const known = prepared(table);
    const path = pathOf(table, known);
    const first = packPrepared(known);
    const { message, transfer } = packTable(table);
    this.#open.set(task, { details, path, words: new WordSearch(message.strings, table.resources), latest: {} });
    const preparedMs = performance.timeOrigin + performance.now();
    this.#reply({ type: 'table', task, table: message, prepared: first.message, times: { ...times, preparedMs } }, [
      ...transfer,
      ...first.transfer,
    ]);
    // Made before the first search asks for it, but after the first bars; who closes the trace meanwhile ends it.
    setTimeout(() => details.index().catch(() => undefined), FIRST_BARS_MS);
  }

  async #ask(task: number, call: number, question: Question): Promise<void> {
    const open = this.#open.get(task);
    const refuse = (message: string): void => this.#reply({ type: 'unanswered', call, message }, []);
    if (open === undefined) return refuse('the details of this trace were released');
    try {
      if (isSearch(question) && !(await isLatest(open, question.about, call))) {
        return refuse('another text is looked for by now');
      }
      const answer =
        question.about === 'file'
          ? await this.#writeFile(open, task, call, question.request)
          : await answerTo(open, question);
      this.#reply({ type: 'answer', call, answer }, buffersOf(question.about, answer));
    } catch (fault) {
      // Given up, or larger than what the browser can keep: no fault of what is held.
      if (question.about === 'file') return refuse(fault instanceof Error ? fault.message : String(fault));
      if (this.#open.get(task) === open) throw fault;
      refuse('the details of this trace were released');
    }
  }

  /** Rejects when the call was given up or its trace released. */
  async #writeFile(open: OpenTrace, task: number, call: number, request: TraceFileRequest): Promise<Blob> {
    this.#files.add(call);
    let toldAt = Number.NEGATIVE_INFINITY;
    try {
      return await blobOfPieces(open.details.file(request), request.format, async spans => {
        if (performance.now() - toldAt >= WRITTEN_MS) {
          toldAt = performance.now();
          this.#reply({ type: 'written', call, spans }, []);
        }
        await nextTurn();
        if (this.#open.get(task) !== open) throw new Error('the details of this trace were released');
        if (!this.#files.has(call)) throw new Error('the file was given up');
      });
    } finally {
      this.#files.delete(call);
    }
  }
}

/** Within this the page has drawn what it was given, on machines of few processors, too. */
const FIRST_BARS_MS = 200;
/** No reader sees more. */
const WRITTEN_MS = 100;

interface OpenTrace {
  readonly details: WireDetails;
  /** Gives the critical path, until it has been asked for. */
  path: (() => CriticalPath) | undefined;
  readonly words: WordSearch;
  /** Call of the latest search of each kind. */
  readonly latest: Partial<Record<SearchOf, number>>;
}

/**
 * The critical path of a table that is about to be handed over. In most traces it costs less than a copy of what it is made
 * of; where many spans lie side by side they have to be sorted, and the first bars do not wait for that.
 */
function pathOf(table: TraceTable, { largeWork }: PreparedTrace): () => CriticalPath {
  if (largeWork.length === 0) {
    const path = criticalPath(table);
    return () => path;
  }
  const columns = pathColumns(table);
  return () => criticalPath(columns);
}

type SearchOf = 'match' | 'words';

function isSearch(question: Question): question is Question & { readonly about: SearchOf } {
  return question.about === 'match' || question.about === 'words';
}

/** Who types is answered for the last letter only: searches that wait are given up for later ones. */
async function isLatest({ latest, details }: OpenTrace, about: SearchOf, call: number): Promise<boolean> {
  latest[about] = call;
  await details.turn();
  return latest[about] === call;
}

function answerTo(
  open: OpenTrace,
  question: Exclude<Question, { about: 'file' }>,
): Answers[Question['about']] | Promise<Answers[Question['about']]> {
  switch (question.about) {
    case 'span':
      return open.details.span(question.row);
    case 'rawJson':
      return open.details.rawJson(question.row);
    case 'otlp':
      return open.details.otlp();
    case 'column':
      return open.details.column(question.key);
    case 'match':
      return open.details.match(question.terms);
    case 'words':
      return question.terms.map(term => open.words.hits(term));
    case 'path': {
      if (question.columns !== undefined) return criticalPath(question.columns);
      if (open.path === undefined) throw new Error('the critical path of this trace was given away');
      const path = open.path();
      open.path = undefined;
      return path;
    }
  }
}

function buffersOf(about: Question['about'], answer: Answers[Question['about']]): ArrayBuffer[] {
  if (about === 'otlp') return [(answer as Answers['otlp']).buffer as ArrayBuffer];
  if (about === 'column') return [(answer as Answers['column']).index.buffer as ArrayBuffer];
  if (about === 'match') return (answer as Answers['match']).map(mask => mask.buffer as ArrayBuffer);
  if (about === 'words') {
    const masks = (answer as Answers['words']).flatMap(({ strings, resources }) => [strings, resources]);
    return masks.filter(mask => mask !== undefined).map(mask => mask.buffer as ArrayBuffer);
  }
  if (about !== 'path') return [];
  const { row, fromNs, toNs } = answer as Answers['path'];
  return [row.buffer, fromNs.buffer, toNs.buffer] as ArrayBuffer[];
}
