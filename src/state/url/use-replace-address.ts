import { useNavigation } from './navigation.ts';

/** Puts another address in the place of the one that is shown. `path` counts from the base, with its search text. */
export function useReplaceAddress(): (path: string) => void {
  return useNavigation().replace;
}
