import { serviceOf } from '#domain/trace/service-of.ts';
import type { AttributeColumn } from '#domain/trace/span-details.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

/** Whether a key counts as baggage; entries of `keys` that end in '.' are prefixes. */
export function isBaggageKey(key: string, keys: readonly string[]): boolean {
  return keys.some(each => (each.endsWith('.') ? key.startsWith(each) : key === each));
}

/** Which services of a trace carry a baggage key. */
export interface BaggageTrail {
  /** Service of the first span that carries it. */
  readonly setIn: string;
  readonly seenIn: readonly string[];
  /** Services whose parents carry it and that do not: the context was lost on the way to them. */
  readonly lostBefore: readonly string[];
}

/** Follows one key through the tree; undefined if no span carries it. */
export function baggageTrail(table: TraceTable, column: AttributeColumn): BaggageTrail | undefined {
  const seen = new Set<string>();
  const lost = new Set<string>();
  let setIn: string | undefined;
  for (let row = 0; row < table.length; row++) {
    const service = serviceOf(table, row);
    if (column.index[row] >= 0) {
      setIn ??= service;
      seen.add(service);
    } else if (table.parent[row] >= 0 && column.index[table.parent[row]] >= 0) lost.add(service);
  }
  if (setIn === undefined) return undefined;
  return { setIn, seenIn: [...seen], lostBefore: [...lost].filter(service => !seen.has(service)) };
}
