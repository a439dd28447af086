import { serviceOf } from '#domain/trace/service-of.ts';
import { StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';
import { type CriticalPath, criticalPath } from './critical-path.ts';

/**
 * The trace's shape in a result row: its critical path cut at service changes, from root start to root end. Segments
 * are ordered, touch, and their lengths sum to `durationNs` exactly.
 */
export interface Ribbon {
  /** In order of first appearance on the path; '' for spans without a service. */
  readonly services: readonly string[];
  /** Per segment: into `services`, and its length in ns. */
  readonly service: Int32Array;
  readonly lengthNs: Float64Array;
  /** Duration of the root whose path this is. */
  readonly durationNs: number;
  /**
   * Where failures on the path came from: the ends, ns after the root's start and ascending, of failed spans on it whose
   * failure no failed child on it explains; the first 16.
   */
  readonly errorNs: Float64Array;
}

const MAX_ERRORS = 16;

/** The ribbon of the trace's main root. A trace without spans, or whose root has no duration, has no segments. */
export function ribbonOf(table: TraceTable): Ribbon {
  const path = criticalPath(table);
  const services: string[] = [];
  const indexes = new Map<string, number>();
  const service: number[] = [];
  const lengthNs: number[] = [];
  for (let i = 0; i < path.row.length; i++) {
    const name = serviceOf(table, path.row[i]);
    let index = indexes.get(name);
    if (index === undefined) {
      index = services.push(name) - 1;
      indexes.set(name, index);
    }
    const length = path.toNs[i] - path.fromNs[i];
    if (service.at(-1) === index) lengthNs[lengthNs.length - 1] += length;
    else {
      service.push(index);
      lengthNs.push(length);
    }
  }
  return {
    services,
    service: Int32Array.from(service),
    lengthNs: Float64Array.from(lengthNs),
    durationNs: path.rootRow < 0 ? 0 : Math.max(0, table.spanDurationNs[path.rootRow]),
    errorNs: originsOfFailure(table, path),
  };
}

function originsOfFailure(table: TraceTable, path: CriticalPath): Float64Array {
  /** End of each failed row's last piece; pieces come in order of time, so a later one replaces an earlier. */
  const failedUntil = new Map<number, number>();
  for (let i = 0; i < path.row.length; i++) {
    if (table.status[path.row[i]] === StatusCode.error) failedUntil.set(path.row[i], path.toNs[i]);
  }
  const explained = new Set(Array.from(failedUntil.keys(), row => table.parent[row]));
  const ends: number[] = [];
  for (const [row, end] of failedUntil) if (!explained.has(row)) ends.push(end - table.startNs[path.rootRow]);
  return Float64Array.from(ends).sort().slice(0, MAX_ERRORS);
}
