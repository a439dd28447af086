import { ribbonOf } from '#domain/analysis/ribbon.ts';
import { TraceBuilder } from '#domain/trace/trace-builder.ts';
import { packTable } from '#domain/trace/transfer-table.ts';
import type { Answers, DecodeOptions, DecodeReply, DecodeRequest, Question } from './decode-protocol.ts';
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
        break;
    }
  }

  #chunk(task: number, bytes: Uint8Array): void {
    const incoming = this.#incoming.get(task);
    if (incoming === undefined) return;
    const pushed = incoming.scanner.push(bytes);
    if (pushed.ok) this.#reply({ type: 'progress', task, spans: incoming.scanner.spans }, []);
    else this.#fail(task, pushed.error, incoming.scanner.bytes + bytes.length > incoming.options.maxBytes);
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
    this.#details.set(task, table.details as WireDetails);
    const { message, transfer } = packTable(table);
    this.#reply({ type: 'table', task, table: message }, transfer);
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
    const answer = await answerTo(details, question);
    const transfer = question.about === 'column' ? [(answer as Answers['column']).index.buffer as ArrayBuffer] : [];
    this.#reply({ type: 'answer', call, answer }, transfer);
  }
}

interface Incoming {
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
  return { options, builder, scanner };
}

function answerTo(details: WireDetails, question: Question): Promise<Answers[Question['about']]> {
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
