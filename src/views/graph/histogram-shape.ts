import type { CallsWindow } from '#domain/api/graph-api.ts';
import { durationTicks } from '#views/shared/duration-ticks.ts';

/** A histogram of durations in CSS px: bars of now, an outline of before, both as shares of their own calls. */
export interface HistogramShape {
  readonly bars: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[];
  /** Path of the outline; '' without a window before. */
  readonly outline: string;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

type Histogram = CallsWindow['histogram'];

const BUCKETS_PER_OCTAVE = 4;
/** One bucket would fill the whole width. */
const LEAST_BUCKETS = 16;

/** Undefined where neither window has calls. Durations grow to the right by their logarithm. */
export function histogramShape(
  now: Histogram,
  before: Histogram | undefined,
  width: number,
  height: number,
): HistogramShape | undefined {
  const both = [now, ...(before === undefined ? [] : [before])].filter(hasCalls);
  if (both.length === 0) return undefined;
  let first = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  let most = 0;
  for (const { firstBucket, counts } of both) {
    first = Math.min(first, firstBucket);
    end = Math.max(end, firstBucket + counts.length);
    for (const share of sharesOf(counts)) most = Math.max(most, share);
  }
  const spare = Math.max(0, LEAST_BUCKETS - (end - first));
  first -= Math.ceil(spare / 2);
  end += Math.floor(spare / 2);
  const step = width / (end - first);
  const x = (bucket: number) => (bucket - first) * step;
  const bars = sharesOf(now.counts).flatMap((share, i) => {
    const tall = Math.max((share / most) * height, share > 0 ? 1 : 0);
    return share === 0
      ? []
      : [{ x: x(now.firstBucket + i), y: height - tall, width: Math.max(0.5, step - 0.75), height: tall }];
  });
  const atNs = (bucket: number) => 2 ** (bucket / BUCKETS_PER_OCTAVE);
  const ticks = durationTicks(atNs(first), atNs(end), Math.max(2, Math.floor(width / 64)));
  return {
    bars,
    outline: before !== undefined && hasCalls(before) ? outlineOf(before, x, most, height) : '',
    ticks: ticks.map(({ ns, label }) => ({ x: x(Math.log2(ns) * BUCKETS_PER_OCTAVE), label })),
  };
}

/** Buckets may all be empty. */
function hasCalls({ counts }: Histogram): boolean {
  return counts.some(count => count > 0);
}

/** Of no calls every share is 0. */
function sharesOf(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map(count => (total === 0 ? 0 : count / total));
}

function outlineOf({ firstBucket, counts }: Histogram, x: (bucket: number) => number, most: number, height: number) {
  const steps = sharesOf(counts).map(
    (share, i) => `V${round(height - (share / most) * height)}H${round(x(firstBucket + i + 1))}`,
  );
  return `M${round(x(firstBucket))} ${height}${steps.join('')}V${height}`;
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}
