import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { pinsQuery } from '#state/queries.ts';
import { announce } from '#state/session-store.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { printUrl } from '#state/url/codecs.ts';
import { useUrl } from '#state/url/use-url.ts';

/** Whether a copy of the trace is kept beyond retention, and a way to change that. Undefined where no server keeps pins. */
export function usePin(table: TraceTable) {
  const { all, server } = useSources();
  const source = useSource();
  const url = useUrl();
  const queries = useQueryClient();
  const traceId = table.traceId;
  const isOffered = all.some(({ capabilities }) => capabilities.embedded);
  const { data } = useQuery({ ...pinsQuery(server, { find: '', traceId }), enabled: isOffered });
  const pins = data?.pins.filter(pin => pin.source === source.id && pin.traceId === traceId) ?? [];
  const isPinned = pins.length > 0;
  const change = useMutation({
    mutationFn: async () => {
      if (isPinned) {
        for (const { id } of pins) await server.removePin(id);
        return;
      }
      const otlp = source.capabilities.embedded ? undefined : Uint8Array.from(await table.details.otlp());
      const { path, search } = printUrl(url);
      await server.createPin({ traceId, source: source.id, sourceName: source.name, view: { path, search } }, otlp);
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['pins'] });
      announce(isPinned ? 'The pin is given up' : 'Pinned: a copy of the trace stays when retention reaches it');
    },
    onError: error => announce(`Nothing was changed: ${error.message}`),
  });
  return isOffered
    ? { isPinned, isKnown: data !== undefined, change: () => change.mutate(), error: change.error }
    : undefined;
}
