import { useMutation, useQueryClient } from '@tanstack/react-query';
import { announce } from '#state/session-store.ts';
import { useSources } from '#state/source-context.ts';

/** Removes one pin; other pins of the same trace stay. */
export function useRemovePin() {
  const { server } = useSources();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => server.removePin(id),
    onSuccess: async () => {
      announce('The pin is removed');
      await queries.invalidateQueries({ queryKey: ['pins'] });
      await queries.invalidateQueries({ queryKey: ['store'] });
    },
    onError: error => announce(`Nothing was removed: ${error.message}`),
  });
}
