import { type Filter, filterFieldKey } from '#domain/search/filter.ts';
import { filtersOf, queryOf } from '#domain/search/filters.ts';

/** The query with one more chip; unchanged if it is there already. */
export function queryWith(query: string, filter: Filter): string {
  const { filters, rest } = filtersOf(query);
  const [wanted] = filter.values;
  const known = filters.some(
    each =>
      each.op === filter.op &&
      filterFieldKey(each.field) === filterFieldKey(filter.field) &&
      (wanted === undefined || each.values.some(value => value.type === wanted.type && value.value === wanted.value)),
  );
  return known ? query : queryOf([...filters, filter], rest);
}
