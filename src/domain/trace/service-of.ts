import type { TraceTable } from './trace-table.ts';

/** `service.name` of a row's resource; '' if it has none. */
export function serviceOf(table: TraceTable, row: number): string {
  return table.resources[table.resource[row]]?.serviceName ?? '';
}
