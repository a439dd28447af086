import { BAR_HEIGHT, BAR_TOP, type BarLayout, ROW_HEIGHT } from './layout.ts';

export interface Hit {
  /** Index into the visible rows. */
  readonly index: number;
  /** On the bar itself (2 px of grace on each side), or elsewhere in the row. */
  readonly part: 'bar' | 'row';
}

const GRACE = 2;

/** What lies under a point of the timeline, px from its top left; undefined below the last row. */
export function hitTest(bars: BarLayout, x: number, y: number): Hit | undefined {
  if (bars.count === 0) return undefined;
  const offset = Math.floor((y - bars.y[0]) / ROW_HEIGHT);
  if (offset < 0 || offset >= bars.count) return undefined;
  const inBarHeight = y >= bars.y[offset] + BAR_TOP - GRACE && y < bars.y[offset] + BAR_TOP + BAR_HEIGHT + GRACE;
  const onBar = inBarHeight && x >= bars.x0[offset] - GRACE && x <= bars.x1[offset] + GRACE;
  return { index: bars.first + offset, part: onBar ? 'bar' : 'row' };
}
