import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { FieldCounts } from '#domain/api/server-api.ts';
import { facetsQuery } from '#state/queries.ts';
import { useSource } from '#state/source-context.ts';
import { useSettled } from '#state/use-settled.ts';
import { useCalmWindow } from './use-calm-window.ts';

export type { FieldCounts };

/** Values listed per field; the rest is told as a number. */
export const LISTED_VALUES = 50;
const TYPING_MS = 200;

export interface FacetsState {
  /** By field; undefined where the source does not count. */
  readonly counts: ReadonlyMap<string, FieldCounts> | undefined;
  readonly isPending: boolean;
  readonly error: Error | null;
  /** The text that `counts` was narrowed by. */
  readonly find: string;
  readonly retry: () => void;
}

/** Traces per value of each field, for a query in the URL's range. */
export function useFacets(fields: readonly string[], query: string, find: string, enabled: boolean): FacetsState {
  const source = useSource();
  const settled = useSettled(find.trim(), TYPING_MS);
  const request = { query, fields, limit: LISTED_VALUES, find: settled, ...useCalmWindow() };
  const canCount = source.facets !== undefined;
  const { data, isPending, isPlaceholderData, error, refetch } = useQuery({
    ...facetsQuery(source, request),
    enabled: enabled && canCount && fields.length > 0,
  });
  const counts = useMemo(() => data && new Map(data.fields.map(entry => [entry.field, entry])), [data]);
  return {
    counts,
    isPending: canCount && isPending,
    error,
    find: isPlaceholderData ? '' : settled,
    retry: () => void refetch(),
  };
}
