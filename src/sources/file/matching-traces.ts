import { nextTurn } from '#decoding/otlp/next-turn.ts';
import { readTraceData } from '#decoding/otlp/query-spans.ts';
import type { Query } from '#domain/traceql/ast.ts';
import { compilePipeline, filtersOfStages } from '#domain/traceql/run/pipeline.ts';
import { QueryRefused, unsupported } from '#domain/traceql/run/refusal.ts';
import type { SpanData } from '#domain/traceql/run/trace-data.ts';
import { traceqlErrorText } from '#domain/traceql/traceql-error.ts';
import { readQuery } from '#domain/traceql/validate.ts';
import type { TimeWindow } from '#sources/trace-source.ts';
import type { FileLibrary, LibraryTrace } from './file-library.ts';
import { browserRegexes } from './regex-tests.ts';

/** What queries run over. */
export interface QueryScope {
  readonly library: FileLibrary;
  readonly baggageKeys: readonly string[];
  readonly signal: AbortSignal;
}

export interface MatchingTrace {
  readonly trace: LibraryTrace;
  /** Distinct, by start. */
  readonly spans: readonly SpanData[];
}

/** So long the thread answers nobody else. */
const TURN_MS = 50;
/** Reading so many takes a turn by itself. */
const LARGE_SPANS = 10_000;

/**
 * The traces of a window that a query matches, newest first, with the spans that match. Rejects with `QueryRefused`, or as
 * the signal says.
 */
export async function* matchingTraces(scope: QueryScope, query: string, window: TimeWindow) {
  const { library, baggageKeys, signal } = scope;
  const test = compile(query);
  let turnEnds = performance.now() + TURN_MS;
  const turn = async (spans: number): Promise<void> => {
    if (performance.now() > turnEnds || spans > LARGE_SPANS) {
      await nextTurn();
      turnEnds = performance.now() + TURN_MS;
    }
    signal.throwIfAborted();
  };
  for (const trace of library.within(window)) {
    const { traceId, spanCount } = trace.summary;
    await turn(spanCount);
    const data = readTraceData(traceId, trace.bytes, baggageKeys);
    await turn(spanCount);
    const spansets = test(data);
    if (spansets.length === 0) continue;
    const members = new Set(spansets.flatMap(({ spans }) => spans));
    yield { trace, spans: data.spans.filter(span => members.has(span)) } satisfies MatchingTrace;
  }
}

/** Whether a query asks for everything, so that no span has to be read to answer it. */
export function isEverything(query: string): boolean {
  const { stages } = parse(query);
  const [only] = stages;
  return stages.length === 1 && only.type === 'filter' && only.expr === undefined;
}

function compile(query: string) {
  const { stages } = parse(query);
  return compilePipeline(stages, filtersOfStages(stages), browserRegexes());
}

function parse(text: string): Extract<Query['body'], { type: 'pipeline' }> {
  const read = readQuery(text.trim() === '' ? '{}' : text);
  if (!read.ok) throw new QueryRefused(traceqlErrorText(read.error));
  const { body } = read.value;
  if (body.type === 'math' || body.metrics !== undefined) throw unsupported('metrics over files');
  return body;
}
