import { useLayoutEffect, useRef } from 'react';
import { beginWork } from '#state/idle.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Paints in the next frame after the model, or what the component was given, has changed; at most once a frame. */
export function useFrame(model: WaterfallModel, paint: () => void): void {
  const latest = useRef(paint);
  const request = useRef<() => void>(() => undefined);
  useLayoutEffect(() => {
    let frame = 0;
    let done: (() => void) | undefined;
    request.current = () => {
      if (frame !== 0) return;
      done = beginWork();
      frame = requestAnimationFrame(() => {
        frame = 0;
        latest.current();
        done?.();
      });
    };
    const stop = model.store.subscribe(request.current);
    return () => {
      stop();
      cancelAnimationFrame(frame);
      done?.();
    };
  }, [model]);
  useLayoutEffect(() => {
    latest.current = paint;
    request.current();
  });
}
