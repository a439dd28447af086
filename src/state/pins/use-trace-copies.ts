import { useQuery } from '@tanstack/react-query';
import type { Pin } from '#domain/api/pin-api.ts';
import type { TraceId } from '#domain/ids.ts';
import { pinsQuery } from '#state/queries.ts';
import { useSources } from '#state/source-context.ts';

/** Pins of a trace, of whatever source it was read from: copies to open where the trace itself is not there. */
export function useTraceCopies(traceId: TraceId): readonly Pin[] {
  const { hasServer, server } = useSources();
  const { data } = useQuery({ ...pinsQuery(server, { find: '', traceId }), enabled: hasServer });
  return data?.pins ?? [];
}
