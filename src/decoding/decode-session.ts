import { type CriticalPath, criticalPath, type PathColumns, pathColumns } from '#domain/analysis/critical-path.ts';
import { ribbonOf } from '#domain/analysis/ribbon.ts';
import { TraceBuilder } from '#domain/trace/trace-builder.ts';
import { packTable } from '#domain/trace/transfer-table.ts';
import type { Answers, DecodeOptions, DecodeReply, DecodeRequest, Question } from './decode-protocol.ts';
import { nextTurn } from './otlp/next-turn.ts';
import { otlpReader } from './otlp/otlp-reader.ts';
import type { DecodeError } from './otlp/protobuf-reader.ts';
import { TraceScanner } from './otlp/trace-scanner.ts';
import { WireDetails } from './otlp/wire-details.ts';

type Reply = (reply: DecodeReply, transfer: Transferable[]) => void;

/** The worker's side of the protocol, apart from the worker: what it holds is traces on their way in and open tables. */
export class DecodeSession {
  readonly #reply: Reply;
  readonly #incoming = new Map<number, Incoming>();
  readonly #details = new Map<number, WireDetails>();
  /** What the critical paths that nobody has asked for yet are made of. */
  readonly #paths = new Map<number, PathColumns>();
  /** The latest search in each open table. */
  readonly #searches = new Map<number, number>();

  constructor(reply: Reply) {
    this.#reply = reply;
  }

  async handle(request: DecodeRequest): Promise<void> {
    switch (request.type) {
      case 'open':
        this.#incoming.set(request.task, open(request));
        break;
      case 'chunk':
        this.#chunk(request.task, request.bytes);
        break;
      case 'end':
        this.#end(request.task);
        break;
      case 'ask':
        await this.#ask(request.task, request.call, request);
        break;
      case 'release':
        this.#incoming.delete(request.task);
        this.#details.get(request.task)?.release();
        this.#details.delete(request.task);
        this.#searches.delete(request.task);
        this.#paths.delete(request.task);
        break;
    }
  }

  #chunk(task: number, bytes: Uint8Array): void {
    const incoming = this.#incoming.get(task);
    if (incoming === undefined) return;
    const pushed = incoming.scanner.push(bytes);
    if (pushed.ok) {
      if (incoming.scanner.bytes - incoming.toldBytes < PROGRESS_BYTES) return;
      incoming.toldBytes = incoming.scanner.bytes;
      this.#reply({ type: 'progress', task, spans: incoming.scanner.spans }, []);
    } else this.#fail(task, pushed.error, incoming.scanner.bytes + bytes.length > incoming.options.maxBytes);
  }

  #end(task: number): void {
    const incoming = this.#incoming.get(task);
    if (incoming === undefined) return;
    this.#incoming.delete(task);
    const scanned = incoming.scanner.finish();
    if (!scanned.ok) {
      this.#fail(task, scanned.error, false);
      return;
    }
    const table = incoming.builder.finish(wire => new WireDetails(wire), scanned.value.partial);
    if (incoming.options.as === 'ribbon') {
      const ribbon = ribbonOf(table);
      const transfer = [ribbon.service.buffer, ribbon.lengthNs.buffer, ribbon.errorNs.buffer] as ArrayBuffer[];
      this.#reply({ type: 'ribbon', task, spans: table.length, ribbon }, transfer);
      return;
    }
    const details = table.details as WireDetails;
    this.#details.set(task, details);
    this.#paths.set(task, pathColumns(table));
    const { message, transfer } = packTable(table);
    this.#reply({ type: 'table', task, table: message }, transfer);
    // Made before the first search asks for it; who closes the trace meanwhile ends it.
    details.index().catch(() => undefined);
  }

  #fail(task: number, error: DecodeError, tooLarge: boolean): void {
    this.#incoming.delete(task);
    this.#reply({ type: 'failed', task, error, tooLarge }, []);
  }

  async #ask(task: number, call: number, question: Question): Promise<void> {
    const details = this.#details.get(task);
    if (details === undefined) {
      this.#reply({ type: 'unanswered', call, message: 'the details of this trace were released' }, []);
      return;
    }
    try {
      if (question.about === 'match' && !(await this.#isLatest(task, call, details))) {
        this.#reply({ type: 'unanswered', call, message: 'another text is looked for by now' }, []);
        return;
      }
      const answer = question.about === 'path' ? this.#pathOf(task) : await answerTo(details, question);
      this.#reply({ type: 'answer', call, answer }, buffersOf(question.about, answer));
    } catch (fault) {
      if (this.#details.get(task) === details) throw fault;
      this.#reply({ type: 'unanswered', call, message: 'the details of this trace were released' }, []);
    }
  }

  #pathOf(task: number): CriticalPath {
    const columns = this.#paths.get(task);
    if (columns === undefined) throw new Error('the critical path of this trace was given away');
    this.#paths.delete(task);
    return criticalPath(columns);
  }

  /** Who types is answered for the last letter only: searches that wait are given up for later ones. */
  async #isLatest(task: number, call: number, details: WireDetails): Promise<boolean> {
    this.#searches.set(task, call);
    await details.index();
    await nextTurn();
    return this.#searches.get(task) === call;
  }
}

function buffersOf(about: Question['about'], answer: Answers[Question['about']]): ArrayBuffer[] {
  if (about === 'column') return [(answer as Answers['column']).index.buffer as ArrayBuffer];
  if (about === 'match') return [(answer as Answers['match']).buffer as ArrayBuffer];
  if (about !== 'path') return [];
  const { row, fromNs, toNs } = answer as Answers['path'];
  return [row.buffer, fromNs.buffer, toNs.buffer] as ArrayBuffer[];
}

/** How much is read between two reports of progress. */
const PROGRESS_BYTES = 1024 * 1024;

interface Incoming {
  toldBytes: number;
  readonly options: DecodeOptions;
  readonly builder: TraceBuilder;
  readonly scanner: TraceScanner;
}

function open(options: DecodeOptions): Incoming {
  const builder = new TraceBuilder(options.traceId, otlpReader);
  const { envelope, maxBytes, expectedBytes } = options;
  const scanner = new TraceScanner(builder, {
    envelope,
    maxBytes,
    ...(expectedBytes !== undefined && { expectedBytes }),
  });
  return { toldBytes: 0, options, builder, scanner };
}

function answerTo(
  details: WireDetails,
  question: Exclude<Question, { about: 'path' }>,
): Promise<Answers[Question['about']]> {
  switch (question.about) {
    case 'span':
      return details.span(question.row);
    case 'rawJson':
      return details.rawJson(question.row);
    case 'column':
      return details.column(question.key);
    case 'match':
      return details.match(question.text);
  }
}
