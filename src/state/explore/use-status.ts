import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { StoreStatus } from '#domain/api/server-api.ts';
import { statusQuery } from '#state/queries.ts';
import { refreshRange } from '#state/session-store.ts';
import { useSource, useSources } from '#state/source-context.ts';

const WAITING_POLL_MS = 2000;
const POLL_MS = 30_000;

/**
 * What the embedded store holds; undefined for other sources and until it is known. An empty store is asked every two
 * seconds, and the page refreshes by itself when its first span is there.
 */
export function useStoreStatus(): StoreStatus | undefined {
  const { server } = useSources();
  const source = useSource();
  const queries = useQueryClient();
  const { data } = useQuery({
    ...statusQuery(server),
    enabled: source.capabilities.embedded,
    refetchInterval: query => (query.state.data?.spans === 0 ? WAITING_POLL_MS : POLL_MS),
  });
  const status = source.capabilities.embedded ? data : undefined;
  const isEmpty = status?.spans === 0;
  const wasEmpty = useRef(false);
  useEffect(() => {
    if (wasEmpty.current && !isEmpty) {
      refreshRange();
      void queries.invalidateQueries({ predicate: query => query.queryKey[0] !== 'status' });
    }
    wasEmpty.current = isEmpty;
  }, [isEmpty, queries]);
  return status;
}

export interface SampleControl {
  readonly run: () => void;
  readonly isRunning: boolean;
  readonly error: Error | null;
}

/** Loads or removes the sample traces; everything on the page is asked again afterwards. */
export function useSample(action: 'load' | 'remove'): SampleControl {
  const { server } = useSources();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: () => (action === 'load' ? server.loadSample() : server.removeSample()),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['status'] });
      refreshRange();
      await queries.invalidateQueries({ predicate: query => query.queryKey[0] !== 'status' });
    },
  });
  return { run: () => change.mutate(), isRunning: change.isPending, error: change.error };
}
