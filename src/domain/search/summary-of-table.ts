import { serviceOf } from '#domain/trace/service-of.ts';
import { StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';
import { byServiceSize, type TraceSummary } from './trace-summary.ts';

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
  const root = firstRoot(table);
  const hasRoot = root >= 0;
  return {
    traceId: table.traceId,
    rootServiceName: hasRoot ? serviceOf(table, root) : '',
    rootName: hasRoot ? table.strings.at(table.name[root]) : '',
    startUnixNano: table.baseUnixNano,
    durationNs: table.durationNs,
    services: [...services].map(([name, counts]) => ({ name, ...counts })).sort(byServiceSize),
    spanCount: table.length,
    errorCount,
    matchedSpans: undefined,
  };
}

/** The earliest span that was sent as a root; -1 if none was. */
function firstRoot(table: TraceTable): number {
  let first = -1;
  for (let row = 0; row < table.length; row = table.subtreeEnd[row]) {
    if (table.parentSpanId[row] !== 0n) continue;
    if (first < 0 || table.startNs[row] < table.startNs[first]) first = row;
  }
  return first;
}
