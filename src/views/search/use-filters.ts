import { useCallback, useMemo } from 'react';
import type { Filter, FilterField } from '#domain/search/filter.ts';
import { EVERYTHING, filtersOf, queryOf } from '#domain/search/filters.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import type { TraceqlError } from '#domain/traceql/traceql-error.ts';
import { type HistoryMode, useGo, useUrl } from '#state/url/use-url.ts';
import { type ChipEdit, editChips } from './chips.ts';
import { sameField } from './field-names.ts';
import { withCondition } from './with-condition.ts';

export interface FilterBarState {
  /** The query as the URL has it, paused chips and all. */
  readonly text: string;
  readonly chips: readonly Filter[];
  /** What chips cannot say, as TraceQL. */
  readonly rest: string | undefined;
  /** What is asked of the source: the active chips and the rest. */
  readonly query: string;
  readonly isEverything: boolean;
  /** Why the text of the URL cannot be asked. */
  readonly error: TraceqlError | undefined;
  readonly edit: (edit: ChipEdit, mode?: HistoryMode) => void;
  readonly setText: (text: string) => void;
  readonly removeRest: () => void;
  /** Adds a condition in TraceQL that no chip can say. */
  readonly addCondition: (condition: string) => void;
  /** The query without what it says about one field: what values of that field may be chosen from. */
  readonly without: (field: FilterField) => string;
}

/** The URL's query as chips, and ways to change it. */
export function useFilters(): FilterBarState {
  const { q } = useUrl();
  const go = useGo();
  const view = useMemo(() => filtersOf(q), [q]);
  const { filters: chips, rest } = view;
  const query = useMemo(() => queryOf(chips.filter(isActive), rest), [chips, rest]);
  const error = useMemo(() => {
    const parsed = parseQuery(query);
    return parsed.ok ? undefined : parsed.error;
  }, [query]);

  const write = useCallback(
    (filters: readonly Filter[], text: string | undefined, mode: HistoryMode) => {
      const next = queryOf(filters, text);
      go({ q: next === EVERYTHING ? '' : next }, mode);
    },
    [go],
  );
  const edit = useCallback(
    (change: ChipEdit, mode: HistoryMode = 'push') => write(editChips(chips, change), rest, mode),
    [chips, rest, write],
  );
  const setText = useCallback((text: string) => go({ q: text.trim() === EVERYTHING ? '' : text.trim() }, 'push'), [go]);
  const removeRest = useCallback(() => write(chips, undefined, 'push'), [chips, write]);
  const addCondition = useCallback(
    (condition: string) => {
      const next = withCondition(rest ?? EVERYTHING, condition);
      if (next !== undefined) write(chips, next, 'push');
    },
    [chips, rest, write],
  );
  const without = useCallback(
    (field: FilterField) =>
      queryOf(
        chips.filter(chip => isActive(chip) && !sameField(chip.field, field)),
        rest,
      ),
    [chips, rest],
  );
  return {
    text: q,
    chips,
    rest,
    query,
    isEverything: query === EVERYTHING,
    error,
    edit,
    setText,
    removeRest,
    addCondition,
    without,
  };
}

function isActive(chip: Filter): boolean {
  return chip.paused !== true;
}
