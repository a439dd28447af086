import type { EdgeChange, EdgeName } from '#domain/api/graph-api.ts';
import type { ServiceGraph } from './service-graph.ts';

/**
 * A difference counts from so many standard errors on: with it, chance marks less than one of 10,000 edges. Calls of one
 * trace come together, so traces are what is counted as independent.
 */
const STANDARD_ERRORS = 4;
/** Smaller differences are real, but nobody's business. */
const LEAST_RATE_FACTOR = 1.25;
const LEAST_P95_FACTOR = 1.2;
const LEAST_ERROR_SHARE = 0.005;
const LEAST_ERROR_FACTOR = 1.5;

interface EdgeNumbers {
  readonly name: EdgeName;
  readonly calls: number;
  readonly errors: number;
  readonly traces: number;
  readonly p95Ns: number;
  readonly p95LowNs: number;
  readonly p95HighNs: number;
}

/**
 * Edges that changed between two windows of the same length (s) by more than noise; what got worse first, by how much.
 *
 * Rates are compared as Poisson counts with the spread of whole traces, error shares by the two-proportion test, and the
 * 95th percentiles by their intervals (`quantiles.ts`), which hold for any distribution. An edge without calls on one side
 * is new or gone.
 */
export function changedEdges(now: ServiceGraph, before: ServiceGraph, seconds: number): readonly EdgeChange[] {
  const earlier = new Map(edgesOf(before).map(edge => [edgeKey(edge.name), edge]));
  const found: { readonly change: EdgeChange; readonly size: number }[] = [];
  for (const edge of edgesOf(now)) {
    const key = edgeKey(edge.name);
    const old = earlier.get(key);
    earlier.delete(key);
    const { name } = edge;
    if (old === undefined) {
      if (isMoreThanChance(edge.traces)) {
        found.push({
          change: { edge: name, what: 'new', before: 0, now: edge.calls / seconds, worse: false },
          size: 0,
        });
      }
      continue;
    }
    found.push(...errorChange(edge, old), ...p95Change(edge, old), ...rateChange(edge, old, seconds));
  }
  for (const { name, calls, traces } of earlier.values()) {
    if (!isMoreThanChance(traces)) continue;
    found.push({ change: { edge: name, what: 'gone', before: calls / seconds, now: 0, worse: false }, size: 0 });
  }
  found.sort((a, b) => Number(b.change.worse) - Number(a.change.worse) || b.size - a.size);
  return found.map(({ change }) => change);
}

/** Names an edge in maps. */
export function edgeKey({ from, to, toKind, async: isAsync, destination }: EdgeName): string {
  return JSON.stringify([from, to, toKind, isAsync, destination]);
}

function errorChange(edge: EdgeNumbers, old: EdgeNumbers): { change: EdgeChange; size: number }[] {
  const now = share(edge);
  const before = share(old);
  const pooled = (edge.errors + old.errors) / (edge.calls + old.calls);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / edge.traces + 1 / old.traces));
  const apart = Math.abs(now - before);
  // Half an error more on both sides, so that none at all is no division by zero.
  const factor = (now + 0.5 / edge.traces) / (before + 0.5 / old.traces);
  if (apart < STANDARD_ERRORS * error || apart < LEAST_ERROR_SHARE || spread(factor) < LEAST_ERROR_FACTOR) return [];
  return [
    { change: { edge: edge.name, what: 'errors', before, now, worse: now > before }, size: Math.log(spread(factor)) },
  ];
}

function p95Change(edge: EdgeNumbers, old: EdgeNumbers): { change: EdgeChange; size: number }[] {
  const apart = edge.p95LowNs > old.p95HighNs || edge.p95HighNs < old.p95LowNs;
  // The interval of few calls reaches from the least to the most, which two of them can do as well.
  const factor = (edge.p95Ns + 1) / (old.p95Ns + 1);
  if (!apart || !isMoreThanChance(edge.traces) || !isMoreThanChance(old.traces) || spread(factor) < LEAST_P95_FACTOR)
    return [];
  const change = { edge: edge.name, what: 'p95' as const, before: old.p95Ns, now: edge.p95Ns, worse: factor > 1 };
  return [{ change, size: Math.log(spread(factor)) }];
}

function rateChange(edge: EdgeNumbers, old: EdgeNumbers, seconds: number): { change: EdgeChange; size: number }[] {
  const error = Math.sqrt((edge.calls * edge.calls) / edge.traces + (old.calls * old.calls) / old.traces);
  const factor = edge.calls / old.calls;
  if (Math.abs(edge.calls - old.calls) < STANDARD_ERRORS * error || spread(factor) < LEAST_RATE_FACTOR) return [];
  const change = {
    edge: edge.name,
    what: 'rate' as const,
    before: old.calls / seconds,
    now: edge.calls / seconds,
    worse: false,
  };
  return [{ change, size: Math.log(spread(factor)) }];
}

function edgesOf({ nodes, edges }: ServiceGraph): readonly EdgeNumbers[] {
  return edges.from.map((from, i) => ({
    name: {
      from: nodes.name[from],
      to: nodes.name[edges.to[i]],
      toKind: nodes.kind[edges.to[i]],
      async: edges.async[i],
      destination: edges.destination[i],
    },
    calls: edges.calls[i],
    errors: edges.errors[i],
    traces: Math.max(1, edges.traces[i]),
    p95Ns: edges.p95Ns[i],
    p95LowNs: edges.p95LowNs[i],
    p95HighNs: edges.p95HighNs[i],
  }));
}

/** None against n: √n standard errors. */
function isMoreThanChance(traces: number): boolean {
  return Math.sqrt(traces) >= STANDARD_ERRORS;
}

function share({ errors, calls }: EdgeNumbers): number {
  return errors / calls;
}

function spread(factor: number): number {
  return Math.max(factor, 1 / factor);
}
