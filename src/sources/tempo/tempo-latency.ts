import { type ComparedSeries, decodeCompare } from '#decoding/tempo/compare.ts';
import { decodeMetrics, type MetricsReply, type MetricsSeries } from '#decoding/tempo/metrics.ts';
import { compareField, type FieldCounts } from '#domain/difference/compare-fields.ts';
import { rankDifferences } from '#domain/difference/rank-differences.ts';
import { type CountedCell, heatmapOfCells } from '#domain/latency/heatmap-of-cells.ts';
import { type ColumnGrid, describeGrid } from '#domain/latency/time-columns.ts';
import { type VersionCell, versionMarks } from '#domain/latency/version-marks.ts';
import { rewriteForTempo } from '#domain/search/rewrite-for-tempo.ts';
import { type LatencySource, latencyOfSearch, onlyTheRest } from '#sources/latency-of-search.ts';
import { type LatencyBox, type LatencyRequest, SourceError, type TraceSource } from '#sources/trace-source.ts';

/** GETs a path of Tempo's API as JSON. */
type GetJson = (path: string, signal: AbortSignal) => Promise<unknown>;

const NS_PER_S = 1_000_000_000n;
/** Values of one attribute and side that `compare()` tells. */
const TOP = 100;

/**
 * Latencies from TraceQL metrics: spans only, in Tempo's powers of two. A Tempo that has no metrics, or refuses the range or
 * the query, is asked for its newest traces instead.
 */
export function tempoLatency(json: GetJson, search: TraceSource['search']): LatencySource {
  const newest = latencyOfSearch(search);
  const range = async (q: string, grid: ColumnGrid, signal: AbortSignal): Promise<MetricsReply> => {
    // Buckets are (t − step, t], each labelled by its end.
    const params = new URLSearchParams({ q, start: String(grid.startNs + grid.stepNs), end: String(grid.endNs) });
    params.set('step', `${grid.stepNs / NS_PER_S}s`);
    params.set('exemplars', '0');
    return decodeMetrics(await json(`/api/metrics/query_range?${params}`, signal));
  };
  return {
    latencyHeatmap(request, { signal }) {
      const fallback = () => newest.latencyHeatmap(request, { signal });
      return unlessRefused(request, fallback, async () => {
        const grid = wholeSeconds(request);
        const reply = await range(`${queryOf(request)} | histogram_over_time(duration) by (status)`, grid, signal);
        const cells = reply.series.flatMap(series => cellsOf(series, grid));
        const laidOut = heatmapOfCells(cells, grid.columns, { rowsPerOctave: 1 });
        return {
          ...basisOf(laidOut.total, reply),
          ...describeGrid(grid),
          ...laidOut,
          rowsPerOctave: 1,
          upperInclusive: true,
          withoutRoot: 0,
        };
      });
    },
    redSeries(request, { signal }) {
      const fallback = () => newest.redSeries(request, { signal });
      return unlessRefused(request, fallback, async () => {
        const grid = wholeSeconds(request);
        const q = queryOf(request);
        const [counted, quantiles, versions] = await Promise.all([
          range(`${q} | count_over_time() by (status)`, grid, signal),
          range(`${q} | quantile_over_time(duration, .5, .95, .99)`, grid, signal),
          range(`${q} | count_over_time() by (resource.service.name, resource.service.version)`, grid, signal),
        ]);
        const counts = sumOf(counted.series, grid);
        const errors = sumOf(counted.series.filter(isError), grid);
        const quantile = (p: number) => quantileOf(quantiles.series, p, grid);
        return {
          ...basisOf(
            counts.reduce((sum, n) => sum + n, 0),
            counted,
          ),
          ...describeGrid(grid),
          counts,
          errors,
          p50Ns: quantile(0.5),
          p95Ns: quantile(0.95),
          p99Ns: quantile(0.99),
          quantiles: 'buckets',
          versions: versionMarks(versions.series.flatMap(series => versionCells(series, grid))),
        };
      });
    },
    cellTraces: newest.cellTraces,
    difference(request, { signal }) {
      const fallback = () => newest.difference(request, { signal });
      return unlessRefused(request, fallback, async () => {
        if (request.baseline !== 'rest') throw onlyTheRest();
        const { startUnixNano, endUnixNano } = request;
        const params = new URLSearchParams({ start: String(startUnixNano), end: String(endUnixNano) });
        params.set('q', `${queryOf(request)} | compare(${selectionOf(request.box, request)})`);
        const series = decodeCompare(await json(`/api/metrics/query?${params}`, signal));
        return differenceOfSeries(series);
      });
    },
  };
}

