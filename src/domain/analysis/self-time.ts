import { SpanKind, type TraceTable } from '#domain/trace/trace-table.ts';
import { allSteps, ROWS_PER_STEP, type Steps } from './steps.ts';

/** What self time is made of. */
export type SelfTimeColumns = Pick<TraceTable, 'length' | 'parent' | 'kind' | 'startNs' | 'spanDurationNs'>;

/**
 * Per row, the ns in which the span ran and none of its children did: its duration (negative ones count as 0) minus the
 * union of its children, each clipped to it. A producer does not wait for its consumers. One pass: siblings stand by
 * start, so the part of a parent that is covered grows from left to right.
 */
export function selfTimeNs(table: SelfTimeColumns): Float64Array {
  return allSteps(selfTimeInSteps(table));
}

export function* selfTimeInSteps(table: SelfTimeColumns): Steps<Float64Array> {
  const { length, parent, kind, startNs, spanDurationNs } = table;
  const self = new Float64Array(length);
  const coveredTo = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    const start = startNs[row];
    const end = start + Math.max(0, spanDurationNs[row]);
    self[row] = end - start;
    coveredTo[row] = start;
    const above = parent[row];
    if (above < 0 || (kind[above] === SpanKind.producer && kind[row] === SpanKind.consumer)) continue;
    const from = Math.max(start, coveredTo[above]);
    const to = Math.min(end, startNs[above] + Math.max(0, spanDurationNs[above]));
    if (to <= from) continue;
    self[above] -= to - from;
    coveredTo[above] = to;
  }
  return self;
}
