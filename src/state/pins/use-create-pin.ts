import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { NewPin } from '#domain/api/pin-api.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { announce } from '#state/session-store.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { printUrl } from '#state/url/codecs.ts';
import type { UrlState } from '#state/url/url-state.ts';

/** Of files the name may be longer. */
const MAX_SOURCE_NAME = 200;

/** What the reader may say about a pin. */
export type PinWords = Pick<NewPin, 'note' | 'by' | 'expiresUnixMs'>;

export interface PinOrder {
  readonly table: TraceTable;
  /** The view that the pin opens. */
  readonly state: UrlState;
  readonly words?: PinWords;
}

/** Pins the open trace with a view. A trace of another source than the server's own store is sent along. */
export function useCreatePin() {
  const { server } = useSources();
  const source = useSource();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ table, state, words = {} }: PinOrder) => {
      const otlp = source.capabilities.embedded ? undefined : Uint8Array.from(await table.details.otlp());
      const { path, search } = printUrl(state);
      const named = { traceId: table.traceId, source: source.id, sourceName: source.name.slice(0, MAX_SOURCE_NAME) };
      return await server.createPin({ ...words, ...named, view: { path, search } }, otlp);
    },
    onSuccess: async () => {
      announce('Pinned: a copy of the trace stays when retention reaches it');
      await queries.invalidateQueries({ queryKey: ['pins'] });
    },
    onError: error => announce(`Nothing was pinned: ${error.message}`),
  });
}
