import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PinChange } from '#domain/api/pin-api.ts';
import { announce } from '#state/session-store.ts';
import { useSources } from '#state/source-context.ts';

/** Changes the note or the expiry of a pin. */
export function useChangePin() {
  const { server } = useSources();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, change }: { id: string; change: PinChange }) => server.changePin(id, change),
    onSuccess: async () => {
      announce('The pin is changed');
      await queries.invalidateQueries({ queryKey: ['pins'] });
    },
    onError: error => announce(`Nothing was changed: ${error.message}`),
  });
}
