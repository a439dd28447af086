import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TagValue } from '#domain/search/trace-summary.ts';
import type { TagScope, TimeWindow } from '#sources/trace-source.ts';
import { tagsQuery, tagValuesQuery } from '#state/queries.ts';
import { useSource } from '#state/source-context.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';

export type { TagScope };

const MINUTE_NS = 60_000_000_000n;

export interface TagValues {
  readonly values: readonly TagValue[];
  readonly isPending: boolean;
  readonly error: Error | null;
}

/** Attribute names in the URL's range, per scope. */
export function useTags(enabled: boolean): readonly TagScope[] {
  const source = useSource();
  return useQuery({ ...tagsQuery(source, useCoarseWindow()), enabled }).data ?? [];
}

/** Values of a scoped tag among the spans that match `query`. */
export function useTagValues(tag: string, query: string, enabled: boolean): TagValues {
  const source = useSource();
  const { data, isPending, error } = useQuery({ ...tagValuesQuery(source, tag, query, useCoarseWindow()), enabled });
  return { values: data ?? [], isPending, error };
}

/** The range out to whole minutes: lists of values need not follow every second of live mode. */
export function useCoarseWindow(): TimeWindow {
  const { startUnixNano, endUnixNano } = useResolvedRange();
  return useMemo(
    () => ({
      startUnixNano: (startUnixNano / MINUTE_NS) * MINUTE_NS,
      endUnixNano: ((endUnixNano + MINUTE_NS - 1n) / MINUTE_NS) * MINUTE_NS,
    }),
    [startUnixNano, endUnixNano],
  );
}
