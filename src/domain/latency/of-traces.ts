import type { CellTrace, CellTraces, Difference, LatencyHeatmap, RedSeries } from '#domain/api/latency-api.ts';
import { compareField, type FieldCounts } from '#domain/difference/compare-fields.ts';
import { rankDifferences } from '#domain/difference/rank-differences.ts';
import type { TagValue, TraceSummary } from '#domain/search/trace-summary.ts';
import { ROWS_PER_OCTAVE, rowOfDuration } from './duration-rows.ts';
import { type CountedCell, heatmapOfCells } from './heatmap-of-cells.ts';
import { type ColumnGrid, describeGrid } from './time-columns.ts';

// The answers about latencies from traces that have been loaded, for sources that can do no better: whole traces, by the time
// from their first span to their last. A trace failed when any of its spans did.

type Basis = Pick<LatencyHeatmap, 'of' | 'covers' | 'estimated' | 'observed'>;

function basisOf(traces: readonly TraceSummary[], covers: string): Basis {
  return { of: 'traces', covers, estimated: false, observed: traces.length };
}

export function heatmapOfTraces(traces: readonly TraceSummary[], grid: ColumnGrid, covers: string): LatencyHeatmap {
  const within = traces.filter(trace => columnOf(trace, grid) !== undefined);
  const cells = within.map((trace): CountedCell => {
    const row = rowOfDuration(BigInt(Math.round(trace.durationNs)));
    return { column: columnOf(trace, grid) ?? 0, row, count: 1, errors: trace.errorCount > 0 ? 1 : 0 };
  });
  const maxNs = within.reduce((max, { durationNs }) => Math.max(max, durationNs), 0);
  return {
    ...basisOf(within, covers),
    ...describeGrid(grid),
    ...heatmapOfCells(cells, grid.columns, { rowsPerOctave: ROWS_PER_OCTAVE, maxNs }),
    rowsPerOctave: ROWS_PER_OCTAVE,
    upperInclusive: false,
    withoutRoot: 0,
  };
}

export function redOfTraces(traces: readonly TraceSummary[], grid: ColumnGrid, covers: string): RedSeries {
  const columns = Array.from({ length: grid.columns }, (): TraceSummary[] => []);
  for (const trace of traces) columns[columnOf(trace, grid) ?? -1]?.push(trace);
  for (const own of columns) own.sort((a, b) => a.durationNs - b.durationNs);
  const quantile = (part: number) => columns.map(own => atRank(own, part)?.durationNs ?? -1);
  return {
    ...basisOf(columns.flat(), covers),
    ...describeGrid(grid),
    counts: columns.map(own => own.length),
    errors: columns.map(own => own.filter(({ errorCount }) => errorCount > 0).length),
    p50Ns: quantile(0.5),
    p95Ns: quantile(0.95),
    p99Ns: quantile(0.99),
    quantiles: 'exact',
    versions: [],
  };
}

export function cellOfTraces(traces: readonly TraceSummary[], covers: string): CellTraces {
  const basis = { ...basisOf(traces, covers), count: traces.length };
  const errors = traces.filter(({ errorCount }) => errorCount > 0).length;
  const byDuration = [...traces].sort((a, b) => a.durationNs - b.durationNs);
  const [slowest, median] = [byDuration.at(-1), atRank(byDuration, 0.5)];
  const newest = [...traces].sort((a, b) => (a.startUnixNano > b.startUnixNano ? -1 : 1)).at(0);
  if (slowest === undefined || median === undefined || newest === undefined) return { ...basis, errors };
  return { ...basis, errors, slowest: exampleOf(slowest), median: exampleOf(median), newest: exampleOf(newest) };
}

/** By what a result list knows: root, services, and whether anything failed. */
export function differenceOfTraces(
  selection: readonly TraceSummary[],
  rest: readonly TraceSummary[],
  covers: string,
): Difference {
  const sizes = (list: readonly TraceSummary[]) => ({ count: list.length, compared: list.length });
  const groups = { selection: sizes(selection), rest: sizes(rest) };
  const fields = Object.entries(FIELDS).map(([field, read]) =>
    compareField(groups, countField(field, read, selection, rest)),
  );
  return {
    ...basisOf([...selection, ...rest], covers),
    ...rankDifferences(groups, fields),
    ...groups,
    baseline: 'rest',
  };
}

const FIELDS: Readonly<Record<string, (trace: TraceSummary) => readonly string[]>> = {
  rootServiceName: trace => [trace.rootServiceName],
  rootName: trace => [trace.rootName],
  'resource.service.name': trace => trace.services.map(({ name }) => name),
  status: trace => (trace.errorCount > 0 ? ['error'] : []),
};

function countField(
  field: string,
  read: (trace: TraceSummary) => readonly string[],
  selection: readonly TraceSummary[],
  rest: readonly TraceSummary[],
): FieldCounts {
  const type: TagValue['type'] = field === 'status' ? 'keyword' : 'string';
  const values = new Map<string, { value: TagValue; selection: number; rest: number }>();
  const carried = { selection: 0, rest: 0 };
  const groups = { selection, rest };
  for (const group of ['selection', 'rest'] as const) {
    for (const trace of groups[group]) {
      const own = new Set(read(trace).filter(value => value !== ''));
      if (own.size > 0) carried[group]++;
      for (const value of own) {
        const known = values.get(value) ?? { value: { type, value }, selection: 0, rest: 0 };
        known[group]++;
        values.set(value, known);
      }
    }
  }
  return { field, values: [...values.values()], distinct: values.size, carried };
}

function columnOf({ startUnixNano }: TraceSummary, { startNs, endNs, stepNs }: ColumnGrid): number | undefined {
  if (startUnixNano < startNs || startUnixNano >= endNs) return undefined;
  return Number((startUnixNano - startNs) / stepNs);
}

function atRank(sorted: readonly TraceSummary[], part: number): TraceSummary | undefined {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
}

function exampleOf(trace: TraceSummary): CellTrace {
  return {
    traceId: trace.traceId,
    spanId: '',
    startUnixNano: String(trace.startUnixNano),
    durationNs: trace.durationNs,
    isError: trace.errorCount > 0,
    service: trace.rootServiceName,
    name: trace.rootName,
  };
}
