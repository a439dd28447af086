import type { TraceTable } from '#domain/trace/trace-table.ts';
import { selfTimeInSteps } from './self-time.ts';
import { ROWS_PER_STEP, type Steps } from './steps.ts';

export interface SlowSpan {
  readonly row: number;
  /** ns in which the span ran and none of its children did. */
  readonly selfNs: number;
}

/** The `most` (1 or more) spans that worked longest themselves, longest first; those that did not work at all are none. */
export function* slowestInSteps(table: TraceTable, most: number): Steps<readonly SlowSpan[]> {
  const self = yield* selfTimeInSteps(table);
  const found: SlowSpan[] = [];
  for (let row = 0; row < self.length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    const selfNs = self[row];
    if (selfNs <= 0 || (found.length === most && selfNs <= found[most - 1].selfNs)) continue;
    const at = found.findIndex(other => other.selfNs < selfNs);
    found.splice(at < 0 ? found.length : at, 0, { row, selfNs });
    if (found.length > most) found.pop();
  }
  return found;
}
