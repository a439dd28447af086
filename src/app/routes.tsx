import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { parseSearch, stringifySearch } from '#state/url/codecs.ts';
import type { ViewId } from '#state/view-ids.ts';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { App } from './App.tsx';
import { basePath } from './base-path.ts';
import { NoSuchPage } from './NoSuchPage.tsx';
import { pageForm } from './page-form.ts';
import { loadView } from './views.ts';

const page = (id: ViewId) => lazyRouteComponent(async () => ({ default: (await loadView(id)).Page }));

const rootRoute = createRootRoute({ component: App });
const exploreRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: page('explore') });
const graphRoute = createRoute({ getParentRoute: () => rootRoute, path: '/graph', component: page('graph') });
const storeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/store', component: page('store') });
const pinsRoute = createRoute({ getParentRoute: () => rootRoute, path: '/pins', component: page('pins') });
const pinRoute = createRoute({ getParentRoute: () => rootRoute, path: '/p/$pin', component: page('pin') });
const traceRoute = createRoute({ getParentRoute: () => rootRoute, path: '/trace/$traceId', component: page('trace') });

/** Paths are matched here; what they and the search parameters mean is read in state/url. */
export function createAppRouter() {
  return createRouter({
    routeTree: rootRoute.addChildren([exploreRoute, graphRoute, storeRoute, pinsRoute, pinRoute, traceRoute]),
    // A plain web server answers one address: pages stand behind its `#`.
    ...(pageForm() === 'server' ? { basepath: basePath() } : { history: createHashHistory(), basepath: '/' }),
    parseSearch,
    stringifySearch,
    defaultPreload: false,
    scrollRestoration: false,
    defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
    defaultNotFoundComponent: NoSuchPage,
  });
}
