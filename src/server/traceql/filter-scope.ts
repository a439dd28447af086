import type { SegmentRef } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { type Among, NEVER, type Predicate, UNKNOWN } from './predicate.ts';
import type { SqlBuilder } from './sql-params.ts';

/** What a compilation runs over. */
export interface FilterScope {
  readonly sql: SqlBuilder;
  readonly segment: SegmentRef;
  /** All segments that may hold spans of a trace in question: conditions on the whole trace look at each. */
  readonly segments: readonly SegmentRef[];
}

/** Spans whose trace has a span that fulfils the predicate of its segment. Exact if the predicates are. */
export function spansElsewhere(parts: readonly (readonly [segment: number, predicate: Predicate])[]): Predicate {
  if (parts.some(([, p]) => p.constant === true)) return UNKNOWN;
  const used = parts.filter(([, p]) => p.constant === undefined);
  if (used.length === 0) return NEVER;
  const text = ({ traces }: Among): string => {
    const joined = traces === '' ? ' where ' : `${traces} and `;
    const inner: Among = { rows: traces, traces };
    return used
      .map(([id, p]) => `select s.trace_id from ${segmentTable('spans', id)} s${joined}${p.text(inner)}`)
      .join(' union all ');
  };
  return {
    exact: used.every(([, p]) => p.exact),
    constant: undefined,
    text: among => `s.trace_id in (${text(among)})`,
  };
}
