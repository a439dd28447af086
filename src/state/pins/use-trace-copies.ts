import { useQuery } from '@tanstack/react-query';
import type { Pin } from '#domain/api/pin-api.ts';
import type { TraceId } from '#domain/ids.ts';
import { pinsQuery } from '#state/queries.ts';
import { useSources } from '#state/source-context.ts';

/** Pins of a trace, of whatever source it was read from: copies to open where the trace itself is not there. */
export function useTraceCopies(traceId: TraceId): readonly Pin[] {
  const { all, server } = useSources();
  const isOffered = all.some(({ capabilities }) => capabilities.embedded);
  const { data } = useQuery({ ...pinsQuery(server, { find: '', traceId }), enabled: isOffered });
  return data?.pins ?? [];
}
