import { useMemo } from 'react';
import type { FilterField } from '#domain/search/filter.ts';
import { useTags } from '#state/explore/use-tags.ts';
import { choose } from '#state/prefs-store.ts';
import { useSource } from '#state/source-context.ts';
import { MOST_FACETS } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
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
  const { facets: linked } = useUrl();
  const go = useGo();
  return useMemo(() => {
    const tagsShown = linked ?? kept;
    /** The link says what is shown; of what the reader adds or removes, this browser keeps that one. */
    const show = (next: readonly string[], own: readonly string[]) => {
      choose({ facets: own.slice(0, MOST_FACETS) });
      go({ facets: next }, 'replace');
    };
    const withTag = (field: FilterField): FacetField => ({ field, tag: tagOf(field, baggageScope) });
    const keys = tags.find(({ name }) => name === 'baggage')?.tags ?? [];
    return {
      usual: USUAL.map(withTag),
      baggage: keys.slice(0, BAGGAGE_SHOWN).map(key => withTag({ kind: 'baggage', key })),
      added: tagsShown.flatMap(tag => {
        const field = fieldOfTag(tag);
        return field ? [{ tag, field }] : [];
      }),
      add: field => {
        const tag = tagOf(field, true);
        show([...new Set([...tagsShown, tag])], [...new Set([...kept, tag])]);
      },
      remove: ({ tag }) => {
        const isOther = (shown: string) => shown !== tag;
        show(tagsShown.filter(isOther), kept.filter(isOther));
      },
    };
  }, [baggageScope, tags, kept, linked, go]);
}
