import type { FieldCounts } from '#domain/api/server-api.ts';
import { conditionOf, type Filter, type FilterField } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { printExpression } from '#domain/traceql/print.ts';
import { choiceOf } from '#views/search/chips.ts';
import { withCondition } from '#views/search/with-condition.ts';

/** Values that get a heatmap of their own. */
export const MOST_SPLIT = 4;

/** One value and the query narrowed to it. */
export interface SplitValue {
  readonly value: TagValue;
  readonly query: string;
}

/**
 * The commonest values of a field that the query leaves, and how many further ones there are. Undefined where the query
 * takes no further condition.
 */
export function splitValues(
  counts: FieldCounts,
  field: FilterField,
  query: string,
  chips: readonly Filter[],
): { readonly values: readonly SplitValue[]; readonly other: number } | undefined {
  // Facets count a field without its own filters.
  const choices = counts.values.map(({ type, value }) => {
    const own: TagValue = { type, value };
    return { value: own, choice: choiceOf(chips, field, own) };
  });
  const isChosen = choices.some(({ choice }) => choice === 'include');
  const left = choices.filter(({ choice }) => (isChosen ? choice === 'include' : choice === undefined));
  const values: SplitValue[] = [];
  for (const { value } of left.slice(0, MOST_SPLIT)) {
    const narrowed = withCondition(query, printExpression(conditionOf({ field, op: '=', values: [value] })));
    if (narrowed === undefined) return undefined;
    values.push({ value, query: narrowed });
  }
  return { values, other: left.length - values.length + (isChosen ? 0 : counts.other) };
}
