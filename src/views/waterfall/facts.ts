import { prepared } from '#domain/analysis/prepared-trace.ts';
import type { TraceFacts } from '#domain/analysis/trace-facts.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

/** What the header says of a trace. */
export function traceFacts(table: TraceTable): TraceFacts {
  return prepared(table).facts;
}