/** What metrics cannot answer is asked of the newest traces; what that refuses, too, is refused for the first reason. */
async function unlessRefused<T>(
  { of }: LatencyRequest,
  fallback: () => Promise<T>,
  work: () => Promise<T>,
): Promise<T> {
  if (of === 'traces') return fallback();
  try {
    return await work();
  } catch (cause) {
    const isRefusal =
      cause instanceof SourceError &&
      (cause.kind === 'bad-query' || cause.kind === 'not-found' || cause.kind === 'server');
    if (!isRefusal || cause.detail === 'baseline') throw cause;
    return fallback().catch(() => Promise.reject(cause));
  }
}

function basisOf(observed: number, { partial }: Pick<MetricsReply, 'partial'>) {
  const covers =
    'Matching spans that start in the range, counted by Tempo in powers of two; columns end at whole steps';
  return { of: 'spans' as const, covers, estimated: false, observed, ...(partial !== '' && { partial }) };
}

/** Tempo's buckets lie on multiples of the step: whole seconds around the window. */
function wholeSeconds({
  startUnixNano,
  endUnixNano,
  columns,
}: LatencyRequest & { readonly columns: number }): ColumnGrid {
  const width = endUnixNano - startUnixNano;
  const unit = BigInt(columns) * NS_PER_S;
  const stepNs = ((width + unit - 1n) / unit) * NS_PER_S;
  const startNs = startUnixNano - (startUnixNano % stepNs);
  const endNs = ((endUnixNano + stepNs - 1n) / stepNs) * stepNs;
  return { startNs, endNs, stepNs, columns: Number((endNs - startNs) / stepNs) };
}

/** Without hints, which belong behind the metrics. */
function queryOf({ query }: LatencyRequest): string {
  return rewriteForTempo(query).query.replace(/\s+with\s*\([^()]*\)\s*$/, '');
}

function columnOf(unixMs: number, { startNs, stepNs, columns }: ColumnGrid): number | undefined {
  const column = Number((BigInt(Math.round(unixMs)) * 1_000_000n - startNs) / stepNs) - 1;
  return column >= 0 && column < columns ? column : undefined;
}

function isError({ labels }: MetricsSeries): boolean {
  return labels.get('status') === 'error';
}

/** A bucket is labelled by its upper edge in seconds. */
function cellsOf(series: MetricsSeries, grid: ColumnGrid): readonly CountedCell[] {
  const seconds = Number(series.labels.get('__bucket'));
  if (!(seconds > 0)) return [];
  const row = Math.round(Math.log2(seconds * 1e9)) - 1;
  return series.samples.flatMap(({ unixMs, value }): CountedCell[] => {
    const column = columnOf(unixMs, grid);
    if (column === undefined || value === 0) return [];
    return [{ column, row, count: value, errors: isError(series) ? value : 0 }];
  });
}

function sumOf(list: readonly MetricsSeries[], grid: ColumnGrid): number[] {
  const sums = new Array<number>(grid.columns).fill(0);
  for (const { samples } of list) {
    for (const { unixMs, value } of samples) {
      const column = columnOf(unixMs, grid);
      if (column !== undefined) sums[column] += value;
    }
  }
  return sums;
}

function quantileOf(list: readonly MetricsSeries[], p: number, grid: ColumnGrid): number[] {
  const found = new Array<number>(grid.columns).fill(-1);
  const series = list.find(({ labels }) => Number(labels.get('p')) === p);
  for (const { unixMs, value } of series?.samples ?? []) {
    const column = columnOf(unixMs, grid);
    if (column !== undefined && value > 0) found[column] = Math.round(value * 1e9);
  }
  return found;
}

