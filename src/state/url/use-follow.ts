import { useCallback } from 'react';
import { useNavigation } from './navigation.ts';

/** Lets a plain press on a real link change the page without a reload; ⌘, middle and other presses stay the browser's. */
export function useFollow(): (event: React.MouseEvent<HTMLAnchorElement>) => void {
  const navigation = useNavigation();
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
      navigation.push(navigation.pathOf(event.currentTarget.getAttribute('href')!));
    },
    [navigation],
  );
}
