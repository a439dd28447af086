import { useEffect } from 'react';
import { useGo, useUrl } from '#state/url/use-url.ts';
import type { Brush, WaterfallModel } from './waterfall-model.ts';

const REST_MS = 250;

/** Keeps the marked stretch of time in the link (`mark`), absolute, written when it has come to rest. */
export function useMarkUrl(model: WaterfallModel): void {
  const { mark } = useUrl();
  const go = useGo();
  const { baseUnixNano } = model.table;

  useEffect(() => {
    if (mark === undefined) {
      if (model.store.get().brush !== undefined) model.store.set({ brush: undefined });
      return;
    }
    const fromNs = Number(mark.startUnixNano - baseUnixNano);
    const brush = { fromNs, toNs: fromNs + mark.widthNs };
    if (!sameBrush(model.store.get().brush, brush)) model.store.set({ brush });
  }, [model, baseUnixNano, mark]);

  useEffect(() => {
    let seen = model.store.get().brush;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const stop = model.store.subscribe(() => {
      const { brush } = model.store.get();
      if (brush === seen) return;
      seen = brush;
      clearTimeout(rest);
      rest = setTimeout(() => {
        const next = brush && {
          startUnixNano: baseUnixNano + BigInt(Math.round(brush.fromNs)),
          widthNs: Math.max(1, Math.round(brush.toNs) - Math.round(brush.fromNs)),
        };
        go({ mark: next }, 'replace');
      }, REST_MS);
    });
    return () => {
      stop();
      clearTimeout(rest);
    };
  }, [model, baseUnixNano, go]);
}

/** To the ns, as links say it. */
function sameBrush(a: Brush | undefined, b: Brush): boolean {
  return a !== undefined && Math.round(a.fromNs) === b.fromNs && Math.round(a.toNs) === b.toNs;
}