function versionCells({ labels, samples }: MetricsSeries, grid: ColumnGrid): readonly VersionCell[] {
  const [service, version] = [labels.get('resource.service.name'), labels.get('resource.service.version')];
  if (service === undefined || version === undefined || version === 'nil') return [];
  return samples.flatMap(({ unixMs, value }): VersionCell[] => {
    const column = columnOf(unixMs, grid);
    if (column === undefined || value === 0) return [];
    const firstNs = grid.startNs + BigInt(column) * grid.stepNs;
    return [{ service, version, column, count: value, firstNs, lastNs: firstNs + grid.stepNs }];
  });
}

function selectionOf(box: LatencyBox, { startUnixNano, endUnixNano }: LatencyRequest): string {
  const bounds = [
    ...(box.minNs === undefined ? [] : [`duration >= ${Math.ceil(box.minNs)}ns`]),
    ...(box.maxNs === undefined ? [] : [`duration < ${Math.ceil(box.maxNs)}ns`]),
  ];
  const from = box.fromUnixNano ?? startUnixNano;
  const to = box.toUnixNano ?? endUnixNano;
  return `{ ${bounds.length === 0 ? 'true' : bounds.join(' && ')} }, ${TOP}, ${from}, ${to}`;
}

/** Every span has a name: the largest number of spans that have a field is that of the group. */
function differenceOfSeries(series: readonly ComparedSeries[]) {
  const sizeOf = (side: ComparedSeries['side']) => {
    const totals = series.filter(each => each.side === side && each.value === undefined);
    const count = totals.reduce((max, each) => Math.max(max, each.count), 0);
    return { count, compared: count };
  };
  const groups = { selection: sizeOf('selection'), rest: sizeOf('rest') };
  const fields = [...Map.groupBy(series, ({ field }) => field)]
    .filter(([field]) => !field.startsWith('duration') && field !== 'traceDuration')
    .map(([field, own]) => fieldCounts(field, own))
    // Of numbers the most frequent ones are no distribution.
    .filter(
      ({ values }) => values.length < TOP || values.some(({ value: { type } }) => type !== 'int' && type !== 'float'),
    )
    .map(counts => compareField(groups, counts));
  return {
    ...rankDifferences(groups, fields),
    ...groups,
    of: 'spans' as const,
    baseline: 'rest' as const,
    covers: `All matching spans, by Tempo's compare(): the ${TOP} most frequent values of each attribute, no pairs; spans of one trace count as independent, which overstates significance`,
    estimated: false,
    observed: groups.selection.count + groups.rest.count,
  };
}

/** Of a value that is not among those listed for a side it is only known that it is no more frequent than they are. */
function fieldCounts(field: string, series: readonly ComparedSeries[]): FieldCounts {
  const listed = (side: ComparedSeries['side']) =>
    new Map(
      series.flatMap(each =>
        each.side === side && each.value !== undefined
          ? [[`${each.value.type}:${each.value.value}`, each] as const]
          : [],
      ),
    );
  const [selection, rest] = [listed('selection'), listed('rest')];
  const atMost = (list: ReadonlyMap<string, ComparedSeries>) =>
    list.size < TOP ? 0 : Math.min(...Array.from(list.values(), ({ count }) => count));
  const [unlistedSelection, unlistedRest] = [atMost(selection), atMost(rest)];
  const values = [...new Map([...rest, ...selection])].flatMap(([key, { value }]) => {
    if (value === undefined) return [];
    return [
      { value, selection: selection.get(key)?.count ?? unlistedSelection, rest: rest.get(key)?.count ?? unlistedRest },
    ];
  });
  const total = (side: ComparedSeries['side']) =>
    series.find(each => each.side === side && each.value === undefined)?.count ?? 0;
  return { field, values, distinct: values.length, carried: { selection: total('selection'), rest: total('rest') } };
}
