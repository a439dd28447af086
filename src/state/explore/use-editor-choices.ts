import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TagValue } from '#domain/search/trace-summary.ts';
import type { TagScope } from '#sources/trace-source.ts';
import { tagsQuery, tagValuesQuery } from '#state/queries.ts';
import { useSource } from '#state/source-context.ts';
import { useCoarseWindow } from './use-tags.ts';

export interface EditorChoices {
  readonly hasBaggage: boolean;
  tags(): Promise<readonly TagScope[]>;
  values(field: string, query: string): Promise<readonly TagValue[]>;
}

/** Values that a source does not list, or lists by name only. */
const FIXED: ReadonlyMap<string, readonly TagValue[]> = new Map(
  Object.entries({
    status: ['error', 'ok', 'unset'],
    kind: ['server', 'client', 'producer', 'consumer', 'internal', 'unspecified'],
  }).flatMap(([name, words]) => {
    const values = words.map((value): TagValue => ({ type: 'keyword', value }));
    return [
      [name, values],
      [`span:${name}`, values],
    ] as const;
  }),
);
const DURATIONS = ['10ms', '100ms', '500ms', '1s', '5s'].map((value): TagValue => ({ type: 'duration', value }));

/** Names and values for a query that is being typed, in the URL's range. What cannot be read is offered as nothing. */
export function useEditorChoices(): EditorChoices {
  const source = useSource();
  const queries = useQueryClient();
  const window = useCoarseWindow();
  return useMemo(() => {
    const hasBaggage = source.capabilities.baggageScope;
    return {
      hasBaggage,
      tags: () => queries.fetchQuery(tagsQuery(source, window)).catch(() => []),
      values: async (field, query) => {
        const fixed = /(?:^|[:.])(?:traceD|d)uration$/.test(field) ? DURATIONS : FIXED.get(field);
        return fixed ?? queries.fetchQuery(tagValuesQuery(source, field, query, window)).catch(() => []);
      },
    };
  }, [source, queries, window]);
}
