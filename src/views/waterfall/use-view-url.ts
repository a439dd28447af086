import { useEffect, useRef } from 'react';
import type { Folds } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { foldsOf, sameFolds } from './folds.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const REST_MS = 250;
/** A link names at most so many opened and closed entries. */
const MOST_FLIPPED = 60;

/** Keeps what is folded and filtered in the link (`folds`, `only`, `group`, `path`), written when it has come to rest. */
export function useViewUrl(model: WaterfallModel): void {
  const { folds, only, group, path } = useUrl();
  const go = useGo();
  const known = useRef<{ model: WaterfallModel; folds: Folds }>(undefined);

  useEffect(() => {
    if (known.current?.model === model && sameFolds(known.current.folds, folds)) return;
    const isNew = known.current?.model !== model;
    const nothing = folds.base === 'first' && folds.flipped.length === 0;
    known.current = { model, folds };
    if (!isNew || !nothing) model.setFolds(folds);
  }, [model, folds]);
  useEffect(() => model.setGrouping(group), [model, group]);
  useEffect(() => model.setOnlyMatches(only), [model, only]);
  useEffect(() => model.store.set({ showPath: path }), [model, path]);

  useEffect(() => {
    let seen = model.store.get();
    let rest: ReturnType<typeof setTimeout> | undefined;
    const stop = model.store.subscribe(() => {
      const now = model.store.get();
      const before = seen;
      seen = now;
      if (now.grouping !== before.grouping) go({ group: now.grouping }, 'replace');
      if (now.showPath !== before.showPath) go({ path: now.showPath }, 'replace');
      if (now.onlyMatches !== before.onlyMatches) go({ only: now.onlyMatches }, 'replace');
      if (now.closed === before.closed) return;
      clearTimeout(rest);
      rest = setTimeout(() => {
        rest = undefined;
        const { closed, foldBase } = model.store.get();
        const next = foldsOf(model.foldShape, closed, foldBase, MOST_FLIPPED);
        if (known.current !== undefined && sameFolds(known.current.folds, next)) return;
        known.current = { model, folds: next };
        go({ folds: next }, 'replace');
      }, REST_MS);
    });
    // Back and Forward go to an entry of their own: what was not written yet belongs to the one that is left.
    const leave = (): void => {
      if (rest === undefined) return;
      clearTimeout(rest);
      rest = undefined;
      if (known.current !== undefined) model.setFolds(known.current.folds);
    };
    window.addEventListener('popstate', leave);
    return () => {
      stop();
      clearTimeout(rest);
      window.removeEventListener('popstate', leave);
    };
  }, [model, go]);
}
