import { type RefObject, useEffect } from 'react';
import type { WaterfallModel } from './waterfall-model.ts';

const WHEEL_ZOOM = 0.0022;

/** ⌘ or Ctrl with the wheel zooms at the pointer, a sideways (or ⇧) wheel pans. `host` is as wide as the timeline. */
export function useWheel(model: WaterfallModel, host: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      const { widthPx } = model.store.get();
      const x = event.clientX - element.getBoundingClientRect().left;
      if (event.ctrlKey || event.metaKey) model.zoom(Math.exp(event.deltaY * WHEEL_ZOOM), x);
      else if (event.shiftKey) model.pan((event.deltaX || event.deltaY) / widthPx);
      else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) model.pan(event.deltaX / widthPx);
      else return;
      event.preventDefault();
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [model, host]);
}
