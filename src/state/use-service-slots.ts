import { useQuery } from '@tanstack/react-query';
import { statusQuery } from './queries.ts';
import { useSource, useSources } from './source-context.ts';

/** Colour slots that the server keeps for the current source; undefined where it keeps none: hash the name then. */
export function useServiceSlots(): Readonly<Record<string, number>> | undefined {
  const { server } = useSources();
  const source = useSource();
  const { data } = useQuery({ ...statusQuery(server), enabled: source.capabilities.embedded });
  return source.capabilities.embedded ? data?.serviceSlots : undefined;
}
