import { scaleLinear, scaleSymlog } from 'd3';
import type { NumericDifference } from '#domain/api/latency-api.ts';

/** One group's quantiles as parts of a strip's width, 0 … 100: whisker 5–95, box 25–75, median. */
export interface QuantileStrip {
  readonly whisker: readonly [number, number];
  readonly box: readonly [number, number];
  readonly median: number;
}

/** Where values span more than this factor, the strip is logarithmic. */
const WIDE = 50;

/** Both groups on one scale, from the lowest to the highest quantile of either. */
export function quantileStrips(attribute: NumericDifference): {
  readonly selection: QuantileStrip;
  readonly rest: QuantileStrip;
} {
  const all = [...attribute.selectionQuantiles, ...attribute.restQuantiles];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const isWide = low >= 0 && high > WIDE * Math.max(low, 1);
  const domain = [low, high > low ? high : low + 1];
  const scale = isWide ? scaleSymlog(domain, [0, 100]) : scaleLinear(domain, [0, 100]);
  const strip = (quantiles: readonly number[]): QuantileStrip => {
    const [p5 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0] = quantiles.map(value => scale(value));
    return { whisker: [p5, p95], box: [p25, p75], median: p50 };
  };
  return { selection: strip(attribute.selectionQuantiles), rest: strip(attribute.restQuantiles) };
}
