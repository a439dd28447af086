import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Puts another address in the place of the one that is shown. `path` counts from the base, with its search text. */
export function useReplaceAddress(): (path: string) => void {
  const router = useRouter();
  return useCallback(
    path => router.history.replace(`${(router.options.basepath ?? '/').replace(/\/$/, '')}${path}`),
    [router],
  );
}
