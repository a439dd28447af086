import { useEffect, useState } from 'react';
import { beginWork } from '#state/idle.ts';
import { findRows, parseFind } from './find.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Keeps the model's matches those of `text`. Returns whether the search is still running. */
export function useFind(model: WaterfallModel, text: string): boolean {
  const [found, setFound] = useState('');
  useEffect(() => {
    const terms = parseFind(text);
    if (terms.length === 0) {
      model.setMatches(undefined);
      setFound(text);
      return;
    }
    const controller = new AbortController();
    const done = beginWork();
    findRows(model.table, terms, controller.signal)
      .then(
        mask => {
          model.setMatches(mask);
          setFound(text);
        },
        error => {
          if (controller.signal.aborted) return;
          model.setMatches(undefined);
          setFound(text);
          console.warn('find failed', error);
        },
      )
      .finally(done);
    return () => {
      controller.abort();
      done();
    };
  }, [model, text]);
  return found !== text;
}
