import type { TraceId } from '#domain/ids.ts';
import { SourceError, type TraceSource } from '#sources/trace-source.ts';
import type { FileClient } from './file-client.ts';
import type { FileQuestions } from './file-protocol.ts';

/** Stands in `?src=`. */
export const FILE_SOURCE_ID = 'file';
const NAME = 'Files';

export interface FileSourceOptions {
  readonly client: FileClient;
  /** Called when work begins; what it returns, when the work is done. */
  readonly onWork: () => () => void;
}

/** The traces of the files that were opened in this page. A reload loses them: the browser keeps no file. */
export function createFileSource({ client, onWork }: FileSourceOptions): TraceSource {
  const working = <T>(work: Promise<T>): Promise<T> => work.finally(onWork());
  const load = (traceId: TraceId) => {
    if (client.files.length > 0) return { traceId, sourceName: NAME, tempo: undefined };
    const message = `No file is open that holds trace ${traceId}`;
    throw new SourceError('not-found', message, 'Files are read in this browser and are gone after a reload.');
  };
  /** Without files nothing is asked: an empty list needs no worker. */
  const ask = <About extends keyof FileQuestions>(about: About, args: FileQuestions[About], signal: AbortSignal) =>
    working(client.ask(about, args, signal));
  return {
    id: FILE_SOURCE_ID,
    name: NAME,
    capabilities: { baggageScope: true, count: true, embedded: false },
    trace: async (id, { signal, onProgress }) => working(client.traces.table(load(id), { signal, onProgress })),
    ribbon: async (id, { signal }) => working(client.traces.ribbon(load(id), { signal })),
    search: (request, { signal }) => ask('search', request, signal),
    count: (request, { signal }) => ask('count', request, signal),
    tags: (window, { signal }) => ask('tags', window, signal),
    tagValues: (tag, query, window, { signal }) => ask('tagValues', { tag, query, ...window }, signal),
    facets: (request, { signal }) => ask('facets', request, signal),
    latencyHeatmap: (request, { signal }) => ask('latencyHeatmap', request, signal),
    redSeries: (request, { signal }) => ask('redSeries', request, signal),
    cellTraces: (request, { signal }) => ask('cellTraces', request, signal),
    difference: (request, { signal }) => ask('difference', request, signal),
    graph: {
      capabilities: { compare: false, groupBy: false, query: true },
      graph: (request, { signal }) => ask('graph', request, signal),
    },
  };
}
