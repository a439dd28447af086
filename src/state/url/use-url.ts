import { useCallback, useMemo } from 'react';
import { refreshRange } from '#state/session-store.ts';
import { parseUrl, printUrl, readUrl, type UrlReading } from './codecs.ts';
import { type Navigation, useNavigation } from './navigation.ts';
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
  const { pathname, search, params } = useNavigation().usePlace();
  const href = `${pathname}${search}`;
  if (latest?.href !== href) {
    latest = { ...readUrl(pathname, params), href, params };
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
  const navigation = useNavigation();
  return useCallback(
    (change, mode) => {
      if (change.from !== undefined || change.to !== undefined) refreshRange();
      writerOf(navigation).go(change, mode);
    },
    [navigation],
  );
}

/** Addresses for real links: the current URL with a change, including the base path. */
export function useHref(): (change: Partial<UrlState>) => string {
  const url = useUrl();
  const navigation = useNavigation();
  return useMemo(() => change => navigation.hrefOf(pathOf({ ...url, ...asItWasLeft(url, change) })), [url, navigation]);
}

const writers = new WeakMap<Navigation, UrlWriter>();

function writerOf(navigation: Navigation): UrlWriter {
  let writer = writers.get(navigation);
  if (!writer) {
    const made = createUrlWriter({
      current: () => {
        const { pathname, params } = navigation.latest();
        return parseUrl(pathname, params);
      },
      write: (state, mode) => navigation[mode](pathOf(state)),
      now: () => performance.now(),
      later: (task, ms) => setTimeout(task, ms),
    });
    // Back and Forward: what was to be replaced is another entry now.
    navigation.onTraverse(() => made.forget());
    writer = made;
    writers.set(navigation, made);
  }
  return writer;
}

function pathOf(state: UrlState): string {
  const { path, search } = printUrl(state);
  return `${path}${search}`;
}
