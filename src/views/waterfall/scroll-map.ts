/**
 * Browsers cap an element's height (Firefox at 17.9 M px, Chromium at 33.5 M): a million rows of 22 px are 22 M. So the
 * scroller's content is at most MAX_CONTENT px high and its scroll position only stands for the real one: small
 * movements are taken one to one, jumps (the scrollbar dragged) in proportion.
 */
export const MAX_CONTENT_PX = 8_000_000;

export interface ScrollMap {
  /** Height of all rows, and of the viewport, px. */
  readonly totalPx: number;
  readonly viewportPx: number;
}

/** Height to give the scrolled content. */
export function contentHeight(map: ScrollMap): number {
  return Math.min(map.totalPx, MAX_CONTENT_PX);
}

export function maxTop(map: ScrollMap): number {
  return Math.max(0, map.totalPx - map.viewportPx);
}

/** The scroll position that stands for the real offset `top`. */
export function scrollFor(map: ScrollMap, top: number): number {
  const real = maxTop(map);
  return real === 0 ? 0 : (top / real) * maxScroll(map);
}

/**
 * The real offset after the scroller went from `before` to `after` while `top` was shown. Movements of up to one and a
 * half viewports are the reader's wheel, finger or page key; larger ones come from the scrollbar.
 */
export function topAfterScroll(map: ScrollMap, top: number, before: number, after: number): number {
  const real = maxTop(map);
  const physical = maxScroll(map);
  if (real === physical) return Math.min(real, Math.max(0, after));
  const moved = after - before;
  if (after <= 0 && moved < -map.viewportPx * 1.5) return 0;
  if (after >= physical && moved > map.viewportPx * 1.5) return real;
  const next = Math.abs(moved) <= map.viewportPx * 1.5 ? top + moved : (after / physical) * real;
  return Math.min(real, Math.max(0, next));
}

/**
 * Whether the scroller should be put back to `scrollFor(top)`: at once where it has run into an end that the rows have
 * not reached (`atRest` false), or whenever it has drifted and nothing moves (`atRest` true).
 */
export function needsAnchor(map: ScrollMap, top: number, scroll: number, atRest: boolean): boolean {
  if (maxTop(map) === maxScroll(map)) return false;
  if (atRest) return Math.abs(scrollFor(map, top) - scroll) > 1;
  const stuckAtTop = scroll <= 0 && top > 0;
  const stuckAtEnd = scroll >= maxScroll(map) && top < maxTop(map);
  return stuckAtTop || stuckAtEnd;
}

function maxScroll(map: ScrollMap): number {
  return Math.max(0, contentHeight(map) - map.viewportPx);
}
