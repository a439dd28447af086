import { type RefObject, useLayoutEffect, useState } from 'react';

/** The inner width of an element in whole CSS px, followed as it changes. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const update = () => setWidth(Math.floor(target.clientWidth));
    update();
    const resized = new ResizeObserver(update);
    resized.observe(target);
    return () => resized.disconnect();
  }, [element]);
  return width;
}
