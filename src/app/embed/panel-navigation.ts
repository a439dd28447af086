import { useSyncExternalStore } from 'react';
import { basePath } from '#app/base-path.ts';
import { pageForm } from '#app/page-form.ts';
import type { PanelRequest } from '#state/embed/read-panel.ts';
import { parseSearch } from '#state/url/codecs.ts';
import type { Navigation, Place } from '#state/url/navigation.ts';

/**
 * The state of a panel is that of the page which shows the same, kept in memory: steps inside a frame must not become
 * steps of the Back button of its host. What would lead to another page is opened in Throughline: `onLeave` gets its
 * address.
 */
export function panelNavigation({ path, search }: PanelRequest, onLeave: (href: string) => void): Navigation {
  let place = placeOf(`${path}${search}`);
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  // Plain files have one document for all pages.
  const root = pageForm() === 'server' ? basePath().replace(/\/$/, '') : `${basePath()}#`;
  const hrefOf = (to: string) => `${root}${to}`;
  const go = (to: string): void => {
    const next = placeOf(to);
    if (next.pathname !== place.pathname) {
      onLeave(hrefOf(to));
      return;
    }
    place = next;
    for (const listener of listeners) listener();
  };
  return {
    usePlace: () => useSyncExternalStore(subscribe, () => place),
    latest: () => place,
    push: go,
    replace: go,
    hrefOf,
    pathOf: href => href.slice(root.length),
    onTraverse: () => undefined,
  };
}

function placeOf(path: string): Place {
  const at = path.indexOf('?');
  const [pathname, search] = at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at)];
  return { pathname, search, params: parseSearch(search) };
}
