import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { OtlpBatch } from '#sources/file/file-protocol.ts';
import { useSources } from '#state/source-context.ts';

export interface AddToStore {
  /** False where there is no store to add to. */
  readonly canAdd: boolean;
  readonly add: () => void;
  readonly isAdding: boolean;
  readonly added: { readonly spans: number; readonly rejected: number; readonly message: string } | undefined;
  readonly error: Error | null;
}

/** Sends the traces of an opened file to the embedded store, piece by piece, when the reader says so. */
export function useAddToStore(file: number): AddToStore {
  const { files, server, hasServer, config } = useSources();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: async () => {
      const total = { spans: 0, rejected: 0, message: '' };
      const { signal } = new AbortController();
      let from: number | undefined = 0;
      while (files !== undefined && from !== undefined) {
        const { bytes, next }: OtlpBatch = await files.ask('otlp', { file, from }, signal);
        const { accepted, rejected, message } = await server.addTraces(bytes);
        total.spans += accepted;
        total.rejected += rejected;
        total.message ||= message;
        from = next;
      }
      await queries.invalidateQueries();
      return total;
    },
  });
  return {
    canAdd: hasServer && config.sources.some(({ embedded }) => embedded),
    add: () => mutation.mutate(),
    isAdding: mutation.isPending,
    added: mutation.data,
    error: mutation.error,
  };
}
