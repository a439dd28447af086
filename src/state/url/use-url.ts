import { useLocation, useRouter } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { refreshRange } from '#state/session-store.ts';
import { parseUrl, printUrl } from './codecs.ts';
import type { UrlState } from './url-state.ts';
import { createUrlWriter, type UrlWriter } from './url-writer.ts';

/** `push` makes a step that Back undoes; `replace` does not. */
export type HistoryMode = 'push' | 'replace';
export type Go = (change: Partial<UrlState>, mode: HistoryMode) => void;

let latest: { href: string; state: UrlState } | undefined;

/** What the URL says. The same object for the same URL, in every component. */
export function useUrl(): UrlState {
  const location = useLocation();
  const href = `${location.pathname}${location.searchStr}`;
  if (latest?.href !== href) {
    latest = { href, state: parseUrl(location.pathname, location.search as Record<string, string>) };
  }
  return latest.state;
}

/** Changes the URL. Writes less than 50 ms apart are joined; a changed range is resolved afresh. */
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
  return useMemo(() => change => absoluteHref(router, { ...url, ...change }), [url, router]);
}

type Router = ReturnType<typeof useRouter>;

const writers = new WeakMap<Router, UrlWriter>();

function writerOf(router: Router): UrlWriter {
  let writer = writers.get(router);
  if (!writer) {
    const made = createUrlWriter({
      current: () => {
        const { pathname, search } = router.latestLocation;
        return parseUrl(pathname, search as Record<string, string>);
      },
      write: (state, mode) => {
        router.history[mode](absoluteHref(router, state));
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

function absoluteHref(router: Router, state: UrlState): string {
  const { path, search } = printUrl(state);
  return `${(router.options.basepath ?? '/').replace(/\/$/, '')}${path}${search}`;
}
