import { formatCount } from '#domain/format/number.ts';
import { type Filter, type FilterField, filterFieldKey } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';

/** A line of a facet; `traces` is undefined where it is not known. */
export interface FacetLine extends TagValue {
  readonly traces?: number | undefined;
  readonly errorTraces?: number | undefined;
}

const ORDERS: Readonly<Record<string, readonly string[]>> = {
  status: ['error', 'ok', 'unset'],
  kind: ['server', 'client', 'producer', 'consumer', 'internal', 'unspecified'],
};

/**
 * The values of a facet in the order shown: those that a filter names first (they must stay reachable even where none
 * is left), then as the source lists them; closed sets in their usual order. `text` narrows to what contains it.
 * `isWhole`: all values are known, so that what is not among them occurs in no trace.
 */
export function facetValues(
  known: readonly FacetLine[],
  chips: readonly Filter[],
  field: FilterField,
  text: string,
  isWhole = false,
): readonly FacetLine[] {
  const key = filterFieldKey(field);
  const chosen = chips
    .filter(chip => !chip.paused && filterFieldKey(chip.field) === key && (chip.op === '=' || chip.op === '!='))
    .flatMap(chip => chip.values);
  const missing = chosen
    .filter(value => !known.some(other => other.value === value.value))
    .map((value): FacetLine => (isWhole ? { ...value, traces: 0, errorTraces: 0 } : value));
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

/** Widths of a bar in px: all its traces, and the part of them that failed; what is there shows at least 1 px. */
export function barWidths(
  line: FacetLine,
  most: number,
  width: number,
): { readonly all: number; readonly errors: number } {
  const of = (count: number | undefined) =>
    count === undefined || count === 0 || most === 0 ? 0 : Math.max(1, Math.round((count / most) * width));
  return { all: of(line.traces), errors: of(line.errorTraces) };
}

/** What a count counts, as a sentence. */
export function countSentence({ traces, errorTraces }: FacetLine, isEstimate: boolean): string {
  if (traces === undefined) return 'Not counted';
  const many = `${isEstimate ? 'About ' : ''}${formatCount(traces)} ${traces === 1 ? 'trace' : 'traces'}`;
  if (errorTraces === undefined || errorTraces === 0) return many;
  return `${many}, ${formatCount(errorTraces)} with a failed span of it`;
}
