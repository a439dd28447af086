import { createContext, useContext } from 'react';
import type { SearchParams } from './versions.ts';

/** A place within the app: the path counts from the base and starts with '/'. */
export interface Place {
  readonly pathname: string;
  /** With '?', '' for none. */
  readonly search: string;
  readonly params: SearchParams;
}

/** Where the address of what is shown lives: the router of the app, or the memory of a panel. */
export interface Navigation {
  /** A hook: the place that is rendered. */
  readonly usePlace: () => Place;
  /** The place that was gone to last, rendered or not. */
  readonly latest: () => Place;
  readonly push: (path: string) => void;
  readonly replace: (path: string) => void;
  /** The address of a path for real links, and the reverse. */
  readonly hrefOf: (path: string) => string;
  readonly pathOf: (href: string) => string;
  /** Calls the listener when Back or Forward lead elsewhere. */
  readonly onTraverse: (listener: () => void) => void;
}

export const NavigationContext = createContext<Navigation | undefined>(undefined);

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error('no navigation: NavigationContext is missing');
  return navigation;
}
