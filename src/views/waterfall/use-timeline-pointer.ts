import { type PointerEvent, type RefObject, useRef } from 'react';
import { type Camera, panBy, xToTime } from './camera.ts';
import { useWheel } from './use-wheel.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const DRAG_FROM = 4;

interface Drag {
  readonly x: number;
  readonly camera: Camera;
  readonly pans: boolean;
  moved: boolean;
}

/**
 * Wheel and drag on the timeline: for the wheel see `useWheel`, a ⇧ drag pans, a plain drag marks a stretch of time.
 */
export function useTimelinePointer(model: WaterfallModel, host: RefObject<HTMLDivElement | null>) {
  const drag = useRef<Drag>(undefined);
  const dragged = useRef(false);

  useWheel(model, host);

  const timeAt = (event: PointerEvent<HTMLElement>): number => {
    const { camera, widthPx } = model.store.get();
    return xToTime(camera, widthPx, event.clientX - event.currentTarget.getBoundingClientRect().left);
  };

  return {
    /** Whether the press that a click belongs to was a drag. */
    wasDragged: () => dragged.current,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>): void => {
        dragged.current = false;
        if (event.button !== 0 && event.button !== 1) return;
        drag.current = {
          x: event.clientX,
          camera: model.store.get().camera,
          pans: event.shiftKey || event.button === 1,
          moved: false,
        };
      },
      onPointerMove: (event: PointerEvent<HTMLElement>): void => {
        const current = drag.current;
        if (current === undefined) return;
        const by = event.clientX - current.x;
        if (!current.moved && Math.abs(by) < DRAG_FROM) return;
        if (!current.moved) event.currentTarget.setPointerCapture(event.pointerId);
        current.moved = true;
        dragged.current = true;
        if (current.pans) {
          model.lookAt(panBy(current.camera, (-by / model.store.get().widthPx) * current.camera.widthNs, model.whole));
          return;
        }
        const to = timeAt(event);
        const { camera, widthPx } = model.store.get();
        const from = to - (by / widthPx) * camera.widthNs;
        model.store.set({ brush: { fromNs: Math.max(0, Math.min(from, to)), toNs: Math.max(from, to) } });
      },
      onPointerUp: (): void => {
        drag.current = undefined;
      },
    },
  };
}
