import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { NewPin } from '#domain/api/pin-api.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { announce } from '#state/session-store.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { printUrl } from '#state/url/codecs.ts';
import { useUrl } from '#state/url/use-url.ts';

/** What the reader may say about a pin. */
export type PinWords = Pick<NewPin, 'note' | 'by' | 'expiresUnixMs'>;

/** Pins the open trace with the view that is on screen. A trace of another source is sent along. */
export function useCreatePin(table: TraceTable) {
  const { server } = useSources();
  const source = useSource();
  const url = useUrl();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (words: PinWords) => {
      const otlp = source.capabilities.embedded ? undefined : Uint8Array.from(await table.details.otlp());
      const { path, search } = printUrl(url);
      const view = { path, search };
      return await server.createPin(
        { ...words, traceId: table.traceId, source: source.id, sourceName: source.name, view },
        otlp,
      );
    },
    onSuccess: async () => {
      announce('Pinned: a copy of the trace stays when retention reaches it');
      await queries.invalidateQueries({ queryKey: ['pins'] });
    },
    onError: error => announce(`Nothing was pinned: ${error.message}`),
  });
}
