import { scaleLinear, scaleLog } from 'd3';
import type { RedSeries } from '#domain/api/latency-api.ts';
import type { Band, Plot } from './plot.ts';

/** The RED strips in px: one value a column, `undefined` where the column is empty. */
export interface RedLines {
  /** Spans or traces a second. */
  readonly rate: readonly number[];
  /** Share of failures; undefined where nothing ran. */
  readonly errorShare: readonly (number | undefined)[];
  readonly rateY: readonly number[];
  /** Height of the bar above the strip's bottom. */
  readonly errorHeight: readonly number[];
  /** p50, p95, p99. */
  readonly quantileY: readonly (readonly (number | undefined)[])[];
  /** What the full height of the error strip stands for. */
  readonly mostErrors: number;
  /** Durations at the bottom and the top of the latency strip; undefined when there is none. */
  readonly latencyNs: readonly [number, number] | undefined;
}

/** A strip in which nothing fails is not stretched to noise. */
const LEAST_SHARE = 0.02;
const NS_PER_S = 1e9;

export function redLines(red: RedSeries, plot: Pick<Plot, 'rate' | 'errors' | 'latency'>): RedLines {
  const rate = red.counts.map(count => count / (red.stepNs / NS_PER_S));
  const errorShare = red.counts.map((count, i) => (count > 0 ? red.errors[i] / count : undefined));
  const mostErrors = Math.max(LEAST_SHARE, largest(errorShare));
  const quantiles = [red.p50Ns, red.p95Ns, red.p99Ns].map(list => list.map(ns => (ns > 0 ? ns : undefined)));
  const high = Math.max(...quantiles.map(largest));
  const low = Math.min(...quantiles.map(list => smallest(list, high)));
  const latencyNs = high > 0 ? ([low, Math.max(high, low * 2)] as const) : undefined;
  const rateY = scaleLinear([0, largest(rate) || 1], edges(plot.rate, 2));
  const errorY = scaleLinear([0, mostErrors], [0, plot.errors.height]);
  const latencyY = scaleLog(latencyNs ?? [1, 2], edges(plot.latency, 2));
  return {
    rate,
    errorShare,
    rateY: rate.map(value => rateY(value)),
    errorHeight: errorShare.map(share => errorY(share ?? 0)),
    quantileY: quantiles.map(list => list.map(ns => (ns === undefined ? undefined : latencyY(ns)))),
    mostErrors,
    latencyNs,
  };
}

/** Bottom and top of a strip, with air above the highest value. */
function edges({ top, height }: Band, air: number): [number, number] {
  return [top + height, top + air];
}

function largest(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((most, value) => (value !== undefined && value > most ? value : most), 0);
}

function smallest(values: readonly (number | undefined)[], most: number): number {
  return values.reduce<number>((least, value) => (value !== undefined && value < least ? value : least), most);
}
