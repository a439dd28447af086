import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import { pathOfHref } from './use-url.ts';

/** Lets a plain press on a real link change the page without a reload; ⌘, middle and other presses stay the browser's. */
export function useFollow(): (event: React.MouseEvent<HTMLAnchorElement>) => void {
  const router = useRouter();
  return useCallback(
    event => {
      if (
        event.defaultPrevented ||
        event.button !== 0 ||
        event.metaKey ||
        event.ctrlKey ||
        event.shiftKey ||
        event.altKey
      ) {
        return;
      }
      event.preventDefault();
      router.history.push(pathOfHref(event.currentTarget.getAttribute('href')!));
    },
    [router],
  );
}
