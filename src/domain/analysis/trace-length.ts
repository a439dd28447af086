import type { TraceTable } from '#domain/trace/trace-table.ts';
import { prepared } from './prepared-trace.ts';
import { lacksRoot } from './tree-shape.ts';

/** How long a trace took, ns. */
export interface TraceLength {
  readonly ns: number;
  /** It took at least as long: no root was received, and this is to the end of what was. */
  readonly isBound: boolean;
}

/** That of the main root; without one to the end of the last span. */
export function traceLength(table: TraceTable): TraceLength {
  const { facts, shape } = prepared(table);
  if (facts.rootRow < 0) return { ns: 0, isBound: false };
  const isBound = lacksRoot(shape);
  return { ns: isBound ? facts.lastEndNs : table.spanDurationNs[facts.rootRow], isBound };
}
