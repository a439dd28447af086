import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  type RouterHistory,
} from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { basePath } from '#app/base-path.ts';
import { pageForm } from '#app/page-form.ts';
import type { PanelRequest } from '#state/embed/read-panel.ts';
import { parseSearch, stringifySearch } from '#state/url/codecs.ts';

/**
 * The state of a panel is that of the page which shows the same, kept in memory: steps inside a frame must not become
 * steps of the Back button of its host. What would lead to another page is opened in Throughline: `onLeave` gets its
 * address.
 */
export function createPanelRouter(
  { path, search }: PanelRequest,
  Panel: () => ReactNode,
  onLeave: (href: string) => void,
) {
  const isServer = pageForm() === 'server';
  const root = isServer ? basePath().replace(/\/$/, '') : '';
  const history = createMemoryHistory({ initialEntries: [`${root}${path}${search}`] });
  const { replace } = history;
  const go: RouterHistory['push'] = (href, ...rest) => {
    const [target] = href.split('?', 1);
    if (target === history.location.pathname) replace(href, ...rest);
    else onLeave(history.createHref(href));
  };
  history.push = go;
  history.replace = go;
  if (!isServer) history.createHref = href => `${basePath()}#${href}`;
  const rootRoute = createRootRoute({ component: Panel });
  const anywhere = createRoute({ getParentRoute: () => rootRoute, path: '$' });
  return createRouter({
    routeTree: rootRoute.addChildren([anywhere]),
    history,
    basepath: isServer ? basePath() : '/',
    parseSearch,
    stringifySearch,
    defaultPreload: false,
    scrollRestoration: false,
  });
}
