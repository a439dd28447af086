import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TraceId } from '#domain/ids.ts';
import { pinsQuery } from '#state/queries.ts';
import { announce } from '#state/session-store.ts';
import { useSource, useSources } from '#state/source-context.ts';

/** Whether retention keeps a trace, and a way to change that. Undefined where the source is not the embedded store. */
export function usePin(traceId: TraceId) {
  const { server } = useSources();
  const { embedded } = useSource().capabilities;
  const queries = useQueryClient();
  const { data } = useQuery({ ...pinsQuery(server), enabled: embedded });
  const isPinned = data?.pins.some(pin => pin.traceId === traceId) ?? false;
  const change = useMutation({
    mutationFn: () => (isPinned ? server.unpin(traceId) : server.pin(traceId)),
    onSuccess: async state => {
      await queries.invalidateQueries({ queryKey: ['pins'] });
      announce(
        state.isPinned
          ? 'Pinned: the trace stays when retention reaches it'
          : state.isStored
            ? 'The pin is given up; the trace goes when retention reaches it'
            : 'The pin is given up, and the trace is gone from the store with it',
      );
    },
    onError: error => announce(`Nothing was pinned: ${error.message}`),
  });
  return embedded
    ? { isPinned, isKnown: data !== undefined, change: () => change.mutate(), error: change.error }
    : undefined;
}
