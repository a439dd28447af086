import { select, type ZoomBehavior, zoom, zoomIdentity } from 'd3';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { type Camera, ZOOM } from './camera.ts';

export interface CameraControl {
  readonly camera: Camera;
  /** The camera is being moved. */
  readonly isMoving: boolean;
  /** The reader moved it since it was last set. */
  readonly wasMoved: () => boolean;
  /** `stays`: not to be fitted anew when the graph changes. */
  readonly set: (camera: Camera, stays?: boolean) => void;
  /** Around the middle. */
  readonly zoomBy: (factor: number) => void;
}

const START: Camera = { x: 0, y: 0, k: 1 };
const REST_MS = 120;

/** d3-zoom on an element: wheel and pinch zoom at the pointer, dragging pans. */
export function useCamera(host: RefObject<HTMLElement | null>): CameraControl {
  const [camera, setCamera] = useState(START);
  const [isMoving, setMoving] = useState(false);
  const behaviour = useRef<ZoomBehavior<HTMLElement, unknown>>(undefined);
  const moved = useRef(false);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const zooming = zoom<HTMLElement, unknown>()
      .scaleExtent([ZOOM.least, ZOOM.most])
      .filter((event: MouseEvent) => !event.button && event.type !== 'dblclick')
      .on('zoom', ({ transform: { x, y, k }, sourceEvent }) => {
        setCamera({ x, y, k });
        if (!sourceEvent) return;
        moved.current = true;
        setMoving(true);
        clearTimeout(rest);
        rest = setTimeout(() => setMoving(false), REST_MS);
      });
    behaviour.current = zooming;
    const selection = select<HTMLElement, unknown>(element);
    selection.call(zooming);
    return () => {
      clearTimeout(rest);
      selection.on('.zoom', null);
    };
  }, [host]);
  return useMemo(() => {
    const change = (act: (zooming: ZoomBehavior<HTMLElement, unknown>, element: HTMLElement) => void): void => {
      if (behaviour.current !== undefined && host.current !== null) act(behaviour.current, host.current);
    };
    return {
      camera,
      isMoving,
      wasMoved: () => moved.current,
      set: ({ x, y, k }, stays = false) =>
        change((zooming, element) => {
          moved.current = stays;
          select(element).call(zooming.transform, zoomIdentity.translate(x, y).scale(k));
        }),
      zoomBy: factor =>
        change((zooming, element) => {
          moved.current = true;
          select(element).call(zooming.scaleBy, factor);
        }),
    };
  }, [camera, isMoving, host]);
}
