import { type Filter, type FilterField, filterFieldKey } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';

const ORDERS: Readonly<Record<string, readonly string[]>> = {
  status: ['error', 'ok', 'unset'],
  kind: ['server', 'client', 'producer', 'consumer', 'internal', 'unspecified'],
};

/**
 * The values of a facet in the order shown: those that a filter names first (they must stay reachable even where none
 * is left), then as the source lists them; closed sets in their usual order. `text` narrows to what contains it.
 */
export function facetValues(
  known: readonly TagValue[],
  chips: readonly Filter[],
  field: FilterField,
  text: string,
): readonly TagValue[] {
  const key = filterFieldKey(field);
  const chosen = chips
    .filter(chip => !chip.paused && filterFieldKey(chip.field) === key && (chip.op === '=' || chip.op === '!='))
    .flatMap(chip => chip.values);
  const missing = chosen.filter(value => !known.some(other => other.value === value.value));
  const order = ORDERS[field.kind];
  const listed = order
    ? [...known].sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value))
    : [...known].sort((a, b) => Number(isIn(chosen, b)) - Number(isIn(chosen, a)));
  const wanted = text.trim().toLowerCase();
  return [...missing, ...listed].filter(({ value }) => value.toLowerCase().includes(wanted));
}

function isIn(values: readonly TagValue[], { value }: TagValue): boolean {
  return values.some(other => other.value === value);
}
