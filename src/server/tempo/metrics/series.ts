import type { Field, Metrics } from '#domain/traceql/ast.ts';
import { printField } from '#domain/traceql/print.ts';
import type { Value } from '#domain/traceql/run/value.ts';
import { INTRINSIC_TYPES } from '#domain/traceql/validate.ts';
import type { CellColumns, Cells, Group, SpanRef } from './cells.ts';
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
  const { groups, columns } = cells.merged();
  switch (metrics.fn) {
    case 'rate':
    case 'count_over_time': {
      // Nothing found is a rate, too: zero.
      const found = groups.length === 0 && metrics.by.length === 0 ? [{ values: [], from: 0, to: 0 }] : groups;
      const perSecond = metrics.fn === 'rate' ? 1e9 / Number(grid.stepNs) : 1;
      return found.map(group => valueSeries(metrics, group, columns, grid, 0, i => columns.count[i] * perSecond));
    }
    case 'histogram_over_time':
      return groups.flatMap(group => histogramSeries(metrics, group, columns, grid));
    case 'quantile_over_time':
      return groups.flatMap(group => metrics.quantiles.map(p => quantileSeries(metrics, group, columns, grid, p)));
    default: {
      const scale = unitOf(metrics.field);
      const read = READERS[metrics.fn];
      return groups.map(group => valueSeries(metrics, group, columns, grid, Number.NaN, i => read(columns, i) * scale));
    }
  }
}

const READERS = {
  min_over_time: ({ min }: CellColumns, i: number) => min[i],
  max_over_time: ({ max }: CellColumns, i: number) => max[i],
  sum_over_time: ({ sum }: CellColumns, i: number) => sum[i],
  avg_over_time: ({ sum, count }: CellColumns, i: number) => sum[i] / count[i],
} as const;

/** The span that stands for a cell. */
function spanOf({ segment, rowId }: CellColumns, i: number): SpanRef | undefined {
  return segment[i] < 0 ? undefined : { segment: segment[i], rowId: BigInt(rowId[i]) };
}

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
  columns: CellColumns,
  grid: TimeGrid,
  empty: number,
  read: (cell: number) => number,
): Series {
  const points = new Float64Array(grid.count).fill(empty);
  const exemplars: SeriesExemplar[] = [];
  for (let i = group.from; i < group.to; i++) {
    const time = columns.time[i];
    points[time] = read(i);
    const span = spanOf(columns, i);
    if (span !== undefined) exemplars.push({ time, span, value: points[time] });
  }
  const labels = groupLabels(metrics.by, group.values);
  return newSeries(labels.length > 0 ? labels : [{ key: '__name__', value: metrics.fn }], points, exemplars);
}

function histogramSeries(
  metrics: Extract<PlainMetrics, { field: Field }>,
  group: Group,
  columns: CellColumns,
  grid: TimeGrid,
): readonly Series[] {
  const byBucket = new Map<number, { readonly points: Float64Array; readonly exemplars: SeriesExemplar[] }>();
  for (let i = group.from; i < group.to; i++) {
    const [time, bucket, count] = [columns.time[i], columns.bucket[i], columns.count[i]];
    let found = byBucket.get(bucket);
    if (found === undefined) {
      found = { points: new Float64Array(grid.count), exemplars: [] };
      byBucket.set(bucket, found);
    }
    found.points[time] = count;
    const span = spanOf(columns, i);
    if (span !== undefined) found.exemplars.push({ time, span, value: count });
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
  columns: CellColumns,
  grid: TimeGrid,
  p: number,
): Series {
  const { time: times, bucket: buckets, count: counts } = columns;
  const points = new Float64Array(grid.count);
  const exemplars: SeriesExemplar[] = [];
  const isTime = isDuration(metrics.field);
  for (let from = group.from; from < group.to; ) {
    const time = times[from];
    let to = from + 1;
    while (to < group.to && times[to] === time) to++;
    const value = log2Quantile(buckets, counts, { from, to }, p);
    points[time] = isTime ? value / 1e9 : value;
    // A span of the bucket that the quantile lies in.
    let at = from;
    while (at < to && 2 ** buckets[at] < value) at++;
    const span = at < to ? spanOf(columns, at) : undefined;
    if (span !== undefined) exemplars.push({ time, span, value: isTime ? undefined : points[time] });
    from = to;
  }
  return newSeries([...groupLabels(metrics.by, group.values), { key: 'p', value: p }], points, exemplars);
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
