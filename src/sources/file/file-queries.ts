import { countCalls } from '#domain/graph/count-calls.ts';
import { graphOfCalls } from '#domain/graph/graph-of-calls.ts';
import type { TraceId } from '#domain/ids.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { type LatencySource, latencyOfSearch } from '#sources/latency-of-search.ts';
import { countFacets } from './file-facets.ts';
import { type FileLibrary, joined } from './file-library.ts';
import type { FileAnswers, FileQuestion, FileQuestions } from './file-protocol.ts';
import { TagIndex, tagValues } from './file-tags.ts';
import { isEverything, matchingTraces, type QueryScope } from './matching-traces.ts';

/** What the receiver takes at once without trouble. */
const BATCH_BYTES = 4 * 2 ** 20;

type Answerers = {
  readonly [About in keyof FileQuestions]: (
    scope: QueryScope,
    args: FileQuestions[About],
  ) => FileAnswers[About] | Promise<FileAnswers[About]>;
};

/** Answers questions over all traces of a library. Rejects with `QueryRefused` or `SourceError`, or as the signal says. */
export class FileQueries {
  readonly #library: FileLibrary;
  readonly #tags = new TagIndex();
  readonly #answerers: Answerers;

  constructor(library: FileLibrary) {
    this.#library = library;
    const latency = (scope: QueryScope): LatencySource =>
      latencyOfSearch(async request => ({ traces: await search(scope, request) }), Number.POSITIVE_INFINITY);
    this.#answerers = {
      async search(scope, request) {
        const traces = await search(scope, request);
        return { traces: traces.slice(0, request.limit), totalTraces: traces.length, partial: undefined };
      },
      async count(scope, request) {
        const traces = await search(scope, request);
        return { traces: traces.length, spans: traces.reduce((sum, one) => sum + (one.matchedSpans ?? 0), 0) };
      },
      tags: (scope, window) => this.#tags.tags(scope, window),
      tagValues,
      facets: countFacets,
      graph,
      latencyHeatmap: (scope, request) => latency(scope).latencyHeatmap(request, scope),
      redSeries: (scope, request) => latency(scope).redSeries(request, scope),
      cellTraces: (scope, request) => latency(scope).cellTraces(request, scope),
      difference: (scope, request) => latency(scope).difference(request, scope),
      otlp,
    };
  }

  async answer(
    { about, args }: FileQuestion,
    options: Omit<QueryScope, 'library'>,
  ): Promise<FileAnswers[keyof FileAnswers]> {
    // Which arguments belong to which question is what `FileQuestion` says.
    const answer = this.#answerers[about] as (scope: QueryScope, args: unknown) => FileAnswers[keyof FileAnswers];
    return answer({ library: this.#library, ...options }, args);
  }
}

/** All matching traces, newest first. */
async function search(scope: QueryScope, request: Omit<FileQuestions['search'], 'limit'>): Promise<TraceSummary[]> {
  if (isEverything(request.query)) {
    return scope.library.within(request).map(({ summary }) => ({ ...summary, matchedSpans: summary.spanCount }));
  }
  const found: TraceSummary[] = [];
  for await (const { trace, spans } of matchingTraces(scope, request.query, request)) {
    found.push({ ...trace.summary, matchedSpans: spans.length });
  }
  return found;
}

async function graph(scope: QueryScope, request: FileQuestions['graph']): Promise<FileAnswers['graph']> {
  const { library } = scope;
  const ids: TraceId[] = [];
  if (isEverything(request.query)) ids.push(...library.within(request).map(({ summary }) => summary.traceId));
  else for await (const { trace } of matchingTraces(scope, request.query, request)) ids.push(trace.summary.traceId);
  const tables = ids.flatMap(id => library.table(id) ?? []);
  scope.signal.throwIfAborted();
  return {
    startUnixNano: String(request.startUnixNano),
    endUnixNano: String(request.endUnixNano),
    graph: graphOfCalls(await countCalls(tables)),
    covers: ['Every span of the matching traces in the opened files is counted; files are compared with nothing.'],
    ...{ done: 1, total: 1 },
  };
}

function otlp({ library }: QueryScope, { file, from }: FileQuestions['otlp']): FileAnswers['otlp'] {
  const parts = library.partsOf(file);
  let to = from;
  for (let bytes = 0; to < parts.length && (to === from || bytes + parts[to].bytes.length <= BATCH_BYTES); to++) {
    bytes += parts[to].bytes.length;
  }
  return { bytes: joined(parts.slice(from, to).map(part => part.bytes)), next: to < parts.length ? to : undefined };
}
