import { useQuery } from '@tanstack/react-query';
import { pinsQuery } from '#state/queries.ts';
import { useSources } from '#state/source-context.ts';
import { useUrl } from '#state/url/use-url.ts';

const POLL_MS = 60_000;

/** The pins that the link looks for, asked again by themselves: others pin, too. */
export function usePinsPage() {
  const { hasServer, server } = useSources();
  const { named } = useUrl();
  const { data, error, refetch } = useQuery({
    ...pinsQuery(server, { find: named }),
    enabled: hasServer,
    refetchInterval: POLL_MS,
    refetchOnWindowFocus: true,
  });
  return { hasServer, list: data, error, retry: () => void refetch() };
}
