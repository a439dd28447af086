import { useQuery } from '@tanstack/react-query';
import { pinsQuery } from '#state/queries.ts';
import { useSources } from '#state/source-context.ts';
import { useUrl } from '#state/url/use-url.ts';

const POLL_MS = 60_000;

/** The pins that the link looks for, asked again by themselves: others pin, too. */
export function usePinsPage() {
  const { all, server } = useSources();
  const { named } = useUrl();
  const isOffered = all.some(({ capabilities }) => capabilities.embedded);
  const { data, error, refetch } = useQuery({
    ...pinsQuery(server, { find: named }),
    enabled: isOffered,
    refetchInterval: POLL_MS,
    refetchOnWindowFocus: true,
  });
  return { isOffered, list: data, error, retry: () => void refetch() };
}
