import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { ROW_HEIGHT } from './layout.ts';
import { needsAnchor, type ScrollMap, scrollFor, topAfterScroll } from './scroll-map.ts';
import { useFrame } from './use-frame.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const REST_MS = 160;

/** Couples the scroller's position with the model's: either may move the other (see `scroll-map.ts`). */
export function useScroller(model: WaterfallModel, element: RefObject<HTMLDivElement | null>): void {
  /** Position that stands for the model's, and the rows it was worked out for. */
  const known = useRef<{ scroll: number; topPx: number; rows: unknown }>({ scroll: 0, topPx: 0, rows: undefined });

  const anchor = useCallback(() => {
    const scroller = element.current;
    if (scroller === null) return;
    const { topPx, rows } = model.store.get();
    scroller.scrollTop = scrollFor(mapOf(model), topPx);
    known.current = { scroll: scroller.scrollTop, topPx, rows };
  }, [model, element]);

  useFrame(model, () => {
    const { topPx, rows } = model.store.get();
    if (topPx !== known.current.topPx || rows !== known.current.rows) anchor();
  });

  useLayoutEffect(() => {
    const scroller = element.current;
    if (scroller === null) return;
    // The head above shares the columns of the rows, so it leaves the scrollbar's width free.
    const observer = new ResizeObserver(() => {
      const width = scroller.offsetWidth - scroller.clientWidth;
      scroller.parentElement?.style.setProperty('--scrollbar', `${width}px`);
    });
    observer.observe(scroller);
    return () => observer.disconnect();
  }, [element]);

  useEffect(() => {
    const scroller = element.current;
    if (scroller === null) return;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const onScroll = (): void => {
      const { rows, topPx } = model.store.get();
      const scroll = scroller.scrollTop;
      // Until the next frame has set the position for new rows, what the browser reports is about the old ones.
      if (rows !== known.current.rows || scroll === known.current.scroll) return;
      model.scrollTo(topAfterScroll(mapOf(model), topPx, known.current.scroll, scroll));
      known.current = { scroll, topPx: model.store.get().topPx, rows };
      if (needsAnchor(mapOf(model), known.current.topPx, scroll, false)) anchor();
      clearTimeout(rest);
      rest = setTimeout(() => {
        if (needsAnchor(mapOf(model), model.store.get().topPx, scroller.scrollTop, true)) anchor();
      }, REST_MS);
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(rest);
      scroller.removeEventListener('scroll', onScroll);
    };
  }, [model, element, anchor]);
}

export function mapOf(model: WaterfallModel): ScrollMap {
  const { rows, heightPx } = model.store.get();
  return { totalPx: rows.count * ROW_HEIGHT, viewportPx: heightPx };
}
