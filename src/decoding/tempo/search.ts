import { parseTraceId } from '#domain/ids.ts';
import type { SearchResult, TraceSummary } from '#domain/search/trace-summary.ts';
import { bigintOf, type JsonObject, listOf, numberOf, objectOf, textOf } from './json.ts';

/** What Tempo shows where it has not seen the root. */
const NO_ROOT = '<root span not yet received>';

/**
 * The reply of `GET /api/search`, newest trace first. Tempo omits zero values and strips leading zeros from trace ids;
 * entries whose id is none are left out.
 */
export function decodeSearch(json: unknown): SearchResult {
  const reply = objectOf(json);
  const traces = listOf(reply.traces).flatMap(entry => decodeSummary(objectOf(entry)));
  traces.sort((a, b) => (a.startUnixNano < b.startUnixNano ? 1 : a.startUnixNano > b.startUnixNano ? -1 : 0));
  const metrics = objectOf(reply.metrics);
  const [done, total] = [numberOf(metrics.completedJobs), numberOf(metrics.totalJobs)];
  const partial = done < total ? `Only ${done} of ${total} parts of the range were searched.` : undefined;
  return { traces, totalTraces: undefined, partial };
}

function decodeSummary(entry: JsonObject): TraceSummary[] {
  const traceId = parseTraceId(textOf(entry.traceID));
  if (!traceId.ok) return [];
  const services = Object.entries(objectOf(entry.serviceStats)).map(([name, stats]) => ({
    name,
    spanCount: numberOf(objectOf(stats).spanCount),
    errorCount: numberOf(objectOf(stats).errorCount),
  }));
  services.sort((a, b) => b.spanCount - a.spanCount || (a.name < b.name ? -1 : 1));
  const rootServiceName = textOf(entry.rootServiceName);
  return [
    {
      traceId: traceId.value,
      rootServiceName: rootServiceName === NO_ROOT ? '' : rootServiceName,
      rootName: textOf(entry.rootTraceName),
      startUnixNano: bigintOf(entry.startTimeUnixNano),
      durationNs: durationNs(entry),
      services,
      spanCount: services.reduce((sum, service) => sum + service.spanCount, 0),
      errorCount: services.reduce((sum, service) => sum + service.errorCount, 0),
      matchedSpans: matchedSpans(entry),
    },
  ];
}

/** `durationMs` is whole ms; our own server adds `durationNanos`. */
function durationNs(entry: JsonObject): number {
  return entry.durationNanos === undefined ? numberOf(entry.durationMs) * 1_000_000 : numberOf(entry.durationNanos);
}

/** `by()` splits a trace's matches into several span sets; `spanSet` is how older versions said the first. */
function matchedSpans(entry: JsonObject): number | undefined {
  if (Array.isArray(entry.spanSets)) {
    return entry.spanSets.reduce((sum: number, set) => sum + numberOf(objectOf(set).matched), 0);
  }
  return entry.spanSet === undefined ? undefined : numberOf(objectOf(entry.spanSet).matched);
}
