import { type RefObject, useEffect, useState } from 'react';

/** Rows first … end (exclusive) are to be in the document. */
export interface VisibleRows {
  readonly first: number;
  readonly end: number;
}

/** Rows of equal height around a scrolled window, with `overscan` more on both sides. */
export function visibleRows(
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  count: number,
  overscan: number,
): VisibleRows {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan);
  const end = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + overscan);
  return { first: Math.min(first, Math.max(0, end)), end: Math.max(0, end) };
}

/** The scroll position that shows `row` whole, moving as little as possible. */
export function scrollTopShowing(row: number, scrollTop: number, viewHeight: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  const bottom = top + rowHeight;
  return bottom > scrollTop + viewHeight ? bottom - viewHeight : scrollTop;
}

/** Follows the scroll position and height of a pane. */
export function useVisibleRows(
  pane: RefObject<HTMLElement | null>,
  rowHeight: number,
  count: number,
  overscan = 8,
): VisibleRows {
  const [rows, setRows] = useState<VisibleRows>({ first: 0, end: Math.min(count, 40) });
  useEffect(() => {
    const element = pane.current;
    if (!element) return;
    const update = () => {
      const next = visibleRows(element.scrollTop, element.clientHeight, rowHeight, count, overscan);
      setRows(last => (last.first === next.first && last.end === next.end ? last : next));
    };
    update();
    const resized = new ResizeObserver(update);
    resized.observe(element);
    element.addEventListener('scroll', update, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', update);
    };
  }, [pane, rowHeight, count, overscan]);
  return rows;
}
