import type { TraceTable } from '#domain/trace/trace-table.ts';
import { selfTimeNs } from './self-time.ts';

export interface SlowSpan {
  readonly row: number;
  /** ns in which the span ran and none of its children did. */
  readonly selfNs: number;
}

/** The `most` (1 or more) spans that worked longest themselves, longest first; those that did not work at all are none. */
export function slowestSpans(table: TraceTable, most: number): readonly SlowSpan[] {
  const self = selfTimeNs(table);
  const found: SlowSpan[] = [];
  for (let row = 0; row < self.length; row++) {
    const selfNs = self[row];
    if (selfNs <= 0 || (found.length === most && selfNs <= found[most - 1].selfNs)) continue;
    const at = found.findIndex(other => other.selfNs < selfNs);
    found.splice(at < 0 ? found.length : at, 0, { row, selfNs });
    if (found.length > most) found.pop();
  }
  return found;
}
