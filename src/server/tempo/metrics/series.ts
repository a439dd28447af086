import type { Field, Metrics } from '#domain/traceql/ast.ts';
import { printField } from '#domain/traceql/print.ts';
import { INTRINSIC_TYPES } from '#domain/traceql/validate.ts';
import type { Value } from '#server/traceql/value.ts';
import { bucketOf, type Cell, type Cells, cellKey, type Group, type SpanRef, timeOf } from './cells.ts';
import { log2Quantile } from './log2-buckets.ts';
import type { TimeGrid } from './time-grid.ts';

export interface Label {
  readonly key: string;
  readonly value: Value;
}

export interface Series {
  readonly labels: readonly Label[];
  /** The labels as text: series are told apart and ordered by it. */
  readonly name: string;
  /** By time bucket; NaN where there is no point. */
  readonly points: Float64Array;
  readonly exemplars: readonly SeriesExemplar[];
}

export interface SeriesExemplar {
  readonly time: number;
  readonly span: SpanRef;
  /** Undefined: the duration of the span. */
  readonly value: number | undefined;
}

export type PlainMetrics = Exclude<Metrics, { fn: 'compare' }>;

/** Sums of spans as the series of the function. */
export function seriesOf(metrics: PlainMetrics, cells: Cells, grid: TimeGrid): readonly Series[] {
  const groups = [...cells.groups.values()];
  switch (metrics.fn) {
    case 'rate':
    case 'count_over_time': {
      // Nothing found is a rate, too: zero.
      const found = groups.length === 0 && metrics.by.length === 0 ? [{ values: [], cells: new Map() }] : groups;
      const perSecond = metrics.fn === 'rate' ? 1e9 / Number(grid.stepNs) : 1;
      return found.map(group => valueSeries(metrics, group, grid, 0, cell => cell.count * perSecond));
    }
    case 'histogram_over_time':
      return groups.flatMap(group => histogramSeries(metrics, group, grid));
    case 'quantile_over_time':
      return groups.flatMap(group => {
        const byTime = bucketsByTime(group);
        return metrics.quantiles.map(p => quantileSeries(metrics, group, byTime, grid, p));
      });
    default: {
      const scale = unitOf(metrics.field);
      const read = READERS[metrics.fn];
      return groups.map(group => valueSeries(metrics, group, grid, Number.NaN, cell => read(cell) * scale));
    }
  }
}

const READERS = {
  min_over_time: (cell: Cell) => cell.min,
  max_over_time: (cell: Cell) => cell.max,
  sum_over_time: (cell: Cell) => cell.sum,
  avg_over_time: (cell: Cell) => cell.sum / cell.count,
} as const;

/** Durations are told in seconds. */
export function unitOf(field: Field): number {
  return isDuration(field) ? 1e-9 : 1;
}

export function isDuration(field: Field): boolean {
  return field.type === 'intrinsic' && INTRINSIC_TYPES[field.name] === 'duration';
}

function valueSeries(
  metrics: PlainMetrics,
  group: Group,
  grid: TimeGrid,
  empty: number,
  read: (cell: Cell) => number,
): Series {
  const points = new Float64Array(grid.count).fill(empty);
  const exemplars: SeriesExemplar[] = [];
  for (const [key, cell] of group.cells) {
    const value = read(cell);
    points[timeOf(key)] = value;
    if (cell.exemplar !== undefined) exemplars.push({ time: timeOf(key), span: cell.exemplar, value });
  }
  const labels = groupLabels(metrics.by, group.values);
  return newSeries(labels.length > 0 ? labels : [{ key: '__name__', value: metrics.fn }], points, exemplars);
}

function histogramSeries(
  metrics: Extract<PlainMetrics, { field: Field }>,
  group: Group,
  grid: TimeGrid,
): readonly Series[] {
  const byBucket = new Map<number, { readonly points: Float64Array; readonly exemplars: SeriesExemplar[] }>();
  for (const [key, cell] of group.cells) {
    let found = byBucket.get(bucketOf(key));
    if (found === undefined) {
      found = { points: new Float64Array(grid.count), exemplars: [] };
      byBucket.set(bucketOf(key), found);
    }
    found.points[timeOf(key)] = cell.count;
    if (cell.exemplar !== undefined)
      found.exemplars.push({ time: timeOf(key), span: cell.exemplar, value: cell.count });
  }
  const labels = groupLabels(metrics.by, group.values);
  return [...byBucket]
    .sort(([a], [b]) => a - b)
    .map(([bucket, { points, exemplars }]) =>
      newSeries([...labels, { key: '__bucket', value: boundOf(metrics.field, bucket) }], points, exemplars),
    );
}

function boundOf(field: Field, bucket: number): number {
  return isDuration(field) ? 2 ** bucket / 1e9 : 2 ** bucket;
}

function quantileSeries(
  metrics: Extract<PlainMetrics, { field: Field }>,
  group: Group,
  byTime: ReturnType<typeof bucketsByTime>,
  grid: TimeGrid,
  p: number,
): Series {
  const points = new Float64Array(grid.count);
  const exemplars: SeriesExemplar[] = [];
  for (const [time, buckets] of byTime) {
    const value = log2Quantile(buckets, p);
    points[time] = isDuration(metrics.field) ? value / 1e9 : value;
    for (const [bucket] of buckets) {
      const span = group.cells.get(cellKey(time, bucket))?.exemplar;
      // A span of the bucket that the quantile lies in.
      if (span !== undefined && 2 ** bucket >= value) {
        exemplars.push({ time, span, value: isDuration(metrics.field) ? undefined : points[time] });
        break;
      }
    }
  }
  return newSeries([...groupLabels(metrics.by, group.values), { key: 'p', value: p }], points, exemplars);
}

function bucketsByTime(group: Group): ReadonlyMap<number, [number, number][]> {
  const byTime = new Map<number, [number, number][]>();
  for (const [key, { count }] of group.cells) {
    const known = byTime.get(timeOf(key));
    if (known === undefined) byTime.set(timeOf(key), [[bucketOf(key), count]]);
    else known.push([bucketOf(key), count]);
  }
  for (const buckets of byTime.values()) buckets.sort(([a], [b]) => a - b);
  return byTime;
}

/** Of several keys, those without a value are left out, unless that leaves none. */
function groupLabels(by: readonly Field[], values: readonly Value[]): readonly Label[] {
  const labels = by.map((field, i) => ({ key: fieldLabel(field), value: values[i] }));
  const present = labels.filter(label => label.value !== undefined);
  return present.length > 0 ? present : labels.slice(0, 1);
}

/** Intrinsics by their canonical name, however they were spelt. */
export function fieldLabel(field: Field): string {
  return field.type === 'intrinsic' ? field.name : printField(field);
}

export function newSeries(
  labels: readonly Label[],
  points: Float64Array,
  exemplars: readonly SeriesExemplar[] = [],
): Series {
  return { labels, name: labelsText(labels), points, exemplars };
}

/** `{name="GET /", p=0.9}` */
function labelsText(labels: readonly Label[]): string {
  return `{${labels.map(({ key, value }) => `${key}=${valueText(value)}`).join(', ')}}`;
}

function valueText(value: Value): string {
  if (value === undefined) return 'nil';
  if (typeof value === 'string') return JSON.stringify(value);
  // 5 and 5.0 are two groups.
  if (typeof value === 'number' && Number.isInteger(value)) return value.toFixed(1);
  return typeof value === 'object' && 'word' in value ? value.word : String(value);
}
