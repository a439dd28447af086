import { ascending, quantileSorted, type ScaleLinear, scaleLinear } from 'd3';
import { niceTicks, tickLabel } from '#domain/time/ticks.ts';

/** The time axis that all ribbons of a list share. */
export interface RibbonScale {
  /** Duration at the right edge. */
  readonly maxNs: number;
  readonly width: number;
  /** ns to CSS px, held within the width. */
  readonly x: ScaleLinear<number, number>;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

/** A list with one trace far longer than the rest keeps its scale: that one runs off the edge. */
const OUTLIER = 3;
const TICK_GAP_PX = 64;

/** The scale for these durations on `width` CSS px. The longest fits, unless it exceeds three times the 95th percentile. */
export function ribbonScale(durationsNs: readonly number[], width: number): RibbonScale {
  const sorted = durationsNs.filter(ns => ns > 0).sort(ascending);
  const longest = sorted.at(-1) ?? 1e6;
  const p95 = quantileSorted(sorted, 0.95) ?? longest;
  const maxNs = Math.min(longest, p95 * OUTLIER) * 1.04;
  const x = scaleLinear([0, maxNs], [0, width]).clamp(true);
  const { atNs, stepNs } = niceTicks(0, maxNs, Math.max(1, Math.floor(width / TICK_GAP_PX)));
  const ticks = Array.from(atNs, ns => ({ x: x(ns), label: tickLabel(ns, stepNs) }));
  return { maxNs, width, x, ticks };
}

/** Ticks whose label does not run over the right edge. */
export function labelledTicks(scale: RibbonScale): RibbonScale['ticks'] {
  return scale.ticks.filter(tick => tick.x > 0 && tick.x < scale.width - 24);
}
