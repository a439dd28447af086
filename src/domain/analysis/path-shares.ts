import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { CriticalPath } from './critical-path.ts';
import { allSteps, ROWS_PER_STEP, type Steps } from './steps.ts';

type PathPieces = Pick<CriticalPath, 'row' | 'fromNs' | 'toNs'>;

/** How long one service decided how long the trace took. */
export interface PathShare {
  /** '' for spans without a service name. */
  readonly service: string;
  readonly ns: number;
  /** Of the whole path, 0 … 1. */
  readonly share: number;
}

const known = new WeakMap<PathPieces, readonly PathShare[]>();

/** The critical path by service, longest first; empty where the path has no length. Worked out once for each path. */
export function pathShares(table: TraceTable, path: PathPieces): readonly PathShare[] {
  return known.get(path) ?? allSteps(sharesInSteps(table, path));
}

/** The same in steps, for paths of a million pieces; `pathShares` knows it from then on. */
export function* sharesInSteps(table: TraceTable, path: PathPieces): Steps<readonly PathShare[]> {
  const shares = yield* addUp(table, path);
  known.set(path, shares);
  return shares;
}

function* addUp(table: TraceTable, path: PathPieces): Steps<readonly PathShare[]> {
  const byResource = new Float64Array(table.resources.length + 1);
  let total = 0;
  for (let piece = 0; piece < path.row.length; piece++) {
    if (piece % ROWS_PER_STEP === 0) yield;
    const ns = path.toNs[piece] - path.fromNs[piece];
    byResource[table.resource[path.row[piece]] + 1] += ns;
    total += ns;
  }
  if (total === 0) return [];
  const byService = new Map<string, number>();
  for (let i = 0; i < byResource.length; i++) {
    if (byResource[i] === 0) continue;
    const service = i === 0 ? '' : table.resources[i - 1].serviceName;
    byService.set(service, (byService.get(service) ?? 0) + byResource[i]);
  }
  return [...byService]
    .map(([service, ns]) => ({ service, ns, share: ns / total }))
    .sort((a, b) => b.ns - a.ns || (a.service < b.service ? -1 : 1));
}

/** Rows of a service that are on the path, each once, in the order of time in which the path reaches them first. */
export function pathRowsOf(table: TraceTable, path: PathPieces, service: string): Int32Array {
  const seen = new Set<number>();
  for (const row of path.row) {
    const resource = table.resource[row];
    if ((resource < 0 ? '' : table.resources[resource].serviceName) === service) seen.add(row);
  }
  return Int32Array.from(seen);
}
