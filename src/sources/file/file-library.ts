import { decodeTrace } from '#decoding/otlp/decode-trace.ts';
import type { SplitTraces, TracePart } from '#decoding/otlp/split-traces.ts';
import type { TraceId } from '#domain/ids.ts';
import { summaryOfTable } from '#domain/search/summary-of-table.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { TimeWindow } from '#sources/trace-source.ts';

/** A trace of one or more of the opened files. */
export interface LibraryTrace {
  readonly summary: TraceSummary;
  readonly endUnixNano: bigint;
  /** A TracesData message of all its spans, from all files; put together when first asked for. */
  readonly bytes: Uint8Array;
}

/** The traces of all opened files, as OTLP bytes and summaries. A trace whose spans lie in several files is one. */
export class FileLibrary {
  readonly #files = new Map<number, ReadonlyMap<TraceId, TracePart>>();
  readonly #traces = new Map<TraceId, LibraryTrace>();
  #newestFirst: readonly LibraryTrace[] | undefined;

  /** Takes the traces of a file; yields between them. */
  *add(file: number, { traces }: SplitTraces): Generator<undefined, readonly LibraryTrace[]> {
    this.#files.set(file, traces);
    const added: LibraryTrace[] = [];
    for (const id of traces.keys()) {
      const trace = this.#join(id);
      if (trace !== undefined) added.push(trace);
      yield;
    }
    return added;
  }

  remove(file: number): void {
    const parts = this.#files.get(file);
    this.#files.delete(file);
    for (const id of parts?.keys() ?? []) this.#join(id);
  }

  trace(id: TraceId): LibraryTrace | undefined {
    return this.#traces.get(id);
  }

  table(id: TraceId): TraceTable | undefined {
    const trace = this.#traces.get(id);
    return trace === undefined ? undefined : tableOf(id, trace.bytes);
  }

  /** The traces of one file: of each only what that file holds. */
  partsOf(file: number): readonly TracePart[] {
    return [...(this.#files.get(file)?.values() ?? [])];
  }

  /** Traces that overlap a window, newest first. */
  within({ startUnixNano, endUnixNano }: TimeWindow): readonly LibraryTrace[] {
    this.#newestFirst ??= [...this.#traces.values()].sort(byNewest);
    return this.#newestFirst.filter(
      trace => trace.summary.startUnixNano <= endUnixNano && trace.endUnixNano >= startUnixNano,
    );
  }

  #join(id: TraceId): LibraryTrace | undefined {
    this.#newestFirst = undefined;
    const parts = [...this.#files.values()].flatMap(traces => traces.get(id) ?? []);
    const [first] = parts;
    if (first === undefined) {
      this.#traces.delete(id);
      return undefined;
    }
    const whole = parts.length === 1 ? first : { bytes: joined(parts.map(({ bytes }) => bytes)), summary: undefined };
    const trace = new Trace(id, whole);
    this.#traces.set(id, trace);
    return trace;
  }
}

class Trace implements LibraryTrace {
  readonly summary: TraceSummary;
  readonly endUnixNano: bigint;
  readonly #part: Pick<TracePart, 'bytes' | 'summary'>;

  constructor(id: TraceId, part: Pick<TracePart, 'bytes' | 'summary'>) {
    this.#part = part;
    this.summary = part.summary ?? summaryOfTable(tableOf(id, part.bytes));
    this.endUnixNano = this.summary.startUnixNano + BigInt(Math.ceil(this.summary.durationNs));
  }

  get bytes(): Uint8Array {
    return this.#part.bytes;
  }
}

function tableOf(id: TraceId, bytes: Uint8Array): TraceTable {
  const decoded = decodeTrace(id, bytes);
  // What could not be read has been left out by now.
  if (!decoded.ok) throw new Error(`at byte ${decoded.error.offset}: ${decoded.error.message}`);
  return decoded.value;
}

/** Fields of a message may stand in any number of pieces. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function byNewest({ summary: a }: LibraryTrace, { summary: b }: LibraryTrace): number {
  if (a.startUnixNano !== b.startUnixNano) return a.startUnixNano < b.startUnixNano ? 1 : -1;
  return a.traceId < b.traceId ? 1 : -1;
}
