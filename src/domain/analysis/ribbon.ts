import type { TraceTable } from '../trace/trace-table.ts';

/**
 * The trace's shape in a result row: its critical path cut at service changes, from root start to root end. Segments
 * are ordered, touch, and their lengths sum to `durationNs` exactly.
 */
export interface Ribbon {
  readonly services: readonly string[];
  /** Per segment: into `services`, and its length in ns. */
  readonly service: Int32Array;
  readonly lengthNs: Float64Array;
  /** Duration of the root whose path this is. */
  readonly durationNs: number;
  /** Offsets of failed spans on the path, ns after the root's start, ascending, at most 16. */
  readonly errorNs: Float64Array;
}

export function ribbonOf(_table: TraceTable): Ribbon {
  throw new Error('not built yet');
}
