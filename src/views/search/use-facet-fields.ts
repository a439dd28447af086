import { useMemo } from 'react';
import type { FilterField } from '#domain/search/filter.ts';
import { useTags } from '#state/explore/use-tags.ts';
import { choose } from '#state/prefs-store.ts';
import { useSource } from '#state/source-context.ts';
import { usePrefs } from '#state/use-store.ts';
import { tagOf } from './field-names.ts';
import { fieldOfTag } from './field-of-tag.ts';

const BAGGAGE_SHOWN = 8;

/** A field in the facets, with the name that it has in TraceQL. */
export interface FacetField {
  readonly tag: string;
  readonly field: FilterField;
}

export interface FacetFields {
  readonly usual: readonly FacetField[];
  /** Keys that occur in the range. */
  readonly baggage: readonly FacetField[];
  /** What the reader added. */
  readonly added: readonly FacetField[];
  readonly add: (field: FilterField) => void;
  readonly remove: (field: FacetField) => void;
}

const USUAL: readonly FilterField[] = [
  { kind: 'status' },
  { kind: 'service' },
  { kind: 'operation' },
  { kind: 'kind' },
];

/** Which fields have a facet: the usual ones, baggage, and those that the reader added and keeps. */
export function useFacetFields(): FacetFields {
  const { baggageScope } = useSource().capabilities;
  const tags = useTags(true);
  const kept = usePrefs(prefs => prefs.facets);
  return useMemo(() => {
    const withTag = (field: FilterField): FacetField => ({ field, tag: tagOf(field, baggageScope) });
    const keys = tags.find(({ name }) => name === 'baggage')?.tags ?? [];
    return {
      usual: USUAL.map(withTag),
      baggage: keys.slice(0, BAGGAGE_SHOWN).map(key => withTag({ kind: 'baggage', key })),
      added: kept.flatMap(tag => {
        const field = fieldOfTag(tag);
        return field ? [{ tag, field }] : [];
      }),
      add: field => choose({ facets: [...new Set([...kept, tagOf(field, true)])] }),
      remove: ({ tag }) => choose({ facets: kept.filter(other => other !== tag) }),
    };
  }, [baggageScope, tags, kept]);
}
