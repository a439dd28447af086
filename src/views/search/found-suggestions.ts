import type { Filter } from '#domain/search/filter.ts';
import { quoteGo } from '#domain/traceql/literals.ts';
import type { FoundValue } from '#state/explore/use-find-value.ts';
import { fieldOfTag } from './field-of-tag.ts';

/** A field that holds the text, and the filter that finds its traces. */
export interface FoundSuggestion {
  readonly kind: 'found';
  readonly found: FoundValue;
  /** The chip; undefined where no chip exists for the field. */
  readonly filter: Filter | undefined;
  /** The same condition in TraceQL. */
  readonly condition: string;
  /** Whether the filter asks for one value, or for all that contain the text. */
  readonly isExact: boolean;
}

/**
 * What was found as filters: whole values before parts, services and operations before other fields, else in its order. One
 * value that contains the text is asked for as it is.
 */
export function suggestFound(found: readonly FoundValue[], text: string): readonly FoundSuggestion[] {
  const suggestions = found.map((entry): FoundSuggestion => {
    const { field, example, values, isWhole } = entry;
    const isExact = isWhole || values === 1;
    const op = isExact ? '=' : '=~';
    const value = isExact ? example : { type: 'string' as const, value: containing(text.trim()) };
    const chipField = fieldOfTag(field);
    const literal = value.type === 'string' ? quoteGo(value.value) : value.value;
    return {
      kind: 'found',
      found: entry,
      filter: chipField && { field: chipField, op, values: [value] },
      condition: `${field} ${op} ${literal}`,
      isExact,
    };
  });
  return suggestions.sort((a, b) => Number(b.found.isWhole) - Number(a.found.isWhole) || rankOf(a) - rankOf(b));
}

function rankOf({ filter, isExact }: FoundSuggestion): number {
  const isUsual = filter?.field.kind === 'service' || filter?.field.kind === 'operation';
  return isUsual ? 0 : isExact ? 1 : 2;
}

/** A regular expression (RE2, anchored) for "contains, in any case". */
function containing(text: string): string {
  return `(?i).*${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}.*`;
}
