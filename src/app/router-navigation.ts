import { useLocation } from '@tanstack/react-router';
import type { Navigation, Place } from '#state/url/navigation.ts';
import type { SearchParams } from '#state/url/versions.ts';
import type { createAppRouter } from './routes.tsx';

/** The app's router as the place where its address lives. */
export function navigationOf(router: ReturnType<typeof createAppRouter>): Navigation {
  const { history } = router;
  const base = (router.options.basepath ?? '/').replace(/\/$/, '');
  const write = (mode: 'push' | 'replace') => (path: string) => {
    history[mode](`${base}${path}`);
    // The router joins what comes within one turn: a replace before a push would be lost to its own entry.
    history.flush();
  };
  return {
    usePlace: () => placeOf(useLocation()),
    latest: () => placeOf(router.latestLocation),
    push: write('push'),
    replace: write('replace'),
    hrefOf: path => history.createHref(`${base}${path}`),
    // In the static form paths stand behind a `#`.
    pathOf: href => href.slice(href.indexOf('#') + 1).slice(base.length),
    onTraverse: listener => {
      history.subscribe(({ action }: { action: { type: string } }) => {
        if (action.type !== 'PUSH' && action.type !== 'REPLACE') listener();
      });
    },
  };
}

function placeOf({ pathname, searchStr, search }: { pathname: string; searchStr: string; search: unknown }): Place {
  return { pathname, search: searchStr, params: search as SearchParams };
}
