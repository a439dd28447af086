import { SpanFlag, StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';
import { ROWS_PER_STEP, type Steps } from './steps.ts';
import { mainRoot } from './trace-roots.ts';

/** What the header says of a trace, from one pass over its rows. */
export interface TraceFacts {
  /** The root that names the trace, -1 in an empty one. */
  readonly rootRow: number;
  readonly serviceCount: number;
  /** Levels of the tree: 1 for a trace of roots only. */
  readonly levels: number;
  readonly errorRows: Int32Array;
  /** End of the root and of the last span that is on the scale, ns after the base. */
  readonly rootEndNs: number;
  readonly lastEndNs: number;
  /** Spans that end when they start. */
  readonly zeroDurations: number;
}

export function* factsInSteps(table: TraceTable): Steps<TraceFacts> {
  const errors: number[] = [];
  let depth = -1;
  let lastEndNs = 0;
  let zeroDurations = 0;
  for (let row = 0; row < table.length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    if (table.spanDurationNs[row] === 0 && (table.flags[row] & SpanFlag.noTimestamp) === 0) zeroDurations++;
    if (table.status[row] === StatusCode.error) errors.push(row);
    if (table.depth[row] > depth) depth = table.depth[row];
    if ((table.flags[row] & SpanFlag.offScale) === 0) lastEndNs = Math.max(lastEndNs, endNs(table, row));
  }
  const rootRow = mainRoot(table);
  const services = new Set(table.resources.map(resource => resource.serviceName).filter(name => name !== ''));
  return {
    rootRow,
    serviceCount: services.size,
    levels: depth + 1,
    errorRows: Int32Array.from(errors),
    rootEndNs: rootRow < 0 ? 0 : endNs(table, rootRow),
    lastEndNs,
    zeroDurations,
  };
}

function endNs(table: TraceTable, row: number): number {
  return table.startNs[row] + Math.max(0, table.spanDurationNs[row]);
}
