import type { CallsAnswer, GraphPart, ServiceGraphAnswer } from '#domain/api/graph-api.ts';
import type { GraphRequest, GraphSource } from '#sources/graph-source.ts';

/** GETs a path of the server as JSON. */
type GetJson = (path: string, signal: AbortSignal) => Promise<unknown>;

/** Graphs from the embedded server's own endpoints: every span of the window is counted. */
export function embeddedGraph(json: GetJson): GraphSource {
  return {
    capabilities: { compare: true, groupBy: true, query: true },
    async graph(request, { signal }) {
      const params = graphParams(request);
      if (request.groupBy !== '') params.set('group', request.groupBy);
      const answer = (await json(`api/service-graph?${params}`, signal)) as ServiceGraphAnswer;
      const covers = ['Every span of the window is counted.'];
      if (answer.before?.isWhole === false) {
        covers.push('The time it is compared with is not stored in full: only errors and durations are compared.');
      }
      return { ...answer, covers, done: 1, total: 1 };
    },
    async calls(request, part, { signal }) {
      const params = graphParams(request);
      for (const [key, value] of Object.entries(partParams(part))) params.set(key, value);
      return (await json(`api/service-graph/calls?${params}`, signal)) as CallsAnswer;
    },
  };
}

function graphParams({ query, compare, startUnixNano, endUnixNano }: GraphRequest): URLSearchParams {
  const second = 1_000_000_000n;
  const params = new URLSearchParams({
    q: query,
    start: String(startUnixNano / second),
    end: String((endUnixNano + second - 1n) / second),
  });
  if (compare !== undefined) params.set('compare', compare);
  return params;
}

function partParams(part: GraphPart): Record<string, string> {
  if ('service' in part) return { service: part.service };
  if ('peer' in part) return { to: part.peer, kind: part.kind };
  const { from, to, toKind, async: isAsync, destination } = part.edge;
  return { from, to, kind: toKind, async: String(isAsync), destination };
}
