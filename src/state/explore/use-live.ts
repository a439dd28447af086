import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { refreshRange } from '#state/session-store.ts';

const LIVE_MS = 2000;

/** While `on`, takes the range anew every two seconds; a slow answer is waited for, a hidden tab rests. */
export function useLive(on: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!on) return;
    refreshRange();
    const timer = setInterval(() => {
      if (document.visibilityState === 'hidden' || queries.isFetching({ queryKey: ['search'] }) > 0) return;
      refreshRange();
    }, LIVE_MS);
    return () => clearInterval(timer);
  }, [on, queries]);
}
