import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { selfCheckQuery, storeQuery, storeVolumeQuery } from '#state/queries.ts';
import { announce } from '#state/session-store.ts';
import { useSources } from '#state/source-context.ts';

const POLL_MS = 5_000;
const VOLUME_POLL_MS = 60_000;

/** What the store page shows, asked again by itself while the page is in sight; a hidden tab asks for nothing. */
export function useStorePage() {
  const { server } = useSources();
  const queries = useQueryClient();
  const details = useQuery({ ...storeQuery(server), refetchInterval: POLL_MS, refetchOnWindowFocus: true });
  const volume = useQuery({
    ...storeVolumeQuery(server),
    // Asked at once when the first spans are there.
    enabled: details.data !== undefined && details.data.status.spans > 0,
    refetchInterval: VOLUME_POLL_MS,
  });
  const refresh = () => {
    for (const queryKey of [['store'], ['store-volume'], ['self-check']]) {
      void queries.invalidateQueries({ queryKey });
    }
  };
  return { details, volume, refresh };
}

/** The last self-check, and a way to run one. */
export function useSelfCheck() {
  const { server } = useSources();
  const queries = useQueryClient();
  const { data } = useQuery({
    ...selfCheckQuery(server),
    // Somebody else's check is under way: its result is looked for.
    refetchInterval: query => (query.state.data?.isRunning === true ? POLL_MS : false),
  });
  const run = useMutation({
    mutationFn: () => server.runSelfCheck(),
    onSuccess: async report => {
      queries.setQueryData(selfCheckQuery(server).queryKey, { isRunning: false, last: report });
      announce(report.verdict === 'right' ? 'The self-check found nothing wrong' : `The self-check: ${report.verdict}`);
      await queries.invalidateQueries({ queryKey: ['store'] });
    },
  });
  return {
    last: data?.last,
    isRunning: run.isPending || data?.isRunning === true,
    run: () => run.mutate(),
    error: run.error,
  };
}
