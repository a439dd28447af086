import { useEffect, useMemo } from 'react';
import { beginWork } from '#state/idle.ts';
import { type Camera, cameraBetween } from './camera.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const GLIDE_MS = 140;

export interface Glide {
  /** Where the window will be when it rests: keys pressed on the way count from there. */
  aim(): Camera;
  to(target: Camera): void;
  stop(): void;
}

/** Moves the window of time as keys ask. A move by pointer ends it; who prefers reduced motion gets none. */
export function useGlide(model: WaterfallModel): Glide {
  const glide = useMemo(() => createGlide(model), [model]);
  useEffect(() => glide.stop, [glide]);
  return glide;
}

function createGlide(model: WaterfallModel): Glide {
  let target: Camera | undefined;
  /** What the last frame showed; another camera is someone else's. */
  let shown: Camera | undefined;
  let frame = 0;
  let done: (() => void) | undefined;

  const stop = (): void => {
    cancelAnimationFrame(frame);
    target = undefined;
    done?.();
    done = undefined;
  };
  const isUndisturbed = (): boolean => target !== undefined && model.store.get().camera === shown;

  return {
    aim: () => (target !== undefined && isUndisturbed() ? target : model.store.get().camera),
    to(camera) {
      stop();
      if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
        model.lookAt(camera);
        return;
      }
      const from = model.store.get().camera;
      let startMs: number | undefined;
      target = camera;
      shown = from;
      done = beginWork();
      const step = (nowMs: number): void => {
        if (!isUndisturbed()) {
          stop();
          return;
        }
        startMs ??= nowMs;
        const share = (nowMs - startMs) / GLIDE_MS;
        model.lookAt(cameraBetween(from, camera, share));
        shown = model.store.get().camera;
        if (share >= 1) stop();
        else frame = requestAnimationFrame(step);
      };
      frame = requestAnimationFrame(step);
    },
    stop,
  };
}
