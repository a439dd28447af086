import type { TraceSummary } from '#domain/search/trace-summary.ts';
import type { Sort, SortColumn, WindowMs } from '#state/url/url-state.ts';
import { windowAround } from '#state/url/window-around.ts';

type Compare = (a: TraceSummary, b: TraceSummary) => number;

const COMPARE: Readonly<Record<SortColumn, Compare>> = {
  start: (a, b) => (a.startUnixNano < b.startUnixNano ? -1 : a.startUnixNano > b.startUnixNano ? 1 : 0),
  duration: (a, b) => a.durationNs - b.durationNs,
  spans: (a, b) => a.spanCount - b.spanCount,
  errors: (a, b) => a.errorCount - b.errorCount,
  services: (a, b) => a.services.length - b.services.length,
  name: (a, b) => compareText(a.rootServiceName, b.rootServiceName) || compareText(a.rootName, b.rootName),
};

/** The rows in the reader's order; equal rows stand newest first, then by id, so that a refresh moves nothing. */
export function sortRows(traces: readonly TraceSummary[], sort: Sort): readonly TraceSummary[] {
  const compare = COMPARE[sort.column];
  const sign = sort.descending ? -1 : 1;
  return [...traces].sort((a, b) => sign * compare(a, b) || COMPARE.start(b, a) || compareText(a.traceId, b.traceId));
}

/** What a press on a column heading asks for: largest first, except names; again turns it round. */
export function nextSort(sort: Sort, column: SortColumn): Sort {
  if (sort.column === column) return { column, descending: !sort.descending };
  return { column, descending: column !== 'name' };
}

/** The window that the link to a trace carries. */
export function traceWindow({ startUnixNano, durationNs }: TraceSummary): WindowMs {
  return windowAround(startUnixNano, durationNs);
}

/** The services that carry most spans over all rows, for the legend. */
export function topServices(traces: readonly TraceSummary[], count: number): readonly string[] {
  const spans = new Map<string, number>();
  for (const trace of traces) {
    for (const { name, spanCount } of trace.services) spans.set(name, (spans.get(name) ?? 0) + spanCount);
  }
  return [...spans]
    .sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))
    .slice(0, count)
    .map(([name]) => name);
}

/** How many rows stand before the first one of the earlier list: those that live mode has put on top. */
export function rowsAddedOnTop(before: readonly TraceSummary[], after: readonly TraceSummary[]): number {
  const first = before[0];
  if (!first) return 0;
  const at = after.findIndex(trace => trace.traceId === first.traceId);
  return Math.max(0, at);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
