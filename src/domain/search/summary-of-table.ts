import { mainRoot } from '#domain/analysis/trace-roots.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import { StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';
import type { TraceSummary } from './trace-summary.ts';

/** A whole trace as a row of a result list. */
export function summaryOfTable(table: TraceTable): TraceSummary {
  const services = new Map<string, { spanCount: number; errorCount: number }>();
  let errorCount = 0;
  for (let row = 0; row < table.length; row++) {
    const name = serviceOf(table, row);
    const counts = services.get(name) ?? { spanCount: 0, errorCount: 0 };
    services.set(name, counts);
    counts.spanCount++;
    if (table.status[row] !== StatusCode.error) continue;
    counts.errorCount++;
    errorCount++;
  }
  const root = mainRoot(table);
  const hasRoot = root >= 0 && table.parentSpanId[root] === 0n;
  return {
    traceId: table.traceId,
    rootServiceName: hasRoot ? serviceOf(table, root) : '',
    rootName: hasRoot ? table.strings.at(table.name[root]) : '',
    startUnixNano: table.baseUnixNano,
    durationNs: table.durationNs,
    services: [...services]
      .map(([name, counts]) => ({ name, ...counts }))
      .sort((a, b) => b.spanCount - a.spanCount || (a.name < b.name ? -1 : 1)),
    spanCount: table.length,
    errorCount,
    matchedSpans: undefined,
  };
}
