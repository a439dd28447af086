import { useMemo } from 'react';
import { type FilterField, filterFieldKey } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref, useUrl } from '#state/url/use-url.ts';
import type { AttributeScope } from './attribute-scope.ts';
import { queryWith } from './query-with.ts';

/** Longer texts are no use in a query. */
const MOST_TEXT = 1024;

interface FilterLink {
  readonly href: string;
  readonly onClick: (event: React.MouseEvent<HTMLAnchorElement>) => void;
}

export interface FilterLinks {
  readonly only: FilterLink;
  readonly without: FilterLink;
}

/** Links to the results with a condition on this value added to the query; undefined for values no filter can name. */
export function useFilterLinks(attribute: Attribute, scope: AttributeScope): FilterLinks | undefined {
  const value = tagValue(attribute.value);
  return useFieldLinks(fieldOfAttribute(attribute.key, scope), value);
}

/** As `useFilterLinks`, for a field of the span itself. */
export function useFieldLinks(field: FilterField, value: TagValue | undefined): FilterLinks | undefined {
  const href = useHref();
  const follow = useFollow();
  const { q } = useUrl();
  const key = filterFieldKey(field);
  // biome-ignore lint/correctness/useExhaustiveDependencies: key and the value's parts stand for field and value
  return useMemo(() => {
    if (value === undefined || value.value.length > MOST_TEXT) return undefined;
    const link = (op: '=' | '!='): FilterLink => ({
      href: href({ page: { name: 'explore' }, q: queryWith(q, { field, op, values: [value] }) }),
      onClick: follow,
    });
    return { only: link('='), without: link('!=') };
  }, [q, key, value?.type, value?.value, href, follow]);
}

/** As `useFieldLinks`, for a field that a span does not have: only traces without it, only those with it. */
export function useMissingLinks(field: FilterField): FilterLinks {
  const href = useHref();
  const follow = useFollow();
  const { q } = useUrl();
  const link = (op: 'missing' | 'exists'): FilterLink => ({
    href: href({ page: { name: 'explore' }, q: queryWith(q, { field, op, values: [] }) }),
    onClick: follow,
  });
  return { only: link('missing'), without: link('exists') };
}

function fieldOfAttribute(key: string, scope: AttributeScope): FilterField {
  if (scope === 'baggage') return { kind: 'baggage', key };
  if (scope === 'resource' && key === 'service.name') return { kind: 'service' };
  return { kind: 'attribute', scope, key };
}

function tagValue(value: AttributeValue): TagValue | undefined {
  switch (value.type) {
    case 'string':
      return { type: 'string', value: value.value };
    case 'bool':
      return { type: 'bool', value: String(value.value) };
    case 'int':
      return { type: 'int', value: String(value.value) };
    case 'double':
      return Number.isFinite(value.value) ? { type: 'float', value: String(value.value) } : undefined;
    default:
      return undefined;
  }
}
