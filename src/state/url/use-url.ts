import { useLocation, useRouter } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { refreshRange } from '#state/session-store.ts';
import { parseUrl, printUrl, readUrl, type UrlReading } from './codecs.ts';
import { asItWasLeft, rememberPage } from './page-memory.ts';
import type { UrlState } from './url-state.ts';
import { createUrlWriter, type UrlWriter } from './url-writer.ts';
import type { SearchParams } from './versions.ts';

/** `push` makes a step that Back undoes; `replace` does not. */
export type HistoryMode = 'push' | 'replace';
export type Go = (change: Partial<UrlState>, mode: HistoryMode) => void;

/** A link as it was understood, and its address within the app. */
export interface ReadLink extends UrlReading {
  readonly href: string;
  /** As they stand in the address. */
  readonly params: SearchParams;
}

let latest: ReadLink | undefined;

/** What the URL says. The same object for the same URL, in every component. */
export function useUrl(): UrlState {
  return useReadLink().state;
}

/** As `useUrl`, with what could not be read. */
export function useReadLink(): ReadLink {
  const location = useLocation();
  const href = `${location.pathname}${location.searchStr}`;
  if (latest?.href !== href) {
    const params = location.search as SearchParams;
    latest = { ...readUrl(location.pathname, params), href, params };
    rememberPage(latest.state);
  }
  return latest;
}

/**
 * Changes the URL. Writes less than 50 ms apart are joined; a changed range is resolved afresh; another page comes as it was
 * last left.
 *
 * Push what a reader would want to go back from: another page, trace, source, query or range; a box, a split, a pick, a
 * focus, the opening and closing of details. Replace what is set by degrees or only dresses the same thing: order, zoom,
 * folds, find, forms, what live mode moves.
 */
export function useGo(): Go {
  const router = useRouter();
  return useCallback(
    (change, mode) => {
      if (change.from !== undefined || change.to !== undefined) refreshRange();
      writerOf(router).go(change, mode);
    },
    [router],
  );
}

/** Addresses for real links: the current URL with a change, including the base path. */
export function useHref(): (change: Partial<UrlState>) => string {
  const url = useUrl();
  const router = useRouter();
  return useMemo(() => change => absoluteHref(router, { ...url, ...asItWasLeft(url, change) }), [url, router]);
}

type Router = ReturnType<typeof useRouter>;

const writers = new WeakMap<Router, UrlWriter>();

function writerOf(router: Router): UrlWriter {
  let writer = writers.get(router);
  if (!writer) {
    const made = createUrlWriter({
      current: () => {
        const { pathname, search } = router.latestLocation;
        return parseUrl(pathname, search as SearchParams);
      },
      write: (state, mode) => {
        router.history[mode](routePath(router, state));
        // The router joins what comes within one turn: a replace before a push would be lost to its own entry.
        router.history.flush();
      },
      now: () => performance.now(),
      later: (task, ms) => setTimeout(task, ms),
    });
    // Back and Forward: what was to be replaced is another entry now.
    router.history.subscribe(({ action }: { action: { type: string } }) => {
      if (action.type !== 'PUSH' && action.type !== 'REPLACE') made.forget();
    });
    writer = made;
    writers.set(router, made);
  }
  return writer;
}

/** Where a link of this app leads within the router: behind the `#` in the static form. */
export function pathOfHref(href: string): string {
  return href.slice(href.indexOf('#') + 1);
}

function absoluteHref(router: Router, state: UrlState): string {
  return router.history.createHref(routePath(router, state));
}

function routePath(router: Router, state: UrlState): string {
  const { path, search } = printUrl(state);
  return `${(router.options.basepath ?? '/').replace(/\/$/, '')}${path}${search}`;
}
