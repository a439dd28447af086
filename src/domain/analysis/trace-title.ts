import { serviceOf } from '#domain/trace/service-of.ts';
import { StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';
import { serviceColumn } from './service-column.ts';
import { mainRoot } from './trace-roots.ts';

/** What the head of a trace page says. */
export interface TraceTitle {
  /** The row that names the trace, -1 when it has no spans. */
  readonly rootRow: number;
  /** Of that row; '' when missing. */
  readonly service: string;
  readonly operation: string;
  /** Levels of the deepest branch: 1 for a lone span, 0 for none. */
  readonly depth: number;
  readonly spanCount: number;
  readonly errorCount: number;
  /** By falling span count, then by name; '' stands for spans without one. */
  readonly services: readonly ServiceCount[];
}

export interface ServiceCount {
  readonly name: string;
  readonly spanCount: number;
  readonly errorCount: number;
}

/** Names and counts of a whole trace, in one pass over its rows. */
export function traceTitle(table: TraceTable): TraceTitle {
  const { services, index } = serviceColumn(table);
  const spans = new Int32Array(services.length);
  const errors = new Int32Array(services.length);
  let depth = 0;
  let errorCount = 0;
  for (let row = 0; row < table.length; row++) {
    spans[index[row]]++;
    if (table.depth[row] >= depth) depth = table.depth[row] + 1;
    if (table.status[row] !== StatusCode.error) continue;
    errors[index[row]]++;
    errorCount++;
  }
  const rootRow = mainRoot(table);
  return {
    rootRow,
    service: rootRow < 0 ? '' : serviceOf(table, rootRow),
    operation: rootRow < 0 ? '' : table.strings.at(table.name[rootRow]),
    depth,
    spanCount: table.length,
    errorCount,
    services: services
      .map((name, i) => ({ name, spanCount: spans[i], errorCount: errors[i] }))
      .sort((a, b) => b.spanCount - a.spanCount || (a.name < b.name ? -1 : 1)),
  };
}
