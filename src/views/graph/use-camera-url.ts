import { useEffect, useRef } from 'react';
import type { GraphCamera } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { cameraAt, fitAll, middleOf } from './camera.ts';
import type { CameraControl } from './use-camera.ts';

const REST_MS = 250;

/**
 * Keeps where the graph is looked at in the link (`cam`), written when it has come to rest. What nobody moved is fitted, and
 * a link says nothing of it.
 */
export function useCameraUrl(
  control: CameraControl,
  layout: { readonly width: number; readonly height: number },
  width: number,
  height: number,
): void {
  const { cam } = useUrl();
  const go = useGo();
  const latest = useRef(control);
  latest.current = control;
  const shown = useRef<GraphCamera>(undefined);

  useEffect(() => {
    if (width === 0) return;
    const { camera, wasMoved, set } = latest.current;
    if (cam !== undefined) {
      if (!wasMoved() || !sameCamera(middleOf(camera, width, height), cam)) set(cameraAt(cam, width, height), true);
    } else if (shown.current !== undefined || !wasMoved()) set(fitAll(layout, width, height));
    shown.current = cam;
  }, [layout, width, height, cam]);

  const { camera, isMoving } = control;
  useEffect(() => {
    if (width === 0 || isMoving) return;
    const rest = setTimeout(() => {
      const next = latest.current.wasMoved() ? middleOf(camera, width, height) : undefined;
      if (sameCamera(next, cam)) return;
      shown.current = next;
      go({ cam: next }, 'replace');
    }, REST_MS);
    return () => clearTimeout(rest);
  }, [camera, isMoving, width, height, cam, go]);
}

function sameCamera(a: GraphCamera | undefined, b: GraphCamera | undefined): boolean {
  return a?.x === b?.x && a?.y === b?.y && a?.scale === b?.scale;
}
